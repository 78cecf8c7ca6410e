/**
 * Versions of releases (PEP 440): read in every spelling that is allowed, written in the one that
 * is normal, compared. Numbers are kept as digits: dates and hashes make them longer than 2^53.
 */

/** A number without leading zeros, as its decimal digits. */
type Digits = string

/** A version in its parts. */
export interface Version {
  readonly epoch: Digits
  /** At least one. */
  readonly release: readonly Digits[]
  readonly pre?: { readonly phase: 'a' | 'b' | 'rc'; readonly number: Digits }
  readonly post?: Digits
  readonly dev?: Digits
  /** Numbers, and words in lower case. */
  readonly local?: readonly string[]
}

const phases: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  a: 'a',
  alpha: 'a',
  b: 'b',
  beta: 'b',
  c: 'rc',
  rc: 'rc',
  pre: 'rc',
  preview: 'rc',
}

// Each group can end in one way only, so that matching never backtracks.
const pattern = new RegExp(
  [
    /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)/,
    /(?:[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>\d+)?)?/,
    /(?:-(?<bare>\d+)|(?<post>[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\d+)?))?/,
    /(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d+)?)?/,
    /(?:\+(?<local>[a-z\d]+(?:[-_.][a-z\d]+)*))?$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
)

/** Characters: a longer text would overload the pattern. */
const longestVersion = 1_000_000

/**
 * The parts of a version, or undefined when `text` is not a version, or longer than a million
 * characters. White space around it is allowed.
 *
 * @example
 * ```ts runs
 * import { parseVersion } from 'tuffet/pypi'
 *
 * parseVersion('v1.0-rc.1')?.pre // { phase: 'rc', number: '1' }
 * parseVersion('latest') // undefined
 * ```
 */
export function parseVersion(text: string): Version | undefined {
  if (text.length > longestVersion) return undefined
  // Nearly all of them, at a fraction of the cost.
  if (/^\d+(?:\.\d+)*$/.test(text)) return { epoch: '0', release: text.split('.').map(digits) }
  const groups = pattern.exec(text.trim())?.groups
  if (groups === undefined) return undefined
  const { epoch = '0', release = '', phase, pre, bare, post, postNumber, dev, devNumber } = groups
  const phaseName = phase === undefined ? undefined : phases[phase.toLowerCase()]
  return {
    epoch: digits(epoch),
    release: release.split('.').map(digits),
    ...(phaseName && { pre: { phase: phaseName, number: digits(pre ?? '0') } }),
    ...((bare ?? post) !== undefined && { post: digits(bare ?? postNumber ?? '0') }),
    ...(dev !== undefined && { dev: digits(devNumber ?? '0') }),
    ...(groups['local'] !== undefined && { local: localParts(groups['local']) }),
  }
}

/**
 * The normal spelling of a version, which keeps trailing zeros: `1.0`, `2!1.0rc1.post2.dev3+x.4`.
 *
 * @example
 * ```ts runs
 * import { formatVersion, parseVersion } from 'tuffet/pypi'
 *
 * const version = parseVersion('v1.0-rc.1')
 * if (version) formatVersion(version) // '1.0rc1'
 * ```
 */
export function formatVersion(version: Version): string {
  const { epoch, release, pre, post, dev, local } = version
  let text = epoch === '0' ? release.join('.') : `${epoch}!${release.join('.')}`
  if (pre !== undefined) text += pre.phase + pre.number
  if (post !== undefined) text += `.post${post}`
  if (dev !== undefined) text += `.dev${dev}`
  return local === undefined ? text : `${text}+${local.join('.')}`
}

/**
 * One text for all spellings of a version: `1.0`, `v1` and `1.0.0` are the same. A text that is not
 * a version is returned as it is.
 *
 * @example
 * ```ts runs
 * import { versionKey } from 'tuffet/pypi'
 *
 * versionKey('v1.0') === versionKey('1.0.0') // true
 * ```
 */
export function versionKey(text: string): string {
  const version = parseVersion(text)
  return version ? keyOf(version) : text
}

function keyOf(version: Version): string {
  return formatVersion({ ...version, release: withoutZeros(version.release) })
}

/**
 * Whether `candidate` satisfies `==specified`: a local part only counts if the specifier contains
 * one.
 *
 * @example
 * ```ts runs
 * import { satisfiesVersion } from 'tuffet/pypi'
 *
 * satisfiesVersion('1.0+cpu', '1.0') // true
 * satisfiesVersion('1.0', '1.0+cpu') // false
 * ```
 */
export function satisfiesVersion(candidate: string, specified: string): boolean {
  return versionMatcher(specified)(candidate)
}

/** @internal {@link satisfiesVersion} for many candidates. */
export function versionMatcher(specified: string): (candidate: string) => boolean {
  const wanted = parseVersion(specified)
  if (wanted === undefined) return (candidate) => versionKey(candidate) === specified
  const wantedKey = keyOf(wanted)
  return (candidate) => {
    if (candidate === specified) return true
    const version = parseVersion(candidate)
    if (version === undefined) return false
    const { local, ...withoutLocal } = version
    return (
      keyOf(local === undefined || wanted.local !== undefined ? version : withoutLocal) ===
      wantedKey
    )
  }
}

/**
 * Negative when `a` is the older one, positive when `b` is, 0 when they are the same.
 *
 * @example
 * ```ts runs
 * import { compareVersions, parseVersion } from 'tuffet/pypi'
 *
 * const [older, newer] = [parseVersion('1.0rc1'), parseVersion('1.0')]
 * if (older && newer) compareVersions(older, newer) // negative
 * ```
 */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareLists(withoutZeros(a.release), withoutZeros(b.release), compareDigits) ||
    preRank(a) - preRank(b) ||
    compareDigits(a.pre?.number ?? '0', b.pre?.number ?? '0') ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocal(a.local, b.local)
  )
}

/** A dev release of no phase comes before all phases, a release after them. */
function preRank({ pre, post, dev }: Version): number {
  if (pre) return { a: 1, b: 2, rc: 3 }[pre.phase]
  return post === undefined && dev !== undefined ? 0 : 4
}

/** `absent` is the side of a version that lacks the part. */
function compareOptional(a: Digits | undefined, b: Digits | undefined, absent: -1 | 1): number {
  if (a === undefined) return b === undefined ? 0 : absent
  return b === undefined ? -absent : compareDigits(a, b)
}

function compareLocal(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return compareLists(a, b, (one, other) => {
    const numbers = [one, other].map((part) => /^\d+$/.test(part))
    if (numbers[0] === true && numbers[1] === true) return compareDigits(one, other)
    return Number(numbers[0]) - Number(numbers[1]) || compareText(one, other)
  })
}

function compareLists(
  a: readonly string[],
  b: readonly string[],
  compare: (one: string, other: string) => number,
): number {
  for (const [index, one] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    const order = compare(one, other)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareDigits(a: Digits, b: Digits): number {
  return a.length - b.length || compareText(a, b)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function digits(text: string): Digits {
  return text.startsWith('0') ? text.replace(/^0+(?=\d)/, '') : text
}

function localParts(text: string): string[] {
  const parts = text.toLowerCase().split(/[-_.]/)
  return parts.map((part) => (/^\d+$/.test(part) ? digits(part) : part))
}

/** At least one number stays. */
function withoutZeros(release: readonly Digits[]): readonly Digits[] {
  if (release.at(-1) !== '0') return release
  const last = release.findLastIndex((number) => number !== '0')
  return release.slice(0, Math.max(last, 0) + 1)
}
