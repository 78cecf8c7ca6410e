/**
 * Tries a layout on one project, step by step, and where a step fails, the other forms common among
 * indexes. It names a form that works with the setting for it.
 */
import { isTufError } from '../errors.js'
import { noPage, pagesAndFilesLayout, type Layout, type PageAddress } from './layouts.js'
import { normalizeName } from './names/names.js'
import type { PageRepository } from './pages/project-pages.js'
import type { ReleaseFile } from './pages/release-files.js'
import type { VouchedFile } from './verdict/verdict.js'
import { PypiView } from './view.js'

/** One thing that was tried. */
export interface DiagnosisStep {
  readonly step: 'page' | 'page content' | 'file' | 'file content'
  readonly ok: boolean
  /** A target path or a file name. */
  readonly subject: string
  /** A sentence without its full stop. */
  readonly reason: string
  /** Would mend it: that was tried too. */
  readonly setting?: { readonly name: string; readonly value: string | boolean }
}

/** The view and the layout to try. */
export interface DiagnosisContext {
  readonly repository: PageRepository
  readonly layout: Layout
  /** As the user wrote it: some indexes keep capitals and underscores. */
  readonly project: string
  readonly signal?: AbortSignal | undefined
}

const pageForms = ['simple/{project}/index.html', 'simple/{project}/', 'simple/{project}']
  .concat('simple/{project}.html', 'simple/{project}/index.json', '{project}/index.html')
  .concat('{project}/', '{project}', '{project}.html')

const fileForms = ['packages/{filename}', 'files/{filename}', '{filename}', '{project}/{filename}']
  .concat('simple/{project}/{filename}', 'packages/{project}/{filename}')
  .concat('{blake2b_path}/{filename}', 'packages/{blake2b_path}/{filename}')

/**
 * The steps up to the first that fails.
 *
 * @throws NameUnsafeError for an invalid project name; SnapshotGoneError; errors that are not this
 *   library's
 */
export async function* diagnose(context: DiagnosisContext): AsyncGenerator<DiagnosisStep> {
  const project = normalizeName(context.project)
  const page = await findPage(context, project)
  yield page.step
  if (!page.address) return
  const content = await readPage(context, project, page.address)
  yield content.step
  if (!content.view || !content.file) return
  const { view, file } = content
  const found = await findFile(context, view, project, file)
  yield found.step
  if (found.vouched) yield await readFile(context, view, found.vouched, file, page.address)
}

interface FoundPage {
  readonly step: DiagnosisStep
  readonly address?: PageAddress
}

async function findPage(context: DiagnosisContext, project: string): Promise<FoundPage> {
  const { layout } = context
  const addresses = layout.pages(project)
  for (const address of addresses) {
    const target = await find(context, address.path)
    if (typeof target === 'string') return { step: failed('page', address.path, target) }
    if (target === undefined) continue
    const reason = `a target, ${target.length} bytes long`
    return { step: { step: 'page', ok: true, subject: address.path, reason }, address }
  }
  const subject = addresses[0]?.path ?? layout.name
  const reason = noPage(layout, project)
  for (const name of new Set([project, context.project])) {
    for (const form of pageForms) {
      const path = form.replace('{project}', name)
      const target = await find(context, path)
      if (target === undefined || typeof target === 'string') continue
      if (name !== project) {
        const why = `${reason}; ${path} is one, but pages are asked for under ${project}`
        return { step: failed('page', subject, why) }
      }
      return { step: failed('page', subject, reason, { name: 'layout.page', value: form }) }
    }
  }
  return { step: failed('page', subject, reason) }
}

interface PageContent {
  readonly step: DiagnosisStep
  readonly view?: PypiView
  readonly file?: ReleaseFile
}

async function readPage(
  context: DiagnosisContext,
  project: string,
  address: PageAddress,
): Promise<PageContent> {
  const { repository, layout, signal } = context
  const viewOf = (one: PageAddress): PypiView =>
    new PypiView(repository, { ...layout, file: (q) => layout.file(q), pages: () => [one] })
  const view = viewOf(address)
  const subject = address.path
  const files = await attempt(() => view.files(project, { signal }))
  if ('error' in files) {
    const setting = await otherName(address, 'layout.pageHashPrefix', (hashPrefix) =>
      viewOf({ ...address, hashPrefix }).project(project, { signal }),
    )
    return { step: failed('page content', subject, files.error, setting) }
  }
  const file = smallest(files.value ?? [])
  if (file === undefined) {
    const reason = `it is verified, and lists no file of ${project}`
    return { step: failed('page content', subject, reason) }
  }
  const count = files.value?.length ?? 0
  const reason = `verified, lists ${count === 1 ? '1 file' : `${count} files`}`
  return { step: { step: 'page content', ok: true, subject, reason }, view, file }
}

interface FoundFile {
  readonly step: DiagnosisStep
  readonly vouched?: VouchedFile
}

async function findFile(
  context: DiagnosisContext,
  view: PypiView,
  project: string,
  file: ReleaseFile,
): Promise<FoundFile> {
  const { layout, signal } = context
  const { filename, version, entry } = file
  const found = await attempt(() => view.find(filename, { project, signal }))
  if ('error' in found) return { step: failed('file', filename, found.error) }
  if (found.value.vouched) {
    const { vouched } = found.value
    const reason = `vouched for by its ${vouched.target ? 'target and its page' : 'page'}`
    return { step: { step: 'file', ok: true, subject: filename, reason }, vouched }
  }
  const { verdict, reason } = found.value
  const advice = layout.filesAreTargets
    ? ''
    : '; write pages with hashes (#sha256=… in HTML), or register the files too (layout.file)'
  const why = `${verdict}: ${reason}${advice}`
  if (verdict === 'not-covered' || verdict === 'no-hash') {
    for (const form of fileForms) {
      const question = { project, version, filename, url: entry.url }
      const path = pagesAndFilesLayout({ file: form }).file(question)?.path
      const target = path === undefined ? undefined : await find(context, path)
      if (target === undefined || typeof target === 'string') continue
      return { step: failed('file', filename, why, { name: 'layout.file', value: form }) }
    }
  }
  return { step: failed('file', filename, why) }
}

async function readFile(
  context: DiagnosisContext,
  view: PypiView,
  vouched: VouchedFile,
  file: ReleaseFile,
  page: PageAddress,
): Promise<DiagnosisStep> {
  const { filename, address, target } = vouched
  const { signal } = context
  const fetchFrom = async (from: VouchedFile['address']): Promise<number> => {
    let length = 0
    for await (const chunk of view.stream({ ...vouched, address: from }, { signal })) {
      length += chunk.length
    }
    return length
  }
  const content = await attempt(() => fetchFrom(address))
  if ('value' in content) {
    const reason = `verified, ${content.value} bytes long`
    return { step: 'file content', ok: true, subject: filename, reason }
  }
  if (!target) {
    const why = `${content.error}; its page says where it is (layout.baseUrl for relative URLs)`
    return failed('file content', filename, why)
  }
  // Where pages have a setting of their own, that of the repository mends downloads as well.
  const own = address.hashPrefix !== undefined || page.hashPrefix === undefined
  const name = own ? 'layout.fileHashPrefix' : 'hashPrefix'
  const setting =
    (await otherName(address, name, (hashPrefix) => fetchFrom({ ...address, hashPrefix }))) ??
    (address.url === undefined && 'value' in (await attempt(() => fetchFrom(file.entry)))
      ? { name: 'layout.fileUrl', value: '{url}' }
      : undefined)
  return failed('file content', filename, content.error, setting)
}

/** Whether the other of the plain and the hash-prefixed name works, and the setting for it. */
async function otherName(
  address: PageAddress | VouchedFile['address'],
  name: string,
  work: (hashPrefix: boolean) => Promise<unknown>,
): Promise<DiagnosisStep['setting']> {
  if (address.url !== undefined) return undefined
  for (const value of [true, false]) {
    if (value === address.hashPrefix) continue
    if ('value' in (await attempt(() => work(value)))) return { name, value }
  }
  return undefined
}

/** A text says why it could not be asked. */
async function find(
  { repository, signal }: DiagnosisContext,
  path: string,
): Promise<Awaited<ReturnType<PageRepository['find']>> | string> {
  const found = await attempt(() => repository.find(path, { signal }))
  return 'error' in found ? found.error : found.value
}

async function attempt<T>(work: () => Promise<T>): Promise<{ value: T } | { error: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (!isTufError(error) || error.code === 'ERR_TUF_SNAPSHOT_GONE') throw error
    return { error: `${error.message} [${error.code}]` }
  }
}

/** The one that costs least; of files without a size the last, on most indexes the newest. */
function smallest(files: readonly ReleaseFile[]): ReleaseFile | undefined {
  const sized = files.filter(({ entry }) => entry.size !== undefined)
  if (sized.length === 0) return files.at(-1)
  return sized.reduce((least, file) =>
    (file.entry.size ?? 0) < (least.entry.size ?? 0) ? file : least,
  )
}

function failed(
  step: DiagnosisStep['step'],
  subject: string,
  reason: string,
  setting?: DiagnosisStep['setting'],
): DiagnosisStep {
  return { step, ok: false, subject, reason, ...(setting && { setting }) }
}
