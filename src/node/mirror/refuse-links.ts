/** Links in a mirror: neither its files nor its folders are any. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { DestinationError } from '../../errors.js'

/**
 * @internal A link leads to files that are not the mirror's.
 *
 * @throws DestinationError for a link among the parts of `below`
 */
export function refuseLinks(folder: string, below: string): void {
  let place = folder
  for (const part of below.split('/')) {
    place = join(place, part)
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new DestinationError(place, 'it is a link, and a mirror writes to its own folder alone')
    }
  }
}
