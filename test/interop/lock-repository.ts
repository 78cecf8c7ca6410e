/** A repository in the layout `pages` that vouches for exactly the files that a lock file means. */
import { memoryStore, Updater } from '../../src/index.js'
import {
  pagesLayout,
  PypiView,
  writePageJson,
  type IndexFile,
  type LockEntry,
  type LockVerdict,
} from '../../src/pypi/index.js'
import { createPep458Repository, type TestRepository } from '../../src/testing/index.js'
import { nodeEd25519Signer } from '../../src/testing/node/index.js'

export function repositoryOf(entries: readonly LockEntry[]): TestRepository {
  const repository = createPep458Repository({
    bins: 16,
    makeSigner: nodeEd25519Signer,
    now: Date.now(),
  })
  for (const entry of entries) {
    const [address] = pagesLayout().pages(entry.name)
    if (!address) throw new TypeError(`${entry.name} has no page`)
    const page = { apiVersion: '1.0', project: entry.name, files: filesOf(entry) }
    repository.addTarget(address.path, writePageJson(page))
  }
  repository.publish()
  return repository
}

export async function viewOf(repository: TestRepository): Promise<PypiView> {
  const fetcher = repository.fetcher()
  const updater = new Updater({
    metadataUrl: fetcher.metadataUrl,
    targetsUrl: fetcher.targetsUrl,
    root: repository.root(),
    store: memoryStore(),
    fetcher,
    now: () => repository.now,
  })
  return new PypiView(await updater.refresh(), pagesLayout())
}

/** Project → its verdict. */
export async function verdictsOn(
  view: PypiView,
  entries: readonly LockEntry[],
): Promise<Map<string, LockVerdict>> {
  const verdicts = new Map<string, LockVerdict>()
  for await (const verdict of view.checkLock(entries)) verdicts.set(verdict.entry.name, verdict)
  return verdicts
}

/** Where a lock file lists hashes alone, wheels that differ in their build carry them. */
function filesOf({ name, version = '', files }: LockEntry): IndexFile[] {
  return files.map(({ filename, url, size, hashes }, index) => {
    const named = filename ?? `${name.replaceAll('-', '_')}-${version}-${index}-py3-none-any.whl`
    return {
      filename: named,
      url: url ?? `https://files.example.com/${named}`,
      hashes,
      ...(size !== undefined && { size }),
    }
  })
}
