/** Links and other entries in a mirror where its files and folders belong: they lead to files of others. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { PlainFileError, readPlainFile } from '../plain-file.js'
import { kindAt } from '../planted.js'
import { hasCode } from '../system-error.js'
import { MirrorError, PlantedError } from './mirror-error.js'

/**
 * @internal Refuses to write through a link.
 *
 * @throws PlantedError for a link among the parts of `below`
 */
export function refuseLinks(folder: string, below: string): void {
  let place = folder
  for (const part of below.split('/')) {
    place = join(place, part)
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new PlantedError(place, 'it is a link, and a mirror writes to its own folder alone')
    }
  }
}

/** @internal Throws PlantedError for a link, a pipe or a device; a folder may be the place of another name. */
export function refuseSpecial(path: string): void {
  const kind = kindAt(path)
  if (kind !== 'link' && kind !== 'special') return
  throw new PlantedError(
    path,
    `it is ${kind === 'link' ? 'a link' : 'special'} and not a regular file`,
  )
}

/**
 * @internal The bytes of a file of the mirror, as `readPlainFile` gives them; undefined without one.
 *
 * @throws PlantedError for any other entry; MirrorError for a file that is too long, unless it may be `cut`;
 *   the errors of the file system
 */
export function readMirrorFile(
  path: string,
  maxLength: number,
  whenLonger: 'error' | 'cut',
  known?: Uint8Array,
): Uint8Array | undefined {
  try {
    return readPlainFile(path, maxLength, whenLonger, known)
  } catch (cause) {
    const isPlain = cause instanceof PlainFileError
    if (isPlain && cause.code === 'ERR_FILE_TOO_LONG') {
      const reason = `it is longer than ${maxLength} bytes`
      throw new MirrorError(path, reason, 'begin the mirror anew in another folder', { cause })
    }
    // The answers to a link, in several systems; to a socket; to a file in the place of a folder.
    if (!isPlain && !hasCode(cause, 'ELOOP', 'EMLINK', 'ENXIO', 'ENOTDIR')) throw cause
    const kind = hasCode(cause, 'ENOTDIR') ? undefined : kindAt(path)
    const reasons = {
      file: 'it changed while it was read',
      folder: 'it is a folder and not a regular file',
      link: 'it is a link and not a regular file',
      special: 'it is special and not a regular file',
    }
    const reason = kind === undefined ? 'a part of the path is not a folder' : reasons[kind]
    throw new PlantedError(path, reason, { cause })
  }
}
