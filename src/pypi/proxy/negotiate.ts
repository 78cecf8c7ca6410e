/** Which form of an index page a client wants: its `Accept` header (RFC 9110, 12.5.1; PEP 691). */
import { htmlPageType } from '../pages/page-html.js'
import { jsonPageType } from '../pages/page-json.js'

/** A form that a page is sent in. */
export interface PageForm {
  readonly form: 'json' | 'html'
  readonly contentType: string
}

interface Offer extends PageForm {
  /** The media types that ask for it, besides wildcards. */
  readonly names: readonly string[]
}

const json: Offer = {
  form: 'json',
  contentType: jsonPageType,
  names: [jsonPageType, 'application/vnd.pypi.simple.latest+json'],
}
const html: Offer = {
  form: 'html',
  contentType: htmlPageType,
  names: [htmlPageType, 'application/vnd.pypi.simple.latest+html'],
}
/** The form for browsers, and for clients that are older than PEP 691. */
const plainHtml: Offer = {
  form: 'html',
  contentType: 'text/html; charset=utf-8',
  names: ['text/html'],
}

/** A client that names forms gets the best of them; one that takes anything, PyPI's default. */
const named: readonly Offer[] = [json, html, plainHtml]
const unnamed: readonly Offer[] = [plainHtml, json, html]

interface Range {
  readonly type: string
  readonly quality: number
}

/** The form to send, or undefined when none is acceptable. */
export function negotiatePage(accept: string | undefined): PageForm | undefined {
  const ranges = parseAccept(accept ?? '*/*')
  let best: { readonly offer: Offer; readonly quality: number; readonly rank: number } | undefined
  for (const rank of [2, 1, 0]) {
    for (const offer of rank === 2 ? named : unnamed) {
      const range = rangeFor(offer, ranges)
      if (range?.rank !== rank || range.quality === 0) continue
      if (!best || range.quality > best.quality) best = { offer, quality: range.quality, rank }
    }
  }
  return best?.offer
}

/** The most specific range that means an offer decides about it. */
function rangeFor(
  offer: Offer,
  ranges: readonly Range[],
): { readonly quality: number; readonly rank: number } | undefined {
  const [family = ''] = offer.contentType.split('/')
  const tiers = [['*/*'], [`${family}/*`], offer.names]
  for (const rank of [2, 1, 0]) {
    const found = ranges.filter(({ type }) => tiers[rank]?.includes(type))
    if (found.length > 0) return { rank, quality: Math.max(...found.map((one) => one.quality)) }
  }
  return undefined
}

function parseAccept(header: string): Range[] {
  return header.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    if (type === '') return []
    const weight = parameters.find((text) => text.startsWith('q='))
    const quality = weight === undefined ? 1 : Number(weight.slice(2))
    // An invalid weight: ignore the range.
    return [{ type, quality: quality >= 0 && quality <= 1 ? quality : 0 }]
  })
}
