/** Verdicts on files of the in-memory instance, for tests. */
import {
  judgeFile,
  parsePublisherPins,
  type AttestationVerdict,
  type PublisherPin,
} from '../../src/attestations/index.js'
import { parseTrustedRoot, type TrustedRoot } from '../../src/sigstore/index.js'
import { attest, file, provenance } from '../support/sigstore/attest.js'
import { TestSigstore } from '../support/sigstore/instance.js'

export const sigstore: TestSigstore = new TestSigstore()
export const trustedRoot: TrustedRoot = parseTrustedRoot(sigstore.trustedRoot())
export const good: Buffer = provenance([attest(sigstore)])

export function pinsOf(...pins: Record<string, string>[]): readonly PublisherPin[] {
  return parsePublisherPins({ demo: pins }).get('demo') ?? []
}

export function judge(
  bytes: Uint8Array | undefined,
  ...pins: Record<string, string>[]
): AttestationVerdict {
  return judgeFile(bytes, file, { trustedRoot, ...(pins.length > 0 && { pins: pinsOf(...pins) }) })
}
