/** The parts of a bundle or an attestation: parsed, bounded, not believed. */
import type { Certificate } from '../x509/certificate.js'
import type { SpkiKey } from '../x509/public-key.js'

/** An entry of a transparency log, with the proofs of it. */
export interface LogEntry {
  readonly logIndex: number
  readonly logId: Uint8Array
  readonly kind: string
  readonly version: string
  /** Seconds since 1970; counts only under the promise. */
  readonly integratedTime: number | undefined
  /** The log's signature over body, time, index and log (Rekor v1). */
  readonly promise: Uint8Array | undefined
  readonly proof: InclusionProof | undefined
  /** `canonicalizedBody`, decoded. */
  readonly body: Uint8Array
  /** The same bytes, which the promise covers. */
  readonly bodyText: string
}

export interface InclusionProof {
  readonly logIndex: number
  readonly treeSize: number
  readonly rootHash: Uint8Array
  readonly hashes: readonly Uint8Array[]
  readonly checkpoint: string
}

/** The signed content. */
export type SignedContent =
  | { readonly kind: 'dsse'; readonly payloadType: string; readonly payload: Uint8Array }
  | {
      readonly kind: 'message'
      readonly sha256: Uint8Array
      /** Whether the key signed the message of that digest. */
      isSigned(key: SpkiKey, signature: Uint8Array): boolean
    }

export interface SignedMaterial {
  /** The certificate, or for a key that a caller manages, that key. */
  readonly signer: Certificate | SpkiKey
  readonly content: SignedContent
  readonly signature: Uint8Array
  readonly entries: readonly LogEntry[]
  /** RFC 3161, DER. */
  readonly timestamps: readonly Uint8Array[]
}

/** The certificate of a signer; undefined for a bare key. */
export function certificateOf(signer: Certificate | SpkiKey): Certificate | undefined {
  return 'tbs' in signer ? signer : undefined
}

/** The public key of either. */
export function keyOf(signer: Certificate | SpkiKey): SpkiKey {
  return 'tbs' in signer ? signer.key : signer
}
