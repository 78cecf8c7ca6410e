/**
 * Finds out whether others can write a file. Settings that others can write would decide whom this
 * user trusts: docs/adr/0013-settings-that-were-found.md.
 */
import type { Stats } from 'node:fs'

/**
 * @returns why another user could write it, as a clause; undefined when only this user and root can write it
 */
export function whyForeign(
  { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  user: number | undefined,
): string | undefined {
  if (user === undefined) return 'cannot be shown to be yours on this system'
  if (uid !== user && uid !== 0) return `belongs to user ${uid}, not to you`
  if ((mode & 0o002) !== 0) return 'can be written by every user'
  // A group with its owner's number contains only the owner, and umask 002 lets it write.
  if ((mode & 0o020) !== 0 && gid !== uid) return `can be written by group ${gid}`
  return undefined
}
