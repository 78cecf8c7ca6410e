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
  const text = printable(bounded(name))
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
  readonly byCharacters?: boolean | undefined
}

/** The lines of a text, without controls. */
export function wrap(text: string, font: Font, options: WrapOptions): string[] {
  const { width, lines, byCharacters = false } = options
  const shown = printable(bounded(text))
  const parts = byCharacters ? [...shown] : shown.split(/(?<= )/)
  const done: string[] = []
  let line = ''
  let taken = 0
  for (const [at, part] of parts.entries()) {
    const word = part.trimEnd()
    // Not of the whole line each time: a name may consist of spaces.
    if (line !== '' && word !== '' && taken + widthOf(word, font) > width) {
      if (done.length === lines - 1) {
        return [...done, fit(line + parts.slice(at).join(''), font, width)]
      }
      done.push(fit(line.trimEnd(), font, width))
      line = ''
      taken = 0
    }
    line += part
    taken += widthOf(part, font)
  }
  return line.trimEnd() === '' ? done : [...done, fit(line.trimEnd(), font, width)]
}

/** Characters of one text; metadata may have names of millions. */
const longest = 1_000

/** A text that a picture can hold many times: a long one is cut in the middle. */
export function bounded(text: string): string {
  if (text.length <= longest) return text
  const half = longest / 2
  return `${text.slice(0, half)}…${text.slice(-half)}`
}

/** As the text of an element, or as an attribute. Controls, which XML forbids, are written out. */
export function escaped(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
