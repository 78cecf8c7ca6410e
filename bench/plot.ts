/** Cost against size as an SVG: both axes logarithmic, one line for each client. */
import type { Curve } from './results.js'

const width = 720
const height = 400
const margin = { left: 64, right: 150, top: 24, bottom: 48 }
const colours = ['#0b6e4f', '#999999', '#3366cc', '#cc3311', '#aa7700']

/** The text of an SVG file; the figures are milliseconds of CPU. */
export function plotCurves(curves: readonly Curve[], sizeLabel: string): string {
  const points = curves.flatMap((curve) => curve.points)
  const x = scale(
    points.map(({ size }) => size),
    [margin.left, width - margin.right],
  )
  const y = scale(
    points.map(({ cpu }) => cpu),
    [height - margin.bottom, margin.top],
  )
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b)
  const ticks = decades(points.map(({ cpu }) => cpu))
  const lines = curves.map((curve, index) => {
    const colour = colours[index % colours.length] ?? ''
    const path = curve.points.map(({ size, cpu }) => `${x(size)},${y(cpu)}`).join(' ')
    const last = curve.points.at(-1)
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...curve.points.map(
        ({ size, cpu }) => `<circle cx="${x(size)}" cy="${y(cpu)}" r="3" fill="${colour}"/>`,
      ),
      last &&
        `<text x="${x(last.size) + 8}" y="${y(last.cpu) + 4}" fill="${colour}">${curve.client}</text>`,
    ].join('\n')
  })
  const bottom = height - margin.bottom
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${ticks.map((cpu) => `<path d="M${margin.left} ${y(cpu)}H${width - margin.right}" stroke="#dddddd"/><text x="${margin.left - 8}" y="${y(cpu) + 4}" text-anchor="end">${short(cpu)}</text>`).join('\n')}
${sizes.map((size) => `<path d="M${x(size)} ${bottom}v6" stroke="#444444"/><text x="${x(size)}" y="${bottom + 20}" text-anchor="middle">${size.toLocaleString('en')}</text>`).join('\n')}
<text x="${(margin.left + width - margin.right) / 2}" y="${height - 8}" text-anchor="middle">${sizeLabel}</text>
<text x="${margin.left}" y="14">cold start, milliseconds of CPU</text>
${lines.join('\n')}
</svg>
`
}

function scale(
  values: readonly number[],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const low = Math.log(Math.min(...values))
  const high = Math.log(Math.max(...values))
  const span = high - low || 1
  return (value) => Math.round(10 * (from + ((Math.log(value) - low) / span) * (to - from))) / 10
}

/** 1, 2 and 5 times the powers of ten that lie between the values. */
function decades(values: readonly number[]): number[] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const found: number[] = []
  for (let power = 1; power <= high; power *= 10) {
    found.push(...[1, 2, 5].map((times) => times * power))
  }
  return found.filter((value) => value >= low && value <= high)
}

function short(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`
}
