/** Types fix the order of the update cycle, and the code that may say that a file is trusted. */
import {
  acceptDelegated,
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  recall,
  rotateRoot,
  searchTarget,
  settleRoot,
  trustAnchor,
  type Edge,
  type Envelope,
  type ListedFile,
  type RecalledTrust,
  type Root,
  type RootTrust,
  type SearchQuery,
  type SettledTrust,
  type SignatureReport,
  type SnapshotTrust,
  type Targets,
  type TargetsTrust,
  type TimestampTrust,
  type Trusted,
  type TrustOptions,
} from '../../src/core/index.js'
import * as core from '../../src/core/index.js'
import { holds, type Equals } from './equals.js'

holds<Equals<ReturnType<typeof trustAnchor>, RootTrust>>()
holds<Equals<ReturnType<typeof rotateRoot>, RootTrust>>()
holds<Equals<ReturnType<typeof settleRoot>, SettledTrust>>()
holds<Equals<ReturnType<typeof recall>, RecalledTrust>>()
holds<Equals<ReturnType<typeof acceptTimestamp>, TimestampTrust>>()
holds<Equals<ReturnType<typeof acceptSnapshot>, SnapshotTrust>>()
holds<Equals<ReturnType<typeof acceptTargets>, TargetsTrust>>()

export function theRightOrderCompiles(bytes: Uint8Array, options: TrustOptions): TargetsTrust {
  const root = rotateRoot(trustAnchor(bytes, options), bytes, options)
  const recalled = recall(settleRoot(root, 0), { timestamp: bytes }, options)
  const timestamp = acceptTimestamp(recalled, bytes, options)
  return acceptTargets(acceptSnapshot(timestamp, bytes, options), bytes, options)
}

export function noStepIsLeftOut(bytes: Uint8Array, options: TrustOptions): void {
  const root = trustAnchor(bytes, options)
  const settled = settleRoot(root, 0)
  const recalled = recall(settled, {}, options)
  const timestamp = acceptTimestamp(recalled, bytes, options)
  const snapshot = acceptSnapshot(timestamp, bytes, options)
  const targets = acceptTargets(snapshot, bytes, options)

  // @ts-expect-error: 5.3.10 comes before 5.3.11
  recall(root, {}, options)
  // @ts-expect-error: 5.3.11 comes before 5.4
  acceptTimestamp(settled, bytes, options)
  // @ts-expect-error: and the root is settled before that
  acceptTimestamp(root, bytes, options)
  // @ts-expect-error: 5.4 comes before 5.5
  acceptSnapshot(recalled, bytes, options)
  // @ts-expect-error: 5.5 comes before 5.6
  acceptTargets(timestamp, bytes, options)
  // @ts-expect-error: no root is rotated once the time is fixed
  rotateRoot(settled, bytes, options)
  // @ts-expect-error: nor after the timestamp
  rotateRoot(timestamp, bytes, options)
  // @ts-expect-error: the time is fixed once
  settleRoot(settled, 0)
  // @ts-expect-error: a timestamp is not accepted twice
  acceptTimestamp(timestamp, bytes, options)
  // @ts-expect-error: nor targets
  acceptTargets(targets, bytes, options)
}

export function delegatedRolesComeLast(
  snapshot: SnapshotTrust,
  edge: Edge,
  file: ListedFile,
  options: TrustOptions,
): void {
  // @ts-expect-error: only when the top-level targets role is trusted
  acceptDelegated(snapshot, edge, file, options)
}

export function whatWasParsedIsNotTrusted(
  envelope: Envelope<Targets>,
  top: Trusted<Targets>,
  query: SearchQuery,
): void {
  searchTarget(top, query)
  // @ts-expect-error: an envelope is not believed
  searchTarget(envelope, query)
  // @ts-expect-error: nor is its content
  searchTarget(envelope.signed, query)
}

export function trustIsNotWrittenByHand(
  signed: Root,
  report: SignatureReport,
  top: Trusted<Root>,
): unknown[] {
  // @ts-expect-error: the mark has no name outside
  const root: Trusted<Root> = { role: 'root', signed, report }
  // @ts-expect-error: a name is not the mark
  const named: Trusted<Root> = { trusted: true, role: 'root', signed, report }
  // @ts-expect-error: a phase bears a mark of its own
  const phase: RootTrust = { root: top }
  // @ts-expect-error: and so does the last one
  const last: Pick<TargetsTrust, keyof SettledTrust> = { root: top, now: 0 }
  // @ts-expect-error: trust in one role is not trust in another
  const other: Trusted<Targets> = top
  // @ts-expect-error: nor can the signed part be put in another's place
  top.signed = signed
  return [root, named, phase, last, other]
}

export function noEntryGivesTheMarksAway(): unknown[] {
  return [
    // @ts-expect-error: for `trust.ts` alone
    core.trusted,
    // @ts-expect-error: for `trust.ts` alone
    core.phase,
    // @ts-expect-error: for `trust.ts` alone
    core.believe,
  ]
}

export function aPhaseIsNotAnother(settled: SettledTrust, snapshot: SnapshotTrust): unknown[] {
  // @ts-expect-error: an earlier phase
  const later: SnapshotTrust = settled
  // @ts-expect-error: a later phase with the same fields and more
  const earlier: SettledTrust = snapshot
  return [later, earlier]
}
