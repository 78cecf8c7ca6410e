/** The SHA-256 that pip can check, for files of which the repository knows another hash only. */
import { digestContent } from './file-content.js'
import type { PageRepository } from './project-pages.js'
import { streamFile } from './stream-file.js'
import type { VouchedFile } from './verdict.js'
import type { VerifyContext } from './verify-file.js'

/**
 * @internal From page or target, or else of the bytes, which are fetched and verified for it.
 * Throws as `streamFile` does.
 */
export async function sha256Of(
  context: VerifyContext & { readonly repository: PageRepository },
  vouched: VouchedFile,
  signal?: AbortSignal,
): Promise<string> {
  const known = vouched.hashes.get('sha256')
  if (known !== undefined) return known
  const chunks = streamFile(context.repository, vouched, signal ? { signal } : {})
  const { hashes } = await digestContent(chunks, ['sha256'], context.cryptography)
  return hashes.get('sha256') ?? ''
}
