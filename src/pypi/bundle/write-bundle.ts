/** Writes an offline bundle. The marker comes last: a folder without it is not a bundle. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { areSame } from '../../core/bytes.js'
import type { TrustedRootChain } from '../../sigstore/trusted-root-chain.js'
import { normalizeName } from '../names/names.js'
import type { IndexFile } from '../pages/index-page.js'
import { writePageJson } from '../pages/page-json.js'
import { bundleVersion, pageFileName, provenanceFileName, sigstoreFileName } from './folder.js'

/** A file of a wheelhouse or a lock file, for a bundle. */
export interface BundledFile {
  readonly project: string
  /** As its page lists it; with a SHA-256. Its link to attestations is replaced by the bundle's. */
  readonly entry: IndexFile
  /** As the index served it; undefined for a file without attestations. */
  readonly provenance: Uint8Array | undefined
}

/** The content of a bundle. */
export interface BundleContent {
  readonly files: readonly BundledFile[]
  /** Default: readers have a trusted root of their own. */
  readonly chain?: Pick<TrustedRootChain, 'files'> | undefined
}

/**
 * Writes a bundle into a new or empty folder, for `openOfflineBundle`.
 *
 * @example
 * ```ts
 * import { openOfflineBundle, writeOfflineBundle, type BundledFile } from 'tuffet/pypi'
 * import { sigstoreTrustedRootChain } from 'tuffet/sigstore'
 *
 * export async function carry(files: readonly BundledFile[]): Promise<void> {
 *   await writeOfflineBundle('attestations', { files, chain: await sigstoreTrustedRootChain() })
 *   await openOfflineBundle('attestations').trustedRoot() // what was written leads to the root
 * }
 * ```
 *
 * @throws TypeError for a folder that is not empty, a file without a SHA-256, two files with the same
 *   bytes and different attestations, or a name that cannot be one in a folder; NameUnsafeError for a project's; the errors of the file system
 */
export async function writeOfflineBundle(folder: string, content: BundleContent): Promise<void> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) throw new TypeError(`${folder} is not empty`)
  const written = new Map<string, string | Uint8Array>()
  const pages = new Map<string, Map<string, IndexFile>>()
  const bySha256 = new Map<string, Uint8Array | undefined>()
  for (const { project: name, entry, provenance } of content.files) {
    const project = normalizeName(name)
    const { provenance: _, ...listed } = entry
    const files = pages.get(project) ?? new Map<string, IndexFile>()
    pages.set(project, files)
    const path = provenanceFileName(entry.hashes.get('sha256') ?? '')
    // Found by the digest: a bundle holds one answer for each.
    if (bySha256.has(path) && !areSame(bySha256.get(path), provenance)) {
      throw new TypeError(
        `${entry.filename} has the bytes of another file, and other attestations: leave one of them out`,
      )
    }
    bySha256.set(path, provenance)
    files.set(entry.filename, provenance ? { ...listed, provenance: `../../${path}` } : listed)
    if (provenance) written.set(path, provenance)
  }
  for (const [project, files] of pages) {
    const page = { apiVersion: '1.3', project, files: [...files.values()] }
    written.set(pageFileName(project), writePageJson(page))
  }
  for (const [name, bytes] of content.chain?.files ?? []) {
    const path = sigstoreFileName(name)
    if (path === undefined) throw new TypeError(`${name} cannot be a file of a bundle`)
    written.set(path, bytes)
  }
  for (const name of ['simple', 'provenance', 'sigstore/targets']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  const marker = `${JSON.stringify({ version: bundleVersion })}\n`
  for (const [name, bytes] of [...written, ['bundle.json', marker] as const]) {
    await writeFile(join(folder, ...name.split('/')), bytes, { flag: 'wx' })
  }
}
