/** The rows of a card: text in its place, one below the other. */
import { isoTime } from '../words/amounts.js'
import { durationInWords } from '../words/durations.js'
import { shortKeyid, verdictInWords } from '../words/signatures.js'
import type { Card, CardLine, State } from './chain.js'
import { bounded, escaped, fit, widthOf, wrap, type Font, type WrapOptions } from './text.js'

/** @internal A part of the picture, and the room that it takes. */
export interface Row {
  readonly height: number
  /** Its elements, where `y` is its upper edge. */
  readonly draw: (y: number) => string
}

/** A text in a row. */
interface Piece {
  readonly x: number
  readonly text: string
  readonly font: Font
  readonly className?: string
  readonly end?: boolean
  /** More attributes. */
  readonly more?: string
  /** The whole text, where it is shortened. */
  readonly whole?: string
}

/** @internal */
export const fonts = {
  heading: { size: 18, bold: true },
  title: { size: 15, bold: true },
  text: { size: 13 },
  small: { size: 12 },
  code: { size: 12, mono: true },
} as const

/** @internal The mark of a state, around a point. */
export function mark(state: State, x: number, y: number): string {
  return `<path class="mark ${state}" transform="translate(${x} ${y})" d="${paths[state]}"/>`
}

const paths: Readonly<Record<State, string>> = {
  good: 'M-4 .5l3 3 5-6.5',
  expired: 'M0-4.5V0l3.5 2',
  refused: 'M-3.5-3.5l7 7m0-7l-7 7',
  open: 'M-3 0H3',
}

/** Pixels within a card from which texts are beside each other. */
const wideCard = 400

/** @internal Lines of one text. */
export function textRows(
  text: string,
  font: Font,
  at: { readonly x: number } & WrapOptions,
  className = '',
): Row[] {
  return wrap(text, font, at).map((line) =>
    rowOf(font.size + 6, [{ x: at.x, text: line, font, className, whole: text }]),
  )
}

/** @internal Everything in a card, from left to right between `x` and `x + width`. */
export function cardRows(card: Card, now: number, x: number, width: number): Row[] {
  const keys = card.lines.flatMap((line) => ('key' in line ? [line.key] : []))
  const texts = card.lines.filter((line) => !('key' in line) && line.last !== true)
  const after = card.lines.filter((line) => !('key' in line) && line.last === true)
  return [
    ...titleRows(card, now, x, width),
    ...texts.flatMap((line) => lineRows(line, x, width)),
    ...keyRows(keys, x, width),
    ...after.flatMap((line) => lineRows(line, x, width)),
  ]
}

/** Name and version, and the time left to the right of them, or below. */
function titleRows(card: Card, now: number, x: number, width: number): Row[] {
  const { title, version, expires, note = '', summary = '' } = card
  const isWide = width >= wideCard
  const room = isWide ? width / 2 : width
  const right = expires === undefined ? fit(note, fonts.text, room) : expiryWords(expires, now)
  const suffix = version === undefined ? '' : `version ${version}`
  const [suffixWidth, rightWidth] = [suffix, right].map((text) => widthOf(text, fonts.text))
  const most = width - (suffixWidth ?? 0) - 8 - (isWide ? (rightWidth ?? 0) + 16 : 0)
  const shown = fit(title, fonts.title, Math.max(most, width / 3))
  const pieces: Piece[] = [{ x, text: shown, font: fonts.title, className: 'title', whole: title }]
  if (suffix !== '') {
    const from = x + widthOf(shown, fonts.title) + 8
    pieces.push({ x: from, text: suffix, font: fonts.text, className: 'dim' })
  }
  const until = expires === undefined ? '' : `until ${timeWords(expires)}`
  const more = expires === undefined ? '' : ` data-expires="${expires}"`
  const time: Piece = { x, text: right, font: fonts.text, className: 'note', more }
  const date: Piece = { x, text: until, font: fonts.small, className: 'dim' }
  const signed: Piece = { x, text: summary, font: fonts.text, className: 'dim' }
  const rows = isWide
    ? [
        [...pieces, { ...time, x: x + width, end: true }],
        [signed, { ...date, x: x + width, end: true }],
      ]
    : [pieces, [time], [date], [signed]]
  return rows
    .map((row) => row.filter(({ text }) => text !== ''))
    .flatMap((row, at) => (row.length === 0 ? [] : rowOf(at === 0 ? 24 : 20, row)))
}

function lineRows(line: CardLine, x: number, width: number): Row[] {
  if ('key' in line) return []
  const font = line.mono === true || line.strong === true ? fonts.code : fonts.text
  const bold = line.strong === true ? { ...font, bold: true } : font
  const byCharacters = line.mono === true
  const className = line.strong === true ? 'strong' : 'dim'
  return textRows(line.text, bold, { x, width, lines: 5, byCharacters }, className)
}

/** Side by side, where each key and its verdict fit into their half. */
function keyRows(
  keys: readonly Extract<CardLine, { key: unknown }>['key'][],
  x: number,
  width: number,
): Row[] {
  const cells = keys.map(({ keyid, verdict }) => {
    const name = fit(shortKeyid(keyid), fonts.code, width - 20)
    const words = verdictInWords(verdict)
    const nameWidth = widthOf(name, fonts.code) + 8
    return { keyid, verdict, name, words, nameWidth, wordsWidth: widthOf(words, fonts.small) }
  })
  const needed = Math.max(0, ...cells.map((one) => 20 + one.nameWidth + one.wordsWidth + 12))
  const columns = keys.length > 1 && 2 * needed <= width ? 2 : 1
  const rows: Row[] = []
  for (let first = 0; first < cells.length; first += columns) {
    const marks: [State, number][] = []
    const pieces: Piece[] = []
    const below: Piece[] = []
    for (const [at, cell] of cells.slice(first, first + columns).entries()) {
      const from = x + (at * width) / columns
      marks.push([stateOf(cell.verdict), from + 6])
      pieces.push({ x: from + 20, text: cell.name, font: fonts.code, whole: cell.keyid })
      const words = { text: cell.words, font: fonts.small, className: 'dim' }
      const beside = 20 + cell.nameWidth + cell.wordsWidth <= width / columns
      if (beside) pieces.push({ ...words, x: from + 20 + cell.nameWidth })
      else below.push({ ...words, x: from + 20, text: fit(cell.words, fonts.small, width - 20) })
    }
    const { height, draw } = rowOf(20, pieces)
    const drawn = (y: number): string =>
      marks.map(([state, at]) => mark(state, at, y + 10)).join('')
    rows.push({ height, draw: (y) => drawn(y) + draw(y) })
    if (below.length > 0) rows.push(rowOf(18, below))
  }
  return rows
}

function stateOf(verdict: string): State {
  if (verdict === 'signed') return 'good'
  return verdict === 'no-signature' || verdict === 'not-checked' ? 'open' : 'refused'
}

function expiryWords(expires: number, now: number): string {
  return expires > now
    ? `valid for ${durationInWords(expires - now)}`
    : `expired ${durationInWords(now - expires)} ago`
}

/** @internal `2026-01-02 00:00:00 UTC` */
export function timeWords(time: number): string {
  return isoTime(time)
    .replace('T', ' ')
    .replace(/(\.\d+)?Z$/, ' UTC')
}

function rowOf(height: number, pieces: readonly Piece[]): Row {
  return { height, draw: (y) => pieces.map((one) => drawn(one, y + height - 6)).join('') }
}

function drawn({ x, text, font, className = '', end, more = '', whole }: Piece, y: number): string {
  const kind = [
    className,
    'mono' in font && font.mono ? 'mono' : '',
    font.bold === true ? 'bold' : '',
  ]
  const names = kind.filter((name) => name !== '').join(' ')
  // In letters of other scripts a text takes this much room in any font.
  const room = /[^ -~…]/.test(text)
    ? ` textLength="${widthOf(text, font).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`
    : ''
  const title =
    whole === undefined || whole === text ? '' : `<title>${escaped(bounded(whole))}</title>`
  return `<text x="${round(x)}" y="${round(y)}" font-size="${font.size}"${names === '' ? '' : ` class="${names}"`}${end ? ' text-anchor="end"' : ''}${room}${more}>${escaped(text)}${title}</text>`
}

/** @internal */
export function round(length: number): string {
  return String(Math.round(length * 10) / 10)
}
