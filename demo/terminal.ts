/** Lines of at most 100 columns, with colours on a terminal. */
import { styleText } from 'node:util'

const forced = process.env['FORCE_COLOR'] ?? ''
const colours = forced !== '' || (process.stdout.isTTY && !process.env['NO_COLOR'])

type Style = 'bold' | 'dim' | 'green' | 'red'

export function paint(style: Style, text: string): string {
  return colours ? styleText(style, text, { validateStream: false }) : text
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

export function heading(text: string): void {
  print(`\n${paint('bold', text)}`)
}

/** Cells with their widths; the last one is as wide as it is. */
export function columns(...cells: readonly (readonly [text: string, width?: number])[]): string {
  return cells
    .map(([text, width = 0]) => text.padEnd(width))
    .join(' ')
    .trimEnd()
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** A length of time in words, from milliseconds. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds.toFixed(0)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  const hours = seconds / 3_600
  return hours < 48 ? count(Math.round(hours), 'hour') : count(Math.round(hours / 24), 'day')
}
