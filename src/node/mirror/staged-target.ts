/** A target that gets its name with the timestamp, and the identity of one that may have got it before. */
import { lstatSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StagedFile } from '../replace-file.js'
import { temporaryName } from '../temporary-name.js'
import type { MirroredTarget } from './mirrored-target.js'

/** @internal Brings the target to another name. */
export async function stageTarget(
  path: string,
  bring: MirroredTarget['bring'],
  signal: AbortSignal,
): Promise<StagedFile> {
  const temporary = join(dirname(path), temporaryName('part'))
  const discard = (): void => rmSync(temporary, { force: true })
  try {
    await bring(temporary, signal)
  } catch (error) {
    discard()
    throw error
  }
  return { discard, commit: () => renameSync(temporary, path) }
}

/** @internal Changes whenever another file takes the name. */
export function identityOf(path: string): string {
  const stat = lstatSync(path, { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.size}`
}
