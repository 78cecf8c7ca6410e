/**
 * Text in a picture whose fonts are not known: how wide it is at most, so that nothing overlaps, and
 * lines that fit. Names may come from unbelieved metadata.
 */
import { printable } from '../words/printable.js'

/** How a line is written. */
export interface Font {
  /** Pixels. */
  readonly size: number
  readonly mono?: boolean
  readonly bold?: boolean
}

/** In DejaVu Sans, which is wider than other system fonts. */
const narrow = new Set("iIjl|.,:;'!()[]/\\ ft-r")
const wide = new Set('mwMW@%…')

/** Pixels, not less than any usual font needs for text in Latin letters. */
export function widthOf(text: string, { size, mono = false, bold = false }: Font): number {
  let width = 0
  for (const character of text) {
    if (character > '\u2190') width += character === '…' ? (mono ? 0.605 : 1) : 1.2
    else if (mono) width += 0.605
    else if (narrow.has(character)) width += 0.42
    else if (wide.has(character)) width += 1
    else width += character >= 'A' && character <= 'Z' ? 0.74 : 0.64
  }
  return width * size * (bold && !mono ? 1.1 : 1)
}

/** Without controls, and cut in the middle: beginning and end tell names apart. */
export function fit(name: string, font: Font, most: number): string {
  const text = printable(name)
  if (widthOf(text, font) <= most) return text
  const characters = [...text]
  let kept = Math.min(characters.length - 1, Math.floor(most / (font.size * 0.3)))
  for (; kept > 0; kept--) {
    const tail = Math.floor(kept / 2)
    const cut = `${characters.slice(0, kept - tail).join('')}…${characters.slice(characters.length - tail).join('')}`
    if (widthOf(cut, font) <= most) return cut
  }
  return '…'
}

/** How a text is broken. */
export interface WrapOptions {
  /** Pixels. */
  readonly width: number
  /** The last of them is cut. */
  readonly lines: number
  /** For names and digests. Default: between words. */
  readonly byCharacters?: boolean
}

/** The lines of a text, without controls. */
export function wrap(text: string, font: Font, options: WrapOptions): string[] {
  const { width, lines, byCharacters = false } = options
  const shown = printable(text)
  const parts = byCharacters ? [...shown] : shown.split(/(?<= )/)
  const done: string[] = []
  let line = ''
  for (const [at, part] of parts.entries()) {
    if (line !== '' && widthOf((line + part).trimEnd(), font) > width) {
      if (done.length === lines - 1) {
        return [...done, fit(line + parts.slice(at).join(''), font, width)]
      }
      done.push(fit(line.trimEnd(), font, width))
      line = ''
    }
    line += part
  }
  return line.trimEnd() === '' ? done : [...done, fit(line.trimEnd(), font, width)]
}

/** As the text of an element, or as an attribute. Controls, which XML forbids, are written out. */
export function escaped(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
