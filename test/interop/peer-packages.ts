/** Packages that reference clients need and this project does not: in the folder of these tests. */
import { fileURLToPath } from 'node:url'
import { pinnedPackage } from '../support/pinned-package.js'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** The version that is installed beside these tests, which is the pinned one; installs it if needed. */
export function peerPackage(name: string): ReturnType<typeof pinnedPackage> {
  return pinnedPackage(folder, name)
}
