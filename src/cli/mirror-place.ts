/** The folder of a mirror: readers see all of it, so nothing else may be kept there. */
import { isInside, realPlace } from '../node/real-place.js'
import type { Call } from './command.js'
import { inFolder } from './in-folder.js'
import { requireSetting, type Settings } from './settings.js'
import { UsageError } from './usage-error.js'

/**
 * The absolute path of DIR, without links.
 *
 * @throws UsageError where the store is in it, or it is in the store; the errors of the file system
 */
export function mirrorPlace({ io, words: [name = ''] }: Call, settings: Settings): string {
  const store = requireSetting(settings, 'store')
  const [place, stored] = [realPlace(inFolder(io.folder, name)), realPlace(store)]
  if (isInside(stored, place)) {
    throw new UsageError(
      `the store ${store} is inside the mirror ${name}: servers would show it to everybody, and copies of the mirror would take it along; name a folder outside of it with --store`,
    )
  }
  if (isInside(place, stored)) {
    throw new UsageError(
      `the mirror ${name} is inside the store ${store}: a store holds only its own files; name a folder outside of it for the mirror`,
    )
  }
  return place
}
