/** The picture: cards below each other on a rail, from the root to the file. */
import { isoTime } from '../words/amounts.js'
import { verdictInWords } from '../words/signatures.js'
import {
  cardsOf,
  verdictOf,
  witnessCard,
  type Card,
  type ChainPicture,
  type Witness,
} from './chain.js'
import { cardRows, fonts, mark, round, textRows, timeWords, type Row } from './rows.js'
import { pictureStyle } from './style.js'
import { bounded, escaped } from './text.js'

/** How a chain is drawn. All optional. */
export interface DrawOptions {
  /** Pixels, at least 320. Default 760. */
  readonly width?: number | undefined
  /** The time that expiry is shown for, in milliseconds since 1970. Default: the view's. */
  readonly now?: number | undefined
  /** Whether the style sheet is in the picture. Default true; else the page has `pictureStyle`. */
  readonly style?: boolean | undefined
}

const leastWidth = 320

/** Where things are. */
interface Place {
  readonly rail: number
  readonly left: number
  readonly width: number
  readonly padding: number
  readonly now: number
}

/**
 * The chain of trust of one target as SVG, from the root to the file: versions, expiry, thresholds,
 * each key and why it counts or not, and the role that was refused, if any. Equal arguments make
 * equal bytes. Every text is escaped; the picture has neither scripts nor links.
 *
 * @example
 * ```ts
 * import { Repository } from 'tuffet'
 * import { drawChain } from 'tuffet/picture'
 * import { writeFile } from 'node:fs/promises'
 *
 * async function save(repository: Repository): Promise<void> {
 *   await writeFile('chain.svg', drawChain(await repository.explain('pkgs/a.whl')))
 * }
 * ```
 */
export function drawChain(picture: ChainPicture, options: DrawOptions = {}): string {
  const { now = picture.now, style = true } = options
  const outer = Math.max(leastWidth, Math.floor(options.width ?? 760))
  const margin = style ? 16 : 0
  const width = outer - 2 * margin
  const isNarrow = width < 560
  const [rail, left] = isNarrow ? [14, 38] : [18, 52]
  const place = { rail, left, width: width - left - 2, padding: isNarrow ? 12 : 16, now }
  const title = verdictOf(picture)
  const cards = cardsOf(picture, now)
  const heading = [
    ...textRows(title, fonts.heading, { x: 2, width: width - 4, lines: 3 }, 'heading'),
    ...textRows(`as of ${timeWords(now)}`, fonts.small, { x: 2, width, lines: 1 }, 'dim'),
  ]
  const above = stack(heading, 2)
  const { parts, end } = chain(cards, picture.beside ?? [], place, above.end + 12)
  const height = Math.ceil(end + 2) + 2 * margin
  const described = cards.map(inWords).join('. ')
  const box = `${-margin} ${-margin} ${outer} ${height}`
  // On its own it cannot know the colour below it.
  const paper = `<rect class="paper" x="${-margin}" y="${-margin}" width="${outer}" height="${height}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" class="tuffet-chain" width="${outer}" height="${height}" viewBox="${box}" role="img">
<title>${escaped(bounded(title))}</title>
<desc>${escaped(`${described}.`)}</desc>
${style ? `<style>${pictureStyle}</style>\n${paper}\n` : ''}${above.drawn}
${parts.join('\n')}
</svg>
`
}

function chain(cards: readonly Card[], beside: readonly Witness[], place: Place, from: number) {
  const parts: string[] = []
  let y = from
  let disc: number | undefined
  for (const [at, card] of cards.entries()) {
    if (card.edge !== '') {
      const { left, width } = place
      const label = textRows(card.edge, fonts.small, { x: left, width, lines: 2 }, 'dim edge')
      const { drawn, end } = stack(label, y + 5)
      parts.push(drawn)
      y = end + 9
    } else if (at > 0) y += 14
    const next = y + place.padding + 8
    if (disc !== undefined) {
      const dashes = card.state === 'open' ? ' stroke-dasharray="3 4"' : ''
      parts.unshift(
        `<path class="rail"${dashes} d="M${place.rail} ${round(disc)}V${round(next)}"/>`,
      )
    }
    disc = next
    const isLast = at === cards.length - 1
    const [drawn, end] = isLast ? lastRow(card, beside, place, y) : cardAt(card, place, y)
    parts.push(drawn)
    y = end
  }
  return { parts, end: y }
}

/** The file, and its other witnesses to the right of it, or below it. */
function lastRow(
  card: Card,
  beside: readonly Witness[],
  place: Place,
  y: number,
): [string, number] {
  if (beside.length === 0) return cardAt(card, place, y)
  const gap = 12
  const isWide = place.width >= 600
  const width = isWide ? (place.width - gap) / 2 : place.width
  const [drawn, end] = cardAt(card, { ...place, width }, y)
  const left = isWide ? place.left + width + gap : place.left
  const parts = [drawn]
  let next = isWide ? y : end + gap
  for (const witness of beside) {
    const [more, below] = cardAt(witnessCard(witness), { ...place, left, width, rail: NaN }, next)
    parts.push(more)
    next = below + gap
  }
  return [parts.join('\n'), Math.max(end, next - gap)]
}

function cardAt(card: Card, place: Place, y: number): [string, number] {
  const { left, width, padding, rail, now } = place
  // Beside the rail a card has its mark in its corner.
  const isBeside = Number.isNaN(rail)
  const room = width - 2 * padding - (isBeside ? 20 : 0)
  const rows = cardRows(card, now, left + padding, room)
  const { drawn, end } = stack(rows, y + padding - 7)
  const height = end - y + padding - 6
  const centre = y + padding + 8
  const disc = isBeside
    ? mark(card.state, Math.round(left + width - padding - 4), centre - 1)
    : `<circle class="disc" cx="${rail}" cy="${round(centre)}" r="11"/>${mark(card.state, rail, centre)}`
  const frame = `<rect class="card" x="${round(left)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="8"/>`
  const group = `<g class="${card.state}" data-card="${escaped(bounded(card.title))}">${isBeside ? frame + disc : disc + frame}${drawn}</g>`
  return [group, y + height]
}

function stack(rows: readonly Row[], from: number): { drawn: string; end: number } {
  let y = from
  const drawn = rows.map(({ height, draw }) => {
    const text = draw(y)
    y += height
    return text
  })
  return { drawn: drawn.join(''), end: y }
}

/** A card for those who hear it. */
function inWords({ title, state, version, expires, note, summary, lines }: Card): string {
  const parts = [
    version === undefined ? title : `${title} version ${version}`,
    expires === undefined ? (note ?? state) : `${state}, until ${isoTime(expires)}`,
    ...(summary === undefined ? [] : [summary]),
    ...lines.map((line) =>
      'key' in line ? `key ${line.key.keyid} ${verdictInWords(line.key.verdict)}` : line.text,
    ),
  ]
  return parts.map(bounded).join(', ')
}
