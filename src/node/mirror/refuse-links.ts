/** Links in a mirror: neither its files nor its folders are any. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { DestinationError } from '../../errors.js'

/** A folder of the mirror that this machine replaced by a link: no name in the repository does that. */
export class LinkedFolderError extends DestinationError {}

/**
 * @internal A link leads to files that are not the mirror's.
 *
 * @throws LinkedFolderError for a link among the parts of `below`
 */
export function refuseLinks(folder: string, below: string): void {
  let place = folder
  for (const part of below.split('/')) {
    place = join(place, part)
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new LinkedFolderError(
        place,
        'it is a link, and a mirror writes to its own folder alone',
      )
    }
  }
}
