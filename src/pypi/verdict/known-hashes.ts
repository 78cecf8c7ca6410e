/** Computes hashes that a caller needs and the repository does not list. */
import type { HashName } from '../../core/keys/cryptography.js'
import { digestContent } from './file-content.js'
import { streamFile } from './stream-file.js'
import type { VouchedFile } from './verdict.js'
import type { VerifyContext } from './verify-file.js'

/**
 * @internal All hashes of the file that page and target say, and those of `names` besides: when one
 * is missing, the file is fetched and verified for it. Throws as `streamFile` does.
 */
export async function withHashes(
  context: VerifyContext,
  vouched: VouchedFile,
  names: Iterable<HashName>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const missing = [...names].filter((name) => !vouched.hashes.has(name))
  if (missing.length === 0) return vouched.hashes
  const { repository, maxUnsizedLength } = context
  const chunks = streamFile(repository, vouched, { maxUnsizedLength, signal })
  const { hashes } = await digestContent(chunks, missing, context.cryptography)
  return new Map([...vouched.hashes, ...hashes])
}
