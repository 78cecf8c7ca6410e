/**
 * Trust on first use: the publishers that a project was seen with, kept in the store. A pin takes
 * precedence: a pinned project is not judged here.
 */
import { updateEntry } from '../client/commit.js'
import { readEntry, type Store } from '../client/store.js'
import { readPlainJson } from '../core/json/read.js'
import { JsonSyntaxError, type JsonValue } from '../core/json/value.js'
import {
  arrayOf,
  FieldRefusal,
  mapOf,
  objectFrom,
  required,
  stringFrom,
} from '../core/metadata/fields.js'
import { PublisherChangedError, StoreFailedError } from '../errors.js'
import { compareVersions, parseVersion } from '../pypi/names/version.js'
import { attestationBudget } from './budget.js'
import type { AttestationVerdict } from './policy.js'
import { describePin, pinFields, pinFrom, pinOf, type PublisherPin } from './pins.js'

/** The entry of the store. */
export const firstUseEntry = 'state/publishers'

/** Project, normalised → its publishers so far. */
export type FirstUse = ReadonlyMap<string, SeenPublishers>

export interface SeenPublishers {
  /** Each with the number of its repository, where the certificate has it. */
  readonly publishers: readonly PublisherPin[]
  /** The lowest version that was seen with an attestation: earlier releases may lack one. */
  readonly since: string
}

/** A file of a project, as a page or a lock file names it. */
export interface SeenFile {
  /** Normalised (PEP 503). */
  readonly project: string
  /** Normalised (PEP 440). */
  readonly version: string
  readonly filename: string
}

/**
 * Reads the entry {@link firstUseEntry}; undefined stands for a store without it.
 *
 * @example
 * ```ts
 * import { firstUseEntry, readFirstUse } from 'tuffet/attestations'
 * import { fileStore } from 'tuffet/node'
 *
 * const first = readFirstUse(await fileStore('store').get(firstUseEntry))
 * console.log(first.get('requests')?.publishers)
 * ```
 *
 * @throws StoreFailedError (`ERR_TUF_STORE_FAILED`) for an entry that cannot be read: it is never taken
 *   for an empty one
 */
export function readFirstUse(bytes: Uint8Array | undefined): FirstUse {
  if (bytes === undefined) return new Map()
  try {
    const record = objectFrom(readPlainJson(bytes))
    return required(record, 'projects', (projects) => mapOf(projects, seenFrom))
  } catch (error) {
    if (!(error instanceof FieldRefusal) && !(error instanceof JsonSyntaxError)) throw error
    throw new StoreFailedError('get', firstUseEntry, { cause: error })
  }
}

/**
 * The bytes of the entry {@link firstUseEntry}.
 *
 * @example
 * ```ts
 * import { firstUseEntry, readFirstUse, writeFirstUse } from 'tuffet/attestations'
 * import { fileStore } from 'tuffet/node'
 *
 * const store = fileStore('store')
 * const first = new Map(readFirstUse(await store.get(firstUseEntry)))
 * first.delete('requests') // Its next publisher is taken as the first one.
 * await store.set(firstUseEntry, writeFirstUse(first))
 * ```
 */
export function writeFirstUse(first: FirstUse): Uint8Array {
  const projects = Object.fromEntries(
    [...first]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([project, { publishers, since }]) => [
        project,
        { publishers: publishers.map(pinFields), since },
      ]),
  )
  return new TextEncoder().encode(`${JSON.stringify({ version: 1, projects }, null, 2)}\n`)
}

/**
 * Compares a verdict with the publishers of the project so far, and returns the record to keep. A file with one of the
 * publishers seen before is fine, and adds no other. A file without an attestation is fine when its release
 * is older than every release that was seen with one.
 *
 * @example
 * ```ts
 * import { checkFirstUse, readFirstUse, writeFirstUse } from 'tuffet/attestations'
 *
 * const file = { project: 'demo', version: '1.0', filename: 'demo-1.0.tar.gz' }
 * const first = readFirstUse(undefined)
 * const next = checkFirstUse(first, file, { verdict: 'no-attestation', pinned: false })
 * console.log(next === first) // true: nothing to keep
 * console.log(writeFirstUse(next).length > 0) // true
 * ```
 *
 * @throws PublisherChangedError (`ERR_TUF_PUBLISHER_CHANGED`), which names both
 */
export function checkFirstUse(
  first: FirstUse,
  file: SeenFile,
  verdict: AttestationVerdict,
): FirstUse {
  // A refused attestation does not count as evidence, and its file is refused anyway.
  if (verdict.pinned || verdict.verdict === 'mismatch') return first
  const { project, version, filename } = file
  const seen = first.get(project)
  const now = verdict.verdict === 'signed' ? seenIn(verdict) : []
  if (seen === undefined) {
    if (now.length === 0) return first
    return new Map(first).set(project, { publishers: now, since: version })
  }
  const isEarlier = isOlder(version, seen.since)
  if (now.some((one) => seen.publishers.some((other) => isSame(one, other)))) {
    return isEarlier ? new Map(first).set(project, { ...seen, since: version }) : first
  }
  if (verdict.verdict === 'no-attestation' && isEarlier) return first
  throw new PublisherChangedError({
    project,
    filename,
    ...namesOf(seen.publishers, now),
    ...(verdict.verdict === 'cannot-be-judged' && { now: verdict.kinds }),
  })
}

/** Of all that is in a certificate, what stays the same from release to release, and between owners of a name does not. */
function seenIn({
  provenance,
}: AttestationVerdict & { verdict: 'signed' }): readonly PublisherPin[] {
  const found = new Map<string, PublisherPin>()
  for (const attestation of provenance.attestations) {
    const pin = pinOf(attestation)
    if (pin === undefined) continue
    const { repository_id: number } = pin.claims
    const one = { ...pin, claims: number === undefined ? {} : { repository_id: number } }
    found.set(JSON.stringify(pinFields(one)), one)
  }
  return [...found.values()]
}

/** With its number where two publishers differ by that alone. */
function namesOf(
  before: readonly PublisherPin[],
  now: readonly PublisherPin[],
): { readonly before: readonly string[]; readonly now: readonly string[] } {
  const alike = now.some((one) => before.some((other) => identity(one) === identity(other)))
  const name = (one: PublisherPin): string => {
    const { repository_id: number } = one.claims
    const words = describePin(one)
    return alike && number !== undefined ? `${words} (repository ${number})` : words
  }
  return { before: before.map(name), now: now.map(name) }
}

function isOlder(version: string, other: string): boolean {
  const [one, two] = [parseVersion(version), parseVersion(other)]
  return one !== undefined && two !== undefined && compareVersions(one, two) < 0
}

/** A certificate of which one lacks the number does not tell repositories of one name apart. */
function isSame(one: PublisherPin, other: PublisherPin): boolean {
  const [number, before] = [one.claims.repository_id, other.claims.repository_id]
  const differ = number !== undefined && before !== undefined && number !== before
  return !differ && identity(one) === identity(other)
}

function identity({ publisher }: PublisherPin): string {
  if (publisher?.kind !== 'GitHub') return JSON.stringify(publisher)
  return JSON.stringify({ ...publisher, repository: publisher.repository.toLowerCase() })
}

function seenFrom(value: JsonValue): SeenPublishers {
  const seen = objectFrom(value)
  const publishers = required(seen, 'publishers', (list) => arrayOf(list, (one) => pinFrom(one)))
  return { publishers, since: required(seen, 'since', stringFrom) }
}

/** @internal Compares with the entry of a store, as it is now. Throws as {@link checkFirstUse} does. */
export async function compareWithStore(
  store: Store,
  file: SeenFile,
  verdict: AttestationVerdict,
): Promise<void> {
  checkFirstUse(await readFrom(store), file, verdict)
}

/**
 * @internal Compares again, and remembers the publishers: for a file whose bytes agreed. Another process may have
 * remembered others meanwhile. Throws as {@link checkFirstUse} does.
 */
export async function rememberInStore(
  store: Store,
  file: SeenFile,
  verdict: AttestationVerdict,
): Promise<void> {
  await updateEntry(store, { entry: firstUseEntry, maxLength: longest }, (stored) => {
    const first = firstUseIn(stored)
    const next = checkFirstUse(first, file, verdict)
    return next === first ? undefined : writeFirstUse(next)
  })
}

const { firstUseLength: longest } = attestationBudget

async function readFrom(store: Store): Promise<FirstUse> {
  return firstUseIn(await readEntry(store, firstUseEntry, longest))
}

function firstUseIn(bytes: Uint8Array | undefined): FirstUse {
  if (bytes === undefined || bytes.length <= longest) return readFirstUse(bytes)
  const cause = new RangeError(`it is longer than ${longest} bytes`)
  throw new StoreFailedError('get', firstUseEntry, { cause })
}
