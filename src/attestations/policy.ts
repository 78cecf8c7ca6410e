/** Verdicts on a file's attestations: the proven publishers against the user's policy. */
import { isTufError, type AttestationError } from '../errors.js'
import type { Provenance } from './object.js'
import { differenceFromPin, type PublisherPin } from './pins.js'
import { describePublisher, type Publisher } from './publisher.js'
import type { AttestedFile } from './statement.js'
import {
  verifyProvenance,
  type PublishedAttestation,
  type VerifiedProvenance,
  type VerifyAttestationOptions,
} from './verify.js'

/**
 * The result of judging a file's attestations.
 *
 * - `match`: a publisher that the user pinned signed the file; the only yes
 * - `mismatch`: other publishers signed it, or an attestation was refused (`error`)
 * - `signed`: valid, for a project without a pin: shows the signer, and proves no more than the index
 * - `no-attestation`: the index serves none for the file
 * - `cannot-be-judged`: publishers, or pins, of unknown kinds alone
 */
export type AttestationVerdict =
  | {
      readonly verdict: 'match'
      readonly pinned: true
      readonly pin: PublisherPin
      readonly attestation: PublishedAttestation
    }
  | {
      readonly verdict: 'mismatch'
      readonly pinned: boolean
      /** Why, in one sentence without its full stop. */
      readonly reason: string
      /** The publishers that signed. */
      readonly publishers: readonly Publisher[]
      readonly error: AttestationError | undefined
    }
  | {
      readonly verdict: 'signed'
      readonly pinned: false
      /** At least one. */
      readonly publishers: readonly Publisher[]
      readonly provenance: VerifiedProvenance
    }
  | { readonly verdict: 'no-attestation'; readonly pinned: boolean }
  | {
      readonly verdict: 'cannot-be-judged'
      readonly pinned: boolean
      /** The kinds of publishers, or pins, that are unknown here. */
      readonly kinds: readonly string[]
    }

/**
 * - `all`: every file needs a valid attestation; by its pinned publisher where the project is
 *   pinned
 * - `pinned`: files of projects with a pin must match; a refused attestation is refused everywhere
 * - `report`: every file is accepted
 */
export type AttestationRequirement = 'all' | 'pinned' | 'report'

/**
 * The verdict on verified provenance. `pins` are those of the file's project; none of them means that
 * the project is not pinned.
 *
 * @example
 * ```ts
 * import { judgeProvenance, parsePublisherPins } from 'tuffet/attestations'
 *
 * const pins = parsePublisherPins({
 *   demo: [{ kind: 'GitHub', repository: 'demo/demo', workflow: 'publish.yml' }],
 * })
 * // Nothing was served for a file of a pinned project.
 * console.log(judgeProvenance(undefined, pins.get('demo')).verdict) // no-attestation
 * ```
 */
export function judgeProvenance(
  provenance: VerifiedProvenance | undefined,
  pins: readonly PublisherPin[] = [],
): AttestationVerdict {
  const pinned = pins.length > 0
  if (provenance === undefined) return { verdict: 'no-attestation', pinned }
  const { attestations } = provenance
  const publishers = publishersOf(provenance)
  if (!pinned) {
    if (publishers.length > 0) return { verdict: 'signed', pinned, publishers, provenance }
    const kinds = [...new Set(attestations.map(({ claim }) => claim.kind))]
    return { verdict: 'cannot-be-judged', pinned, kinds }
  }
  const reasons: string[] = []
  const unknown: string[] = []
  for (const pin of pins) {
    const { kind, publisher, claims } = pin
    if (publisher === undefined) {
      unknown.push(kind)
      continue
    }
    for (const attestation of attestations) {
      const difference = differenceFromPin({ publisher, claims }, attestation)
      if (difference === undefined) return { verdict: 'match', pinned, pin, attestation }
      reasons.push(difference)
    }
  }
  if (unknown.length > 0) return { verdict: 'cannot-be-judged', pinned, kinds: unknown }
  const signers = publishers.map(describePublisher).join(', ')
  const [difference = 'no pinned publisher signed it'] = reasons
  const reason = signers === '' ? difference : `signed by ${signers}: ${difference}`
  return { verdict: 'mismatch', pinned, reason, publishers, error: undefined }
}

/**
 * Verifies and judges in one step: provenance as the index serves it, or undefined where it serves none.
 * A refused attestation is a `mismatch` with the error.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { isAcceptable, judgeFile, parsePublisherPins } from 'tuffet/attestations'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * const pins = parsePublisherPins({
 *   demo: [{ kind: 'GitHub', repository: 'demo/demo', workflow: 'publish.yml' }],
 * })
 * const verdict = judgeFile(
 *   await readFile('provenance.json'),
 *   { filename: 'demo-1.0.tar.gz', sha256: '0f…' },
 *   { trustedRoot: await sigstoreTrustedRoot(), pins: pins.get('demo') },
 * )
 * if (!isAcceptable(verdict, 'pinned')) throw new Error(verdict.verdict)
 * ```
 */
export function judgeFile(
  provenance: Uint8Array | Provenance | undefined,
  file: AttestedFile,
  options: VerifyAttestationOptions & { readonly pins?: readonly PublisherPin[] | undefined },
): AttestationVerdict {
  const { pins = [] } = options
  if (provenance === undefined) return judgeProvenance(undefined, pins)
  try {
    return judgeProvenance(verifyProvenance(provenance, file, options), pins)
  } catch (error) {
    if (!isAttestationError(error)) throw error
    const { message: reason } = error
    return { verdict: 'mismatch', pinned: pins.length > 0, reason, publishers: [], error }
  }
}

/**
 * Whether a file with this verdict may be used.
 *
 * @example
 * ```ts
 * import { isAcceptable } from 'tuffet/attestations'
 *
 * const verdict = { verdict: 'no-attestation', pinned: false } as const
 * console.log(isAcceptable(verdict, 'pinned')) // true
 * console.log(isAcceptable(verdict, 'all')) // false
 * ```
 */
export function isAcceptable(
  { verdict, pinned }: AttestationVerdict,
  requirement: AttestationRequirement,
): boolean {
  if (requirement === 'report' || verdict === 'match') return true
  if (verdict === 'mismatch' || pinned) return false
  return verdict === 'signed' || requirement === 'pinned'
}

/**
 * The publishers whose certificates were found, each once.
 *
 * @example
 * ```ts
 * import { describePublisher, publishersOf, verifyProvenance } from 'tuffet/attestations'
 * import type { TrustedRoot } from 'tuffet/sigstore'
 *
 * export function signersOf(provenance: Uint8Array, sha256: string, trustedRoot: TrustedRoot): string[] {
 *   const file = { filename: 'demo-1.0.tar.gz', sha256 }
 *   return publishersOf(verifyProvenance(provenance, file, { trustedRoot })).map(describePublisher)
 * }
 * ```
 */
export function publishersOf(provenance: VerifiedProvenance): readonly Publisher[] {
  const found = new Map<string, Publisher>()
  for (const { publisher } of provenance.attestations) {
    if (publisher) found.set(JSON.stringify(publisher), publisher)
  }
  return [...found.values()]
}

function isAttestationError(error: unknown): error is AttestationError {
  return isTufError(error) && error.code === 'ERR_TUF_ATTESTATION_REFUSED'
}
