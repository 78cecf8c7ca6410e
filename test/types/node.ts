/** The types of disk and network. */
import { Repository, type TargetFile } from '../../src/index.js'
import { downloadFile, fileStore, nodeFetcher } from '../../src/node/index.js'

export async function aDownloadNeedsHashes(view: Repository, target: TargetFile): Promise<void> {
  await downloadFile(view, target, 'a.whl')
  // @ts-expect-error: a length alone is not a proof
  await downloadFile(view, { path: 'a.whl', length: 1 }, 'a.whl')
  // @ts-expect-error: nor does a path
  await downloadFile(view, 'a.whl', 'a.whl')
  // @ts-expect-error: hashes are a map
  await downloadFile(view, { path: 'a.whl', length: 1, hashes: { sha256: '00' } }, 'a.whl')
}

export function aViewIsNotMadeByHand(): unknown {
  // @ts-expect-error: it takes a value that only an update cycle makes
  return new Repository()
}

export function aStoreIsAFolder(): unknown[] {
  return [
    fileStore('folder'),
    fileStore(new URL('file:///folder')),
    // @ts-expect-error: a folder is not a number
    fileStore(1),
    // @ts-expect-error: there is no such option
    nodeFetcher({ insecure: true }),
    // @ts-expect-error: pins are lists
    nodeFetcher({ pins: { 'example.test': 'digest' } }),
  ]
}
