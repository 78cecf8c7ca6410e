/** Limits on a bundle, an attestation or a trusted root before anybody vouched for it. */
export const sigstoreBudget = {
  /** Bytes of a bundle, or of one attestation; the longest real ones take about 100,000. */
  bundleLength: 1_000_000,
  /** Bytes of a `trusted_root.json`; Sigstore's takes 7,000. */
  trustedRootLength: 1_000_000,
  /** Logs, or authorities, in one list of a trusted root. */
  trustedRootEntries: 64,
  /** Certificates of one authority. */
  chainLength: 8,
  /** Bytes of a certificate. */
  certificateLength: 32_000,
  /** Entries of transparency logs. */
  logEntries: 8,
  /** Hashes of an inclusion proof: a log with 2^63 entries needs no more. */
  proofHashes: 63,
  /** Bytes of a checkpoint. */
  checkpointLength: 16_000,
  /** Signatures of a checkpoint: of the log, and of witnesses. */
  checkpointSignatures: 64,
  /** Timestamps (RFC 3161), and bytes of one. */
  timestamps: 8,
  timestampLength: 64_000,
  /** Signed certificate timestamps in a certificate. */
  scts: 8,
} as const
