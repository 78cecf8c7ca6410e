/**
 * A block of inline script metadata (PEP 723). A newer uv takes a file without an extension, or one
 * that ends in `.py`, for a script: it installs the block's `dependencies`, pip installs the lines.
 */
import { LockFileError } from '../../errors.js'

/** Wider than the grammar of the PEP: another release of uv may be more lenient. */
const opening = /^[^\S\n]*#[^\S\n]*\/\/\/[^\S\n]*script[^\S\n]*$/i

/**
 * Refuses a text with such a block, whether it is closed or not.
 *
 * @throws LockFileError
 */
export function refuseScript(text: string, file: string): void {
  if (!text.includes('///')) return
  const index = text.split(/\r\n|[\n\r]/).findIndex((line) => opening.test(line))
  if (index < 0) return
  const reason = 'a script block (PEP 723) begins: uv may install its dependencies, not the lines'
  throw new LockFileError({ file, line: index + 1 }, reason)
}
