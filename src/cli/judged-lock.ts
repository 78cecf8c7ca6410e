/** The files that a lock file names and the repository vouches for, for commands that keep them. */
import { readLock } from '../pypi/lock/read-lock.js'
import { isAgreed } from '../pypi/verdict/attestation.js'
import type { VouchedFile } from '../pypi/verdict/verdict.js'
import type { PypiView } from '../pypi/view.js'
import type { Call } from './command.js'
import { NotVerifiedError } from './not-verified-error.js'
import { rethrowVanished } from './pypi-session.js'
import { lockFileReader } from './read-input.js'
import { acceptance, type VerdictRow } from './verdict-table.js'

/** A verdict, and the files that it lets in. */
export interface Judged {
  readonly row: VerdictRow
  readonly files: readonly VouchedFile[]
  /** Why there is no verdict. */
  readonly error?: unknown
}

/** @throws NotVerifiedError for a file that locks nothing; the errors of `readLock` and `checkLock` */
export async function judgeLock(view: PypiView, path: string, { io }: Call): Promise<Judged[]> {
  const read = lockFileReader(io)
  const { entries } = await readLock(path, await read(path), { read, variables: process.env })
  if (entries.length === 0) throw new NotVerifiedError(`${path} locks nothing`)
  const judged: Judged[] = []
  for await (const one of view.checkLock(entries, { signal: io.signal })) {
    rethrowVanished(one.error)
    const { entry, verdict, reason, files } = one
    const subject = entry.version === undefined ? entry.name : `${entry.name} ${entry.version}`
    judged.push({
      error: one.error,
      row: { verdict, ...acceptance(one), subject, reason },
      files: files.flatMap((file) => (file.vouched && isAgreed(file) ? [file.vouched] : [])),
    })
  }
  return judged
}
