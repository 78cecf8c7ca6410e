/**
 * A folder that a web server serves as an index: `packages/FILENAME`, and
 * `simple/PROJECT/index.html` written from those names and bytes, the same for the same files.
 * `published.json` keeps the list of registered files, because RSTUF does not list them.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultCryptography } from '#platform'
import { encodeHex } from '../core/bytes.js'
import { readChunks } from '../node/plain-file.js'
import { hasCode } from '../node/system-error.js'
import { parseFilename } from '../pypi/names/file-name.js'
import type { IndexFile } from '../pypi/pages/index-page.js'
import { writePageHtml } from '../pypi/pages/page-html.js'
import { isRecord } from './is-record.js'
import type { ArtifactInfo } from './rstuf-api.js'
import { UsageError } from './usage-error.js'

/** A page as it is written. */
export interface WrittenPage {
  readonly project: string
  readonly content: Uint8Array
  readonly info: ArtifactInfo
}

/** The folder's present content. */
export interface FolderContent {
  /** Target path → the entry to register. */
  readonly artifacts: ReadonlyMap<string, ArtifactInfo>
  readonly pages: readonly WrittenPage[]
  /** Names in `packages/` that are not files of a release. */
  readonly leftOut: readonly string[]
}

/** The files that the last run registered, and the hash-prefixed copies of the last two runs. */
export interface Published {
  readonly artifacts: ReadonlyMap<string, ArtifactInfo>
  readonly copies: readonly string[]
  readonly older: readonly string[]
}

/**
 * The hash functions that clients and RSTUF support: the SHA-256 that pip takes, and RSTUF's own.
 */
const hashNames = ['sha256', 'blake2b-256'] as const

/** @throws UsageError without any file of a release; the errors of the file system */
export async function readFolder(folder: string, signal: AbortSignal): Promise<FolderContent> {
  const artifacts = new Map<string, ArtifactInfo>()
  const projects = new Map<string, IndexFile[]>()
  const leftOut: string[] = []
  for (const filename of (await readdir(join(folder, 'packages'))).sort()) {
    const name = parseFilename(filename)
    if (name === undefined) {
      leftOut.push(filename)
      continue
    }
    const info = await infoOf(readChunks(join(folder, 'packages', filename), { signal }))
    artifacts.set(`packages/${filename}`, info)
    const url = `../../packages/${encodeURIComponent(filename)}`
    const file = { filename, url, hashes: new Map([['sha256', info.hashes['sha256'] ?? '']]) }
    projects.set(name.project, [...(projects.get(name.project) ?? []), file])
  }
  if (projects.size === 0) {
    throw new UsageError(`${join(folder, 'packages')} contains no wheel and no source distribution`)
  }
  const pages = []
  for (const [project, files] of projects) {
    const page = { apiVersion: '1.0', project, files }
    const content = new TextEncoder().encode(writePageHtml(page, { fileUrl: ({ url }) => url }))
    const info = await infoOf([content])
    artifacts.set(`simple/${project}/index.html`, info)
    pages.push({ project, content, info })
  }
  return { artifacts, pages, leftOut }
}

async function infoOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ArtifactInfo> {
  const hashers = hashNames.map((name) => [name, defaultCryptography.createHasher(name)] as const)
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    for (const [, hasher] of hashers) hasher.update(chunk)
  }
  const hashes = hashers.map(([name, hasher]) => [name, encodeHex(hasher.digest())] as const)
  return { length, hashes: Object.fromEntries(hashes) }
}

/** The copies under hash-prefixed names; they may be served before any metadata names them. */
export async function writeCopies(
  folder: string,
  pages: readonly WrittenPage[],
): Promise<readonly string[]> {
  const copies: string[] = []
  for (const { project, content, info } of pages) {
    await mkdir(join(folder, 'simple', project), { recursive: true })
    for (const digest of Object.values(info.hashes)) {
      const path = `simple/${project}/${digest}.index.html`
      await replace(join(folder, path), content)
      copies.push(path)
    }
  }
  return copies
}

/** The pages under their plain names. */
export async function writePages(folder: string, pages: readonly WrittenPage[]): Promise<void> {
  for (const { project, content } of pages) {
    await replace(join(folder, 'simple', project, 'index.html'), content)
  }
}

/** Removes pages of projects that are gone, and the older copies that are not in `kept`. */
export async function removeOthers(
  folder: string,
  { older }: Published,
  gone: readonly string[],
  kept: ReadonlySet<string>,
): Promise<void> {
  const pages = gone.filter((path) => pagePattern.test(path))
  const others = older.filter((path) => copyPattern.test(path) && !kept.has(path))
  for (const path of [...pages, ...others]) await rm(join(folder, path), { force: true })
}

const pagePattern = /^simple\/[a-z0-9-]+\/index\.html$/
const copyPattern = /^simple\/[a-z0-9-]+\/[0-9a-f]{64}\.index\.html$/

/** @throws UsageError when the file is not as it was written; the errors of the file system */
export async function readPublished(folder: string): Promise<Published> {
  const file = join(folder, 'published.json')
  let text
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return { artifacts: new Map(), copies: [], older: [] }
    }
    throw error
  }
  const value: unknown = JSON.parse(text)
  const { artifacts, copies, older }: Record<string, unknown> = isRecord(value) ? value : {}
  const infos = isRecord(artifacts) ? Object.entries(artifacts) : [['', undefined] as const]
  const known = new Map<string, ArtifactInfo>()
  for (const [path, info] of infos) {
    if (!isInfo(info)) throw new UsageError(`${file} is not as tuffet wrote it`)
    known.set(path, info)
  }
  if (!Array.isArray(copies) || !Array.isArray(older)) {
    throw new UsageError(`${file} is not as tuffet wrote it`)
  }
  return { artifacts: known, copies: copies.map(String), older: older.map(String) }
}

function isInfo(value: unknown): value is ArtifactInfo {
  return isRecord(value) && typeof value['length'] === 'number' && isRecord(value['hashes'])
}

export async function writePublished(folder: string, published: Published): Promise<void> {
  const { copies, older } = published
  const artifacts = Object.fromEntries([...published.artifacts].sort())
  await replace(
    join(folder, 'published.json'),
    `${JSON.stringify({ artifacts, copies, older }, null, 1)}\n`,
  )
}

/** A reader never sees half of it. */
async function replace(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}
