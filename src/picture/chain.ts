/** The cards of a picture: every link of the chain, and how far it is believed. */
import type { ExplainedRole, Explanation } from '../client/explanation.js'
import {
  FetchError,
  FetchFailedError,
  FetchNotFoundError,
  RepositoryError,
  TargetNotFoundError,
  ThresholdError,
  type KeyReport,
  type TufError,
} from '../errors.js'
import { count } from '../words/amounts.js'
import { signedInWords } from '../words/signatures.js'

/** The chain of one target; an `Explanation` is one. */
export interface ChainPicture extends Pick<Explanation, 'path' | 'now' | 'chain' | 'target'> {
  /** Every role that was searched, where no role lists the target. */
  readonly searched?: readonly string[] | undefined
  /** Why the rest is not believed. */
  readonly error?: TufError | undefined
  /** The file, where the target is only the index page that lists it. */
  readonly file?: Witness | undefined
  /** Whether `file` is on an index without signatures: then there is no chain. */
  readonly unsigned?: boolean | undefined
  /** Other witnesses of the file, such as attestations, drawn beside it. */
  readonly beside?: readonly Witness[] | undefined
}

/** A verdict on the file that does not come from a role of the repository. */
export interface Witness {
  readonly title: string
  readonly verdict: 'good' | 'refused' | 'open'
  /** Beside the title. Default: the verdict in words. */
  readonly note?: string | undefined
  readonly lines: readonly string[]
  /** Digests and the like, below the lines, in letters of one width. */
  readonly codes?: readonly string[] | undefined
}

/**
 * - `good`: believed
 * - `expired`: believed once, and expired at the time of the picture
 * - `refused`: not believed
 * - `open`: nobody vouches for it, or nothing is known of it yet
 */
export type State = 'good' | 'expired' | 'refused' | 'open'

/** One line of a card. */
export type CardLine =
  | { readonly text: string; readonly mono?: true; readonly strong?: true; readonly last?: true }
  | { readonly key: KeyReport }

/** @internal */
export interface Card {
  readonly state: State
  readonly title: string
  readonly version?: number
  /** Milliseconds since 1970. */
  readonly expires?: number
  /** Beside the title, in place of the time until it expires. */
  readonly note?: string
  /** How many keys signed. */
  readonly summary?: string
  readonly lines: readonly CardLine[]
  /** What the card above does for this one. */
  readonly edge: string
}

/** @internal */
export const topLevel: readonly string[] = ['root', 'timestamp', 'snapshot', 'targets']
/** The steps that fetch: a request that fails lacks one. */
const fetchSteps: ReadonlyMap<string, string> = new Map([
  ['root', '5.3.3'],
  ['timestamp', '5.4.1'],
  ['snapshot', '5.5.1'],
])

/** The most keys that a card lists. */
const mostKeys = 12

/** @internal From the root to the file. */
export function cardsOf(picture: ChainPicture, now: number): Card[] {
  const cards = picture.chain.map((role) => roleCard(role, now))
  const { error, chain, path, file } = picture
  if (picture.unsigned === true) return unsignedCards(picture)
  const refused = error && refusedRole(error, path)
  const reached = new Set(chain.map(({ role }) => role))
  if (error && refused !== undefined) {
    cards.push(refusedCard(refused, error))
    reached.add(refused)
  }
  const missing = topLevel.filter((role) => !reached.has(role))
  const open = missing.map((title): Card => ({ ...unreached, title, edge: edgeTo(title) }))
  const cut = refused !== undefined || missing.length > 0
  const last = [...cards, ...open, targetCard(picture, cut)]
  if (!file) return last
  // Of a page that nobody asked for there is nothing to show.
  if (cut || !(picture.target || error || picture.searched)) last.pop()
  return [
    ...last,
    witnessCard(file, file.verdict === 'good' ? `${nameOf(path)} lists its digest` : ''),
  ]
}

/** @internal */
export function witnessCard(witness: Witness, edge = ''): Card {
  const { title, verdict, lines, codes = [], note = verdictWords[verdict] } = witness
  const texts = [
    ...lines.map((text) => ({ text })),
    ...codes.map((text) => ({ text, mono: true as const })),
  ]
  return { state: verdict, title, note, lines: texts, edge }
}

const verdictWords = { good: 'agrees', refused: 'refused', open: 'no verdict' } as const

function unsignedCards({ path, error, file }: ChainPicture): Card[] {
  const page: Card = {
    state: error ? 'refused' : 'open',
    title: 'index page',
    note: error ? refusalWord(error) : 'without signatures',
    lines: error ? refusalLines(error) : [{ text: 'nobody vouches for the pages of this index' }],
    edge: '',
  }
  if (!file) return [page, { ...unreached, title: nameOf(path), edge: '' }]
  return [page, witnessCard(file, file.verdict === 'good' ? 'the page lists its digest' : '')]
}

/** @internal The role whose file was refused, or could not be fetched; undefined for the target. */
export function refusedRole(error: TufError, path: string): string | undefined {
  if (error instanceof TargetNotFoundError) return undefined
  if (error instanceof RepositoryError) return error.role === path ? undefined : error.role
  return error.origin?.from === 'network' ? error.origin.role : undefined
}

/** @internal A line for the whole picture. */
export function verdictOf(picture: ChainPicture): string {
  const { path, target, error, file, unsigned, beside = [] } = picture
  const name = file?.title ?? nameOf(path)
  if (error instanceof TargetNotFoundError) return `${name}: no role lists it`
  if (error) return `${name}: ${refusalWord(error)}`
  const refused = beside.find(({ verdict }) => verdict === 'refused')
  if (file && file.verdict !== 'good' && unsigned !== true) {
    const { verdict, note = verdictWords[verdict] } = file
    return `${name}: ${verdict === 'refused' ? `refused, ${note}` : note}`
  }
  if ((target ?? unsigned) && refused) return `${name}: ${refused.title} refused`
  if (unsigned === true) {
    const good = beside.find(({ verdict }) => verdict === 'good')
    return good ? `${name}: the ${good.title} vouches for it` : `${name}: nobody vouches for it`
  }
  return target ? `${name}: the repository vouches for it` : `${name}: no role lists it`
}

function roleCard(role: ExplainedRole, now: number): Card {
  return {
    state: role.expires > now ? 'good' : 'expired',
    title: role.role,
    version: role.version,
    expires: role.expires,
    summary: signedInWords(role),
    lines: keyLines(role.keys),
    edge: edgeTo(role.role, role.delegator),
  }
}

function refusedCard(role: string, error: TufError): Card {
  const delegator = error instanceof RepositoryError ? error.delegator : undefined
  return {
    state: 'refused',
    title: role,
    note: refusalNote(error, role),
    lines: refusalLines(error, role),
    edge: role === 'root' ? 'root names the keys of the next root' : edgeTo(role, delegator),
  }
}

const unreached = { state: 'open', note: 'not reached', lines: [] } as const

function targetCard(picture: ChainPicture, cut: boolean): Card {
  const { path, target, error, chain, searched = [] } = picture
  const title = nameOf(path)
  const where: CardLine[] = title === path ? [] : [{ text: path, mono: true }]
  if (cut) return { ...unreached, title, lines: where, edge: '' }
  const digests = [...(target?.hashes ?? [])].map(([name, digest]): CardLine => {
    return { text: `${name} ${digest}`, mono: true }
  })
  const edge = `${chain.at(-1)?.role ?? ''} lists its length and its digest`
  if (error && !(error instanceof TargetNotFoundError)) {
    const lines = [...refusalLines(error), ...where, ...digests]
    return { state: 'refused', title, note: refusalNote(error), lines, edge }
  }
  if (target) {
    const note = count(target.length, 'byte')
    return { state: 'good', title, note, lines: [...where, ...digests], edge }
  }
  const asked = searched.length > 0 ? [{ text: `asked: ${searched.join(', ')}` }] : []
  return { state: 'open', title, note: 'not listed', lines: [...where, ...asked], edge: '' }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path
}

/** A request without an answer says nothing about the file. */
function refusalWord(error: TufError): string {
  const silent = error instanceof FetchFailedError || error instanceof FetchNotFoundError
  return silent ? 'not obtained' : 'refused'
}

/** `refused, step 5.4.3.1`. The step of a request that failed is the one that fetches. */
function refusalNote(error: TufError, role?: string): string {
  const fetched = role === undefined ? '5.7.3' : (fetchSteps.get(role) ?? '5.6.1')
  const fetching = error instanceof FetchError ? fetched : undefined
  const step = error instanceof RepositoryError ? error.step : fetching
  return step === undefined ? refusalWord(error) : `${refusalWord(error)}, step ${step}`
}

/** The code, and the message without what the card says already. */
function refusalLines(error: TufError, role?: string): CardLine[] {
  const code = { text: error.code, strong: true } as const
  if (error instanceof ThresholdError) {
    return [code, { text: signedInWords(error) }, ...keyLines(error.keys)]
  }
  const message = error.message.replace(/ \(step [\d.]+\)(?=$|;)/, '')
  const isNamed = role !== undefined && message.startsWith(`${role}: `)
  return [code, { text: isNamed ? message.slice(role.length + 2) : message }]
}

/** Those that do not count first, where there are too many. */
function keyLines(keys: readonly KeyReport[]): CardLine[] {
  if (keys.length <= mostKeys) return keys.map((key) => ({ key }))
  const bad = ({ verdict }: KeyReport): number =>
    Number(verdict === 'signed' || verdict === 'no-signature')
  const shown = [...keys].sort((a, b) => bad(a) - bad(b)).slice(0, mostKeys - 1)
  const rest = keys.length - shown.length
  return [...shown.map((key) => ({ key })), { text: `and ${count(rest, 'more key')}`, last: true }]
}

function edgeTo(role: string, delegator = 'root'): string {
  if (role === 'root') return ''
  if (role === 'timestamp') return 'root names its keys'
  if (role === 'snapshot') return 'timestamp lists its version, root names its keys'
  if (role === 'targets') return 'snapshot lists its version, root names its keys'
  return `${delegator} delegates to it and names its keys, snapshot lists its version`
}
