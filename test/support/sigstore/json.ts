/** The JSON that an instance of Sigstore publishes, as far as tests change it. */

export interface TrustedLogJson {
  baseUrl: string
  hashAlgorithm: string
  publicKey: { rawBytes: string; validFor: { start?: string; end?: string } }
  logId: { keyId: string }
}

export interface TrustedAuthorityJson {
  certChain: { certificates: { rawBytes: string }[] }
  validFor: { start?: string; end?: string }
}

export interface TrustedRootJson {
  mediaType: string
  tlogs: TrustedLogJson[]
  certificateAuthorities: TrustedAuthorityJson[]
  ctlogs: TrustedLogJson[]
  timestampAuthorities: TrustedAuthorityJson[]
}

export interface ProofJson {
  logIndex: string
  rootHash: string
  treeSize: string
  hashes: string[]
  checkpoint: { envelope: string }
}

export interface LogEntryJson {
  logIndex: string
  logId: { keyId: string }
  kindVersion: { kind: string; version: string }
  integratedTime?: string
  inclusionPromise?: { signedEntryTimestamp: string }
  inclusionProof?: ProofJson
  canonicalizedBody: string
}

export interface AttestationJson {
  version: number
  verification_material: { certificate: string; transparency_entries: LogEntryJson[] }
  envelope: { statement: string; signature: string }
}

export interface ProvenanceJson {
  version: number
  attestation_bundles: { publisher: Record<string, unknown>; attestations: AttestationJson[] }[]
}

/** The body of an entry `dsse 0.0.1`. */
export interface EntryBody {
  apiVersion: string
  kind: string
  spec: {
    payloadHash: { algorithm: string; value: string }
    signatures: { signature: string; verifier: string }[]
  }
}
