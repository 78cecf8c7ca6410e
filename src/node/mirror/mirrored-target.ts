/** A target that a mirror writes. */

/** A target of the mirror. */
export interface MirroredTarget {
  /** Its paths: one, or one for each listed digest. */
  readonly paths: readonly string[]
  /** `sha256:…`, or another listed hash: the same text means the same bytes. */
  readonly content: string
  /** Bytes; undefined where the repository does not say it. */
  readonly length: number | undefined
  /** Writes the verified file to an absolute path, or finds that it is there. */
  readonly bring: (path: string, signal: AbortSignal) => Promise<void>
}
