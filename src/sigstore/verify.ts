/**
 * The checks that any bundle of Sigstore must pass, in their order: time, chain, usage, timestamps of
 * the certificate, inclusion, entry, signature. The caller judges the payload.
 */
import { sameBytes } from '../core/bytes.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { preAuthEncoding } from './dsse.js'
import { checkEntry } from './log/entry.js'
import { checkInclusion } from './log/inclusion.js'
import { certificateOf, keyOf, type LogEntry, type SignedMaterial } from './log/material.js'
import { promisedTime } from './log/promise.js'
import { refuse } from './refuse.js'
import { isWithin, type TrustedLog, type TrustedParts } from './trusted-root.js'
import { keyUsages, purposes, type Certificate } from './x509/certificate.js'
import { isVouchedFor } from './x509/chain.js'
import { holds } from './x509/public-key.js'
import { checkScts } from './x509/sct.js'
import { verifiedTimestamp } from './x509/timestamp.js'

export interface VerifyContext {
  readonly cryptography: Cryptography
  readonly trusted: TrustedParts
  /** Whether an entry may come without a proof, under the promise alone (bundles of version 0.1). */
  readonly proofOptional: boolean
}

/** A signature that passed every check. */
export interface VerifiedSignature {
  /** Milliseconds since 1970; each was judged. */
  readonly times: readonly number[]
  readonly entries: readonly VerifiedEntry[]
}

/** An entry of a log. */
export interface VerifiedEntry {
  /** The name of the log, such as `rekor.sigstore.dev`. */
  readonly log: string
  /** The number under which the log's users know the entry. */
  readonly index: number
  /** Such as `dsse 0.0.1`. */
  readonly kind: string
  /** When the log took it in, in milliseconds since 1970; undefined for logs that do not say so. */
  readonly time: number | undefined
}

interface LoggedEntry extends LogEntry {
  readonly log: TrustedLog
  readonly time: number | undefined
}

/** @throws AttestationError with the check that refused */
export function verifyMaterial(
  material: SignedMaterial,
  context: VerifyContext,
): VerifiedSignature {
  const { trusted } = context
  const entries = material.entries.map((entry) => timedEntry(entry, context))
  const times = [
    ...entries.flatMap(({ time }) => (time === undefined ? [] : [time])),
    ...stampedTimes(material, context),
  ]
  if (times.length === 0) refuse('time', 'neither a log nor an authority says when it was signed')
  for (const { log } of entries) {
    if (times.some((time) => !isWithin(time, log.validFor))) {
      refuse('time', `signed outside the period of the log ${log.origin}`)
    }
  }
  const certificate = certificateOf(material.signer)
  if (certificate) {
    const issuer = checkChain(certificate, times, context)
    checkUsage(certificate)
    checkScts(context.cryptography, certificate, issuer, trusted.ctLogs)
  }
  for (const entry of entries) {
    checkLogged(entry, context)
    checkEntry(context.cryptography, entry, material)
  }
  checkSignature(material, context)
  return {
    times,
    entries: entries.map(({ log, logIndex, kind, version, time }) => ({
      log: log.origin,
      index: logIndex,
      kind: `${kind} ${version}`,
      time,
    })),
  }
}

function timedEntry(entry: LogEntry, { cryptography, trusted }: VerifyContext): LoggedEntry {
  const log = trusted.logs.find(({ id }) => sameBytes(id, entry.logId))
  if (log === undefined) refuse('time', 'the entry is of a log that is not in the trusted root')
  const time = entry.promise && promisedTime(cryptography, entry, entry.promise, log)
  return { ...entry, log, time }
}

function stampedTimes(
  { timestamps, signature }: SignedMaterial,
  { cryptography, trusted }: VerifyContext,
): readonly number[] {
  return timestamps.map((der) =>
    verifiedTimestamp(cryptography, der, signature, trusted.timestampAuthorities),
  )
}

/** The certificate that issued `leaf`, by an authority that vouches for it at all times. */
function checkChain(
  leaf: Certificate,
  times: readonly number[],
  { cryptography, trusted }: VerifyContext,
): Certificate {
  if (times.some((time) => !isWithin(time, { start: leaf.notBefore, end: leaf.notAfter }))) {
    refuse('chain', 'signed outside the validity of the certificate')
  }
  const authority = trusted.certificateAuthorities.find((one) =>
    times.every((time) => isVouchedFor(cryptography, leaf, one, time)),
  )
  const [issuer] = authority?.chain ?? []
  if (issuer === undefined) {
    refuse('chain', 'no authority of the trusted root that was valid then issued the certificate')
  }
  return issuer
}

function checkUsage(leaf: Certificate): void {
  if (leaf.ca) refuse('usage', 'the certificate is a CA')
  if (((leaf.keyUsage ?? 0) & keyUsages.digitalSignature) === 0) {
    refuse('usage', 'the key of the certificate is not for signatures')
  }
  if (!leaf.extendedKeyUsage.includes(purposes.codeSigning)) {
    refuse('usage', 'the certificate is not for signing code')
  }
}

function checkLogged(entry: LoggedEntry, { cryptography, proofOptional }: VerifyContext): void {
  const { proof, log } = entry
  if (proof === undefined) {
    if (proofOptional && entry.promise !== undefined) return
    refuse('inclusion', 'the entry lacks a proof that it is in the log')
  }
  // The promise is over the index of Rekor v1; without one it is that of the proof.
  if (entry.promise === undefined && entry.logIndex !== proof.logIndex) {
    refuse('inclusion', 'the index of the entry is not that of its proof')
  }
  checkInclusion(cryptography, entry.body, proof, log)
}

function checkSignature(
  { signer, content, signature }: SignedMaterial,
  { cryptography }: VerifyContext,
): void {
  const key = keyOf(signer)
  const good =
    content.kind === 'dsse'
      ? holds(cryptography, key, preAuthEncoding(content), signature)
      : content.isSigned(key, signature)
  if (!good) refuse('signature', 'the signature is not by the key of the certificate')
}
