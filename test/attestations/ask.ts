/** Puts a case to a build of the library, as it is or with a check taken out. */
import type { Cryptography } from '../../src/core/keys/cryptography.js'
import type { AttestationCase } from './cases.js'
import { gitHubClaims } from '../support/sigstore/instance.js'

/** The parts of a build that are asked. */
export interface AskedBuild {
  readonly attestations: typeof import('../../src/attestations/index.js')
  readonly sigstore: typeof import('../../src/sigstore/index.js')
}

/** `verified`, the check that refused, `trusted-root`, or another error's text. */
export async function answerTo(
  one: AttestationCase,
  build: AskedBuild,
  cryptography?: Cryptography,
): Promise<string> {
  const { parseTrustedRoot, verifyBundle } = build.sigstore
  const input = Buffer.from(one.input, 'base64')
  try {
    const trustedRoot = parseTrustedRoot(Buffer.from(one.trustedRoot, 'base64'))
    if (one.kind === 'provenance') {
      build.attestations.verifyProvenance(input, one.file, { trustedRoot, cryptography })
    } else {
      await verifyBundle(input, {
        trustedRoot,
        cryptography,
        artifact: { sha256: one.file.sha256 },
        identity: { subject: gitHubClaims[9] ?? '', issuer: gitHubClaims[8] ?? '' },
      })
    }
    return 'verified'
  } catch (error) {
    const { code, check } = error as { code?: string; check?: string }
    if (code === 'ERR_TUF_TRUSTED_ROOT_INVALID') return 'trusted-root'
    return check ?? String(error)
  }
}
