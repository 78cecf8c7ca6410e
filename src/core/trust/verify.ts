/**
 * The one place where signatures are counted, for every role and both checks of a new root.
 *
 * - Only keyids that the role names are looked at, each once (CVE-2020-6173).
 * - The algorithm comes from the trusted key alone (CVE-2015-9258).
 * - Each public key counts once, under any number of keyids (CVE-2020-6174, CVE-2020-15093).
 * - Beyond `budget.signaturesReported` verifications it stops when the answer cannot change.
 */
import { ThresholdError, type KeyReport, type Place } from '../../errors.js'
import { budget } from '../budget.js'
import { deepFreeze } from '../deep-freeze.js'
import type { Cryptography } from '../keys/cryptography.js'
import type { Digests } from '../keys/digests.js'
import { loadKey } from '../keys/load.js'
import type { Envelope, Key, RoleKeys } from '../metadata/model.js'
import type { ParseOptions } from '../metadata/parse.js'

/** The input of every judgement: a platform's cryptography, and how files are read. */
export interface TrustOptions extends ParseOptions {
  readonly cryptography: Cryptography
  /** Whether keys with an `rsa-pkcs1v15-…` scheme may sign. Default false. */
  readonly pkcs1v15?: boolean | undefined
  /** @internal */
  readonly digests?: Digests | undefined
}

/** The keys that may sign a role, as its delegator declares them. */
export interface Authority extends RoleKeys {
  /** The role whose table of keys this is. */
  readonly delegator: string
  readonly keys: ReadonlyMap<string, Key>
}

/** The verdict on each key of a role for a file. */
export interface SignatureReport {
  readonly delegator: string
  readonly threshold: number
  /** Number of distinct public keys that signed. */
  readonly signed: number
  /** In the order of the role's keyids. */
  readonly keys: readonly KeyReport[]
}

/**
 * Counts the keys of `authority` that signed the file; never throws. It judges every key, unless
 * the file carries so many signatures that verifying more would be wasted work.
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { countSignatures, parseMetadata } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const envelope = parseMetadata(await readFile('root.json'), 'root', 'root')
 * const { keys, roles } = envelope.signed
 * const authority = { ...roles.root, delegator: 'root', keys }
 * countSignatures(envelope, authority, { cryptography: nodeCryptography }).signed // distinct keys
 * ```
 */
export function countSignatures(
  envelope: Envelope,
  authority: Authority,
  options: TrustOptions,
): SignatureReport {
  return options.kept === undefined
    ? verdictsOf(envelope, authority, options)
    : keptVerdictsOf(envelope, authority, options)
}

/** Of one envelope, by everything else that a report depends on. */
type Reports = Map<string, SignatureReport>

const reports = new WeakMap<Cryptography, WeakMap<Envelope, Reports>>()

/** Reports on one envelope: two edges to a role may name different keys. */
const mostReports = 4

/** Characters of {@link judgesIn}: a delegator may declare megabytes of keys for files of one kilobyte. */
const longestJudges = 4_096

/** For envelopes that nobody changes; a report is handed out to applications, and so frozen. */
function keptVerdictsOf(
  envelope: Envelope,
  authority: Authority,
  options: TrustOptions,
): SignatureReport {
  const judges = judgesIn(authority, options)
  if (judges === undefined) return deepFreeze(verdictsOf(envelope, authority, options))
  const { cryptography } = options
  const byEnvelope = reports.get(cryptography) ?? new WeakMap<Envelope, Reports>()
  reports.set(cryptography, byEnvelope)
  const known: Reports = byEnvelope.get(envelope) ?? new Map<string, SignatureReport>()
  byEnvelope.set(envelope, known)
  let report = known.get(judges)
  if (report === undefined) {
    report = deepFreeze(verdictsOf(envelope, authority, options))
    const [oldest] = known.keys()
    if (known.size === mostReports && oldest !== undefined) known.delete(oldest)
    known.set(judges, report)
  }
  return report
}

/**
 * Everything of an authority that a report depends on, undefined where that is long. Text, so that
 * nobody can change it later.
 */
function judgesIn(
  { delegator, keys, keyids, threshold }: Authority,
  options: TrustOptions,
): string | undefined {
  const named = keyids.map((keyid) => {
    const key = keys.get(keyid)
    return [keyid, ...(key ? [key.keytype, key.scheme, key.public] : [])]
  })
  let length = delegator.length
  for (const text of named.flat()) length += text.length
  if (length > longestJudges) return undefined
  return JSON.stringify([delegator, threshold, options.pkcs1v15 === true, named])
}

function verdictsOf(
  envelope: Envelope,
  authority: Authority,
  options: TrustOptions,
): SignatureReport {
  const signatures = new Map<string, string>()
  for (const { keyid, sig } of envelope.signatures) signatures.set(keyid, sig)
  requireDigests(envelope, signatures, authority, options)
  const counted = new Set<string>()
  let verified = 0
  const keys = authority.keyids.map((keyid, index): KeyReport => {
    const sig = signatures.get(keyid)
    if (sig === undefined) return { keyid, verdict: 'no-signature' }
    const key = authority.keys.get(keyid)
    if (key === undefined) return { keyid, verdict: 'unknown-key' }
    const loaded = loadKey(key, options.cryptography, options)
    if (loaded.verdict !== 'ok') return { keyid, verdict: loaded.verdict }
    if (verified >= budget.signaturesReported) {
      const missing = authority.threshold - counted.size
      if (missing <= 0 || missing > authority.keyids.length - index) {
        return { keyid, verdict: 'not-checked' }
      }
    }
    verified += 1
    const verdict = loaded.verify(envelope.signedBytes, sig, options.digests)
    if (verdict !== 'signed') return { keyid, verdict }
    if (counted.has(loaded.identity)) return { keyid, verdict: 'same-key' }
    counted.add(loaded.identity)
    return { keyid, verdict }
  })
  const { delegator, threshold } = authority
  return { delegator, threshold, signed: counted.size, keys }
}

/** All at once, of the signatures that are verified in any case. */
function requireDigests(
  { signedBytes }: Envelope,
  signatures: ReadonlyMap<string, string>,
  { keyids, keys }: Authority,
  options: TrustOptions,
): void {
  const { digests, cryptography } = options
  if (digests === undefined) return
  const requests = keyids.map((keyid) => {
    const [sig, key] = [signatures.get(keyid), keys.get(keyid)]
    if (sig === undefined || key === undefined) return undefined
    const loaded = loadKey(key, cryptography, options)
    return loaded.verdict === 'ok' ? loaded.digestOf(signedBytes, sig) : undefined
  })
  const needed = requests.filter((request) => request !== undefined)
  digests.require(needed.slice(0, budget.signaturesReported))
}

/**
 * Whether the file may reach its threshold for a program that supports more kinds of keys: counts
 * valid signatures, and signatures by keys that cannot be used here.
 */
export function mayBeSigned(
  envelope: Envelope,
  authority: Authority,
  options: TrustOptions,
): boolean {
  const listed = new Set(envelope.signatures.filter(({ sig }) => sig !== '').map((s) => s.keyid))
  const unusable = authority.keyids.filter((keyid) => {
    const key = listed.has(keyid) ? authority.keys.get(keyid) : undefined
    return key !== undefined && loadKey(key, options.cryptography, options).verdict !== 'ok'
  })
  if (unusable.length === 0) return false
  return (
    countSignatures(envelope, authority, options).signed + unusable.length >= authority.threshold
  )
}

/**
 * {@link countSignatures}, and refuses a file that too few keys signed.
 *
 * @throws ThresholdError
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { parseMetadata, requireThreshold } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const envelope = parseMetadata(await readFile('root.json'), 'root', 'root')
 * const { keys, roles } = envelope.signed
 * const authority = { ...roles.root, delegator: 'root', keys }
 * const place = { role: 'root', step: '5.3.4' }
 * requireThreshold(place, envelope, authority, { cryptography: nodeCryptography })
 * ```
 */
export function requireThreshold(
  place: Place,
  envelope: Envelope,
  authority: Authority,
  options: TrustOptions,
): SignatureReport {
  const report = countSignatures(envelope, authority, options)
  if (report.signed < report.threshold) throw new ThresholdError(place, report)
  options.kept?.keep(envelope)
  return report
}
