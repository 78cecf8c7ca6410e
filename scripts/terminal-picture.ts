/** The output of a program as an SVG: a terminal in the colours that the reader's system has. */

const fontSize = 13
const lineHeight = 18
const characterWidth = 7.83
const margin = 16
const columns = 104

/** SGR codes that the demo uses → classes. */
const classes: ReadonlyMap<string, string> = new Map([
  ['1', 'bold'],
  ['2', 'dim'],
  ['31', 'red'],
  ['32', 'green'],
])
const ends: ReadonlySet<string> = new Set(['0', '22', '39'])

const style = `
text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
rect { fill: #f6f8fa; stroke: #d1d9e0 }
.bold { font-weight: bold } .dim { fill: #59636e } .red { fill: #cf222e } .green { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } rect { fill: #0d1117; stroke: #3d444d }
.dim { fill: #9198a1 } .red { fill: #ff7b72 } .green { fill: #3fb950 }
}`

/** @param output with the codes for bold, dim, red and green */
export function drawTerminal(output: string): string {
  const lines = output.trimEnd().split('\n').map(shortened)
  const widest = Math.max(...lines.map((line) => [...plain(line)].length))
  const width = Math.ceil(widest * characterWidth + 2 * margin)
  const height = lines.length * lineHeight + 2 * margin
  const rows = lines.map((line, at) => {
    const y = margin + at * lineHeight + fontSize
    const length = [...plain(line)].length * characterWidth
    // The text takes this much room in any font.
    const fit =
      length > 0 ? ` textLength="${length.toFixed(1)}" lengthAdjust="spacingAndGlyphs"` : ''
    return `<text x="${margin}" y="${y}"${fit}>${spans(line)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>npm run demo: a repository with 16,384 bins is verified, then attacked; every attack is refused</title>
<style>${style}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${rows.join('\n')}
</svg>
`
}

/** The lines that a picture shows. */
export function textOfPicture(svg: string): string {
  const rows = [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, row = '']) => row)
  return rows
    .map((row) => row.replace(/<[^>]*>/g, ''))
    .join('\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The text without the parts that differ each time: times, amounts, digests, addresses. */
export function withoutNumbers(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8,}\b/g, '#')
    .replace(/\d[\d,.]*/g, '#')
    .replace(/# (ms|s|hours?|days?|bytes?)\b/g, '# units')
    .replace(/ +/g, ' ')
}

function spans(line: string): string {
  let open: string[] = []
  return line
    .split(/\u001b\[([\d;]*)m/)
    .map((part, at) => {
      if (at % 2 === 0) {
        if (part === '' || open.length === 0) return escaped(part)
        return `<tspan class="${open.join(' ')}">${escaped(part)}</tspan>`
      }
      const name = classes.get(part)
      if (name !== undefined) open.push(name)
      else if (ends.has(part))
        open = part === '22' ? open.filter((one) => one !== 'bold' && one !== 'dim') : []
      return ''
    })
    .join('')
}

/** A reason may be much longer than the rest; the picture would be too small to read. */
function shortened(line: string): string {
  const characters = [...plain(line)]
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`
}

function plain(line: string): string {
  return line.replace(/\u001b\[[\d;]*m/g, '')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
