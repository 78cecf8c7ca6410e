/**
 * Index pages in JSON (PEP 691, 700, 714, 740, 792). A file with a field of a wrong type is left out, a
 * page with one is refused; fields that are unknown are kept and written again.
 */
import { isPlainFilename, tryNormalizeName } from '../names/names.js'
import {
  type IndexFile,
  type IndexPage,
  type ParsePageOptions,
  type WritePageOptions,
  ownUrl,
  PageReader,
} from './index-page.js'

/** The media type of {@link writePageJson}'s result. */
export const jsonPageType = 'application/vnd.pypi.simple.v1+json'

/**
 * Reads a page.
 *
 * A file with a field that is missing or wrong is left out (`leftOut`), not the whole page.
 *
 * @throws IndexPageError for bytes that are not JSON, too long, of another project, of an unknown
 *   major version, or with a missing or wrong field; NameUnsafeError for the project's name
 *
 * @example
 * ```ts runs
 * import { parsePageJson } from 'tuffet/pypi'
 *
 * const json = JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'a', files: [] })
 * const options = { project: 'a', baseUrl: 'https://index.example.com/a/' }
 * parsePageJson(new TextEncoder().encode(json), options).files // []
 * ```
 */
export function parsePageJson(bytes: Uint8Array, options: ParsePageOptions): IndexPage {
  const reader = new PageReader(bytes, options)
  let value: unknown
  try {
    value = JSON.parse(reader.text)
  } catch (error) {
    throw reader.refusal('', 'it is not JSON', { cause: error })
  }
  const page = new Fields(reader, value, '')
  const meta = new Fields(reader, page.take('meta'), 'meta')
  const apiVersion = reader.apiVersion(meta.string('api-version'), 'meta.api-version')
  const name = page.string('name')
  if (tryNormalizeName(name) !== reader.project) {
    throw reader.refusal('name', `it is the page of ${JSON.stringify(name.slice(0, 200))}`)
  }
  const files = page.list(page.take('files'), 'files').flatMap((file, index) => {
    const read = (): IndexFile => parseFile(new Fields(reader, file, `files[${index}]`))
    return reader.attempt('file', nameOf(file), read) ?? []
  })
  const versions = page.optional('versions')
  const status = page.optional('project-status')
  return {
    apiVersion,
    project: reader.project,
    files,
    ...(reader.leftOut.length > 0 && { leftOut: reader.leftOut }),
    ...(versions !== undefined && { versions: page.strings(versions, 'versions') }),
    ...(status !== undefined && {
      projectStatus: parseStatus(new Fields(reader, status, 'project-status')),
    }),
    ...(meta.remaining.size > 0 && { meta: meta.remaining }),
    ...(page.remaining.size > 0 && { other: page.remaining }),
  }
}

/**
 * The page as JSON, with a line feed at its end.
 *
 * @example
 * ```ts runs
 * import { writePageJson } from 'tuffet/pypi'
 *
 * const hashes = new Map([['sha256', '0'.repeat(64)]])
 * const filename = 'a-1.0.tar.gz'
 * const files = [{ filename, url: `https://files.example.com/${filename}`, hashes }]
 * const json = writePageJson({ apiVersion: '1.0', project: 'a', files })
 * ```
 */
export function writePageJson(page: IndexPage, options: WritePageOptions = {}): string {
  const { apiVersion, project, files, versions, projectStatus } = page
  const { fileUrl = ownUrl } = options
  const value = object([
    ...(page.other ?? []),
    ['meta', object([...(page.meta ?? []), ['api-version', apiVersion]])],
    ['name', project],
    ['project-status', projectStatus],
    ['versions', versions],
    ['files', files.map((file) => fileObject(file, fileUrl(file)))],
  ])
  return `${JSON.stringify(value)}\n`
}

function nameOf(file: unknown): string {
  if (typeof file !== 'object' || file === null || !('filename' in file)) return ''
  return typeof file.filename === 'string' ? file.filename : ''
}

function parseFile(fields: Fields): IndexFile {
  const filename = fields.string('filename')
  if (!isPlainFilename(filename)) throw fields.refusal('filename', 'it is not a plain file name')
  const url = fields.reader.url(fields.string('url'), fields.path('url'))
  // Setting it makes a new URL of the whole text. `hash` is empty for a `#` at the end too.
  if (url.href.includes('#')) url.hash = ''
  const hashes = fields.hashes(fields.take('hashes'), 'hashes')
  const requiresPython = fields.optionalString('requires-python')
  const coreMetadata = fields.reader.attempt('core-metadata', filename, () =>
    parseCoreMetadata(fields),
  )
  const yanked = fields.optional('yanked')
  if (yanked !== undefined && typeof yanked !== 'boolean' && typeof yanked !== 'string') {
    throw fields.refusal('yanked', 'it is neither true, false nor a text')
  }
  const size = fields.optional('size')
  if (size !== undefined && !isLength(size)) throw fields.refusal('size', 'it is not a length')
  const uploadTime = fields.optionalString('upload-time')
  const provenance = fields.reader.attempt('provenance', filename, () => {
    const text = fields.optionalString('provenance')
    return text === undefined ? undefined : fields.reader.url(text, fields.path('provenance')).href
  })
  return {
    filename,
    url: url.href,
    hashes,
    ...(requiresPython !== undefined && { requiresPython }),
    ...(coreMetadata !== undefined && { coreMetadata }),
    ...(yanked !== undefined && { yanked: yanked !== '' && yanked }),
    ...(size !== undefined && { size }),
    ...(uploadTime !== undefined && { uploadTime }),
    ...(provenance !== undefined && { provenance }),
    ...(fields.remaining.size > 0 && { other: fields.remaining }),
  }
}

/** PEP 714: the new name counts, the older ones count where it is missing. */
function parseCoreMetadata(fields: Fields): IndexFile['coreMetadata'] {
  const names = ['core-metadata', 'dist-info-metadata', 'data-dist-info-metadata']
  const found = names.map((name) => ({ name, value: fields.optional(name) }))
  const first = found.find(({ value }) => value !== undefined)
  if (first === undefined) return undefined
  const { name, value } = first
  return typeof value === 'boolean' ? value : fields.hashes(value, name)
}

function parseStatus(fields: Fields): NonNullable<IndexPage['projectStatus']> {
  const reason = fields.optionalString('reason')
  return { status: fields.string('status'), ...(reason !== undefined && { reason }) }
}

function fileObject(file: IndexFile, url: string): object {
  const { coreMetadata } = file
  const metadata = typeof coreMetadata === 'object' ? object([...coreMetadata]) : coreMetadata
  return object([
    ...(file.other ?? []),
    ['filename', file.filename],
    ['url', url],
    ['hashes', object([...file.hashes])],
    ['requires-python', file.requiresPython],
    ['core-metadata', metadata],
    // For clients that are older than PEP 714.
    ['dist-info-metadata', metadata],
    ['yanked', file.yanked],
    ['size', file.size],
    ['upload-time', file.uploadTime],
    ['provenance', file.provenance],
  ])
}

/** Object.fromEntries makes `__proto__` an ordinary name; JSON.stringify leaves undefined out. */
function object(entries: readonly (readonly [name: string, value: unknown])[]): object {
  return Object.fromEntries(entries)
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** `Array.isArray` makes an unknown value `any[]`. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** The fields of one object, taken one by one; `null` is as if absent. */
class Fields {
  readonly reader: PageReader
  readonly remaining: Map<string, unknown>
  readonly #path: string

  constructor(reader: PageReader, value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw reader.refusal(path, value === undefined ? 'it is missing' : 'it is not an object')
    }
    this.reader = reader
    this.remaining = new Map(Object.entries(value))
    this.#path = path
  }

  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  refusal(name: string, reason: string): Error {
    return this.reader.refusal(this.path(name), reason)
  }

  optional(name: string): unknown {
    const value = this.remaining.get(name)
    this.remaining.delete(name)
    return value ?? undefined
  }

  take(name: string): unknown {
    const value = this.optional(name)
    if (value === undefined) throw this.refusal(name, 'it is missing')
    return value
  }

  string(name: string): string {
    return this.#string(this.take(name), name)
  }

  optionalString(name: string): string | undefined {
    const value = this.optional(name)
    return value === undefined ? undefined : this.#string(value, name)
  }

  list(value: unknown, name: string): readonly unknown[] {
    if (!isList(value)) throw this.refusal(name, 'it is not a list')
    return value
  }

  strings(value: unknown, name: string): string[] {
    return this.list(value, name).map((one, index) => this.#string(one, `${name}[${index}]`))
  }

  hashes(value: unknown, name: string): Map<string, string> {
    const hashes = new Map<string, string>()
    for (const [hash, digest] of new Fields(this.reader, value, this.path(name)).remaining) {
      const path = `${name}.${hash}`
      hashes.set(...this.reader.hash(hash, this.#string(digest, path), this.path(path)))
    }
    return hashes
  }

  #string(value: unknown, name: string): string {
    if (typeof value !== 'string') throw this.refusal(name, 'it is not a text')
    return value
  }
}
