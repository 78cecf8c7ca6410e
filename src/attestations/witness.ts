/** The verdict on a file's attestations in words, for trees and for pictures. */
import { isoTime } from '../words/amounts.js'
import type { JudgedFile } from './judge.js'
import { describePublisher } from './publisher.js'
import type { PublishedAttestation } from './verify.js'

/** The most attestations that a card lists. */
const mostListed = 3

/** A card beside the file in a picture: an entry of `ChainPicture.beside`. */
export interface AttestationWitness {
  readonly title: string
  /** `good`: by a pinned publisher; `refused`: the policy does not take the file. */
  readonly verdict: 'good' | 'refused' | 'open'
  /** The verdict as the policy names it. */
  readonly note: string
  /** Why; and for each attestation its time and its entry in a log. */
  readonly lines: readonly string[]
  /** Types of predicates, and commits. */
  readonly codes: readonly string[]
}

/**
 * The verdict on the attestations of a file as a card for `drawChain` of `tuffet/picture`.
 *
 * @example
 * ```ts
 * import { attestationWitness, type JudgedFile } from 'tuffet/attestations'
 * import { drawChain } from 'tuffet/picture'
 * import type { Explanation } from 'tuffet'
 *
 * // The chain of a file, with its attestation beside it.
 * function draw(explanation: Explanation, judged: JudgedFile): string {
 *   return drawChain({ ...explanation, beside: [attestationWitness(judged)] })
 * }
 * ```
 */
export function attestationWitness(finding: JudgedFile): AttestationWitness {
  const { verdict, accepted, reason } = finding
  const all = attestationsOf(finding)
  const listed = all.slice(0, mostListed)
  const commits = listed.map(({ certificate: { claims } }) => claims.sourceRepositoryDigest)
  const named = [...new Set(commits)].flatMap((one) => (one === undefined ? [] : `commit ${one}`))
  const more = all.length - listed.length
  return {
    title: 'attestation',
    verdict: verdict === 'match' ? 'good' : accepted && verdict !== 'mismatch' ? 'open' : 'refused',
    note: accepted && verdict !== 'match' ? `${verdict}, accepted` : verdict,
    lines: [reason, ...listed.flatMap(shortLines), ...(more > 0 ? [`and ${more} more`] : [])],
    codes: [...new Set(listed.map(({ predicateType }) => predicateType)), ...named],
  }
}

/** Without the publisher, which the reason names, and the codes. */
function shortLines({ certificate, times, entries }: PublishedAttestation): string[] {
  const { sourceRepositoryRef: reference } = certificate.claims
  const signed = `signed at ${times.map(isoTime).join(', ')}`
  return [
    reference === undefined ? signed : `${reference}, ${signed}`,
    ...entries.map(({ log, index }) => `entry ${index} of ${log}`),
  ]
}

/** @internal Those that passed every check; of a refused one nothing is believed. */
export function attestationsOf({ judged }: JudgedFile): readonly PublishedAttestation[] {
  if (judged.verdict === 'match') return [judged.attestation]
  return judged.verdict === 'signed' ? judged.provenance.attestations : []
}

/** @internal The signer first; the facts about it are indented. */
export function attestationLines(attestation: PublishedAttestation): string[] {
  const { claim, publisher, certificate, times, entries, predicateType } = attestation
  const { sourceRepositoryRef: reference, sourceRepositoryDigest: commit } = certificate.claims
  const source = [reference && `at ${reference}`, commit && `commit ${commit}`].filter(Boolean)
  return [
    `${publisher ? describePublisher(publisher) : claim.kind} (${predicateType})`,
    ...(source.length > 0 ? [`  ${source.join(', ')}`] : []),
    `  signed at ${times.map(isoTime).join(', ')}`,
    ...entries.map(({ log, index }) => `  entry ${index} of ${log}`),
  ]
}
