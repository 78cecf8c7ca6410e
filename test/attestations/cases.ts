/**
 * One list of inputs, good and hostile, each with the check that must refuse it. The tests ask the library,
 * and then the library with each check taken out.
 */
import type { AttestationCheck } from '../../src/errors.js'
import { file } from '../support/sigstore/attest.js'

/** A question in JSON, so that another process can be asked. */
export interface AttestationCase {
  readonly name: string
  readonly kind: 'provenance' | 'bundle'
  /** Base64. */
  readonly input: string
  /** Base64. */
  readonly trustedRoot: string
  readonly file: { readonly filename: string; readonly sha256: string }
  /** The check that must refuse; `trusted-root` for a trusted root that must be refused. */
  readonly refusedBy?: AttestationCheck | 'trusted-root'
}

/** Collects cases; provenance and a trusted root are bytes. */
export class CaseList {
  readonly all: AttestationCase[] = []
  readonly #trustedRoot: Buffer

  constructor(trustedRoot: Buffer) {
    this.#trustedRoot = trustedRoot
  }

  add(
    name: string,
    refusedBy: AttestationCase['refusedBy'],
    input: Buffer,
    more: {
      readonly kind?: AttestationCase['kind']
      readonly trustedRoot?: Buffer
      readonly file?: AttestationCase['file']
    } = {},
  ): void {
    const { kind = 'provenance', trustedRoot = this.#trustedRoot, file: about = file } = more
    this.all.push({
      name,
      kind,
      input: input.toString('base64'),
      trustedRoot: trustedRoot.toString('base64'),
      file: about,
      ...(refusedBy !== undefined && { refusedBy }),
    })
  }
}
