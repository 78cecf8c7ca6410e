/** From the chosen targets and locked files to the files of a mirror, each with its check. */
import type { Repository, TargetFile } from '../index.js'
import type { TargetAddress } from '../client/target.js'
import { TargetNotFoundError } from '../errors.js'
import { writeWhole } from '../node/batch-writer.js'
import { downloadFile } from '../node/download-file.js'
import { isTargetFile } from '../node/is-target-file.js'
import type { MirroredTarget } from '../node/mirror/mirrored-target.js'
import { treePath, treePathOfUrl } from '../node/mirror/tree-path.js'
import { replaceFile } from '../node/replace-file.js'
import type { Layout } from '../pypi/layouts.js'
import { saveFile } from '../pypi/verdict/stream-file.js'
import type { VouchedFile } from '../pypi/verdict/verdict.js'
import type { PypiView } from '../pypi/view.js'
import { count } from '../words/amounts.js'
import type { MirrorChoice } from './mirror-choice.js'
import type { Gaps } from './mirror-gaps.js'
import { NotVerifiedError } from './not-verified-error.js'

/** A file of the mirror. */
export interface ChosenFile extends MirroredTarget {
  /** Its target path, or the name of a distribution. */
  readonly name: string
  /** Whether it was asked for by its name, or by a lock file. */
  readonly isAsked: boolean
}

/** Where files are, and how they are fetched. */
export interface FileSource {
  readonly repository: Repository
  readonly targetsUrl: string
  /** Bytes, for files whose page states no length. */
  readonly maxUnsizedLength: number | undefined
  readonly signal: AbortSignal
  /** Called after each step that may load roles. */
  readonly onRoles: () => Promise<void>
  readonly gaps: Gaps
}

/** The most of a choice. */
export interface MostChosen {
  /** Files that no PATH names. */
  readonly files: number
  /** Bytes of all roles. */
  readonly metadata: number
}

/** How many paths beyond the bound are searched for too, so that those that can be found are named. */
const mostNamed = 1_000

type TargetSource = Omit<FileSource, 'targetsUrl'> & { readonly targetsUrl: string | undefined }

/**
 * The chosen targets that can be found. Unless only a part is wanted, every role is loaded on the way.
 *
 * @throws the errors of a search that are no gap
 */
export async function chosenTargets(
  choice: MirrorChoice,
  { targetsUrl, ...source }: TargetSource,
  most: MostChosen,
): Promise<ChosenFile[]> {
  const { repository, onRoles, signal, gaps } = source
  const find = async (path: string, isAsked: boolean): Promise<ChosenFile | undefined> => {
    const target = await repository.find(path, { signal })
    // A role may list paths that nobody delegated to it.
    if (!target && !isAsked) return undefined
    if (!target) throw new TargetNotFoundError(path)
    if (targetsUrl === undefined) throw new TypeError('targets need a targets URL')
    return { name: path, isAsked, ...mirrored(target, {}, { ...source, targetsUrl }) }
  }
  const asked = new Map<string, ChosenFile | undefined>()
  // Before the walk: no search finds afterwards where a limit ended it.
  for (const path of choice.paths) {
    if (asked.has(path)) continue
    asked.set(path, await gaps.around(() => find(path, true), { target: path }, true))
    await onRoles()
  }
  const found: ChosenFile[] = []
  const beyond = beyondFiles(most)
  for (const path of choice.partial ? [] : await matchingPaths(choice, source, most)) {
    if (asked.has(path)) continue
    const file = await gaps.around(() => find(path, false), { target: path })
    await onRoles()
    if (!file) continue
    if (found.length < most.files) found.push(file)
    else gaps.note(beyond, { target: path })
  }
  return [...[...asked.values()].filter((file) => file !== undefined), ...found]
}

/** What the roles list and the choice matches. A role that lists more than the bound has room for is a gap. */
async function matchingPaths(
  { all, paths, patterns }: MirrorChoice,
  { repository, onRoles, signal, gaps }: Omit<TargetSource, 'targetsUrl'>,
  most: MostChosen,
): Promise<ReadonlySet<string>> {
  const asked = new Set(paths)
  const matchers = [...patterns.values()]
  const isMatch = (path: string): boolean => all || matchers.some((matches) => matches(path))
  const matching = new Set<string>()
  const leaveOut = (error: unknown, role: string, delegator: string): boolean =>
    gaps.note(error, { role, delegator })
  for await (const role of repository.walk({ signal, leaveOut, mostBytes: most.metadata })) {
    await onRoles()
    if (!all && matchers.length === 0) continue
    for (const path of role.signed.targets.keys()) {
      if (matching.has(path) || asked.has(path) || !isMatch(path)) continue
      if (matching.size < most.files + mostNamed) {
        matching.add(path)
        continue
      }
      gaps.note(beyondFiles(most), { role: role.role })
      break
    }
  }
  return matching
}

function beyondFiles({ files }: MostChosen): NotVerifiedError {
  return new NotVerifiedError(`--mirror-files allows ${count(files, 'file')} in all`)
}

/**
 * The files of a lock file with their pages, and the core metadata that their pages offer.
 *
 * @throws the errors of a search that are no gap
 */
export async function lockedTargets(
  files: readonly VouchedFile[],
  view: PypiView,
  source: FileSource,
): Promise<ChosenFile[]> {
  const { signal, gaps } = source
  const found: ChosenFile[] = []
  const pages = new Set<string>()
  const add = async (
    name: string,
    find: () => MirroredTarget | undefined | Promise<MirroredTarget | undefined>,
  ): Promise<void> => {
    const file = await gaps.around(find, { target: name }, true)
    if (file) found.push({ name, isAsked: true, ...file })
  }
  for (const file of files) {
    const { page, project, filename } = file
    await add(filename, () => mirroredFile(file, source))
    if (page && !pages.has(page.path)) {
      pages.add(page.path)
      await add(page.path, () => mirroredPage(page, addressOf(view.layout, file), source))
    }
    const { coreMetadata = false } = file.entry ?? {}
    if (coreMetadata === false) continue
    const name = `${filename}.metadata`
    await add(name, async () => {
      const { vouched } = await view.find(name, { project, signal })
      return vouched && mirroredFile(vouched, source)
    })
  }
  return found
}

function addressOf(layout: Layout, { project, page }: VouchedFile): TargetAddress {
  const { url, hashPrefix } = layout.pages(project).find(({ path }) => path === page?.path) ?? {}
  return { url, hashPrefix }
}

function mirrored(target: TargetFile, address: TargetAddress, source: FileSource): MirroredTarget {
  const { repository } = source
  return {
    paths: pathsOf(target, address, source),
    content: contentOf(target.hashes),
    length: target.length,
    bring: async (path, either) => {
      const from = { downloadSource: () => repository.downloadSource(target, address) }
      await downloadFile(from, target, path, { signal: either })
    },
  }
}

/** The view read the page a moment ago, and keeps it. */
function mirroredPage(
  target: TargetFile,
  address: TargetAddress,
  source: FileSource,
): MirroredTarget {
  const { repository } = source
  return {
    ...mirrored(target, address, source),
    bring: async (path, signal) => {
      if (await isTargetFile(path, target, { signal })) return
      const bytes = await repository.read(target.path, { ...address, signal })
      await replaceFile(path, (file) => writeWhole(file, [bytes]), signal)
    },
  }
}

function mirroredFile(vouched: VouchedFile, source: FileSource): MirroredTarget {
  const { repository, maxUnsizedLength } = source
  const { target, address, hashes, length } = vouched
  return {
    paths: [...(target ? pathsOf(target, address, source) : []), ...linkedPaths(vouched, source)],
    content: contentOf(hashes),
    length,
    bring: (path, signal) => saveFile(repository, vouched, path, { signal, maxUnsizedLength }),
  }
}

/** A target is where its path leads, also where the layout found it elsewhere. */
function pathsOf(
  target: TargetFile,
  { hashPrefix }: TargetAddress,
  { repository, targetsUrl }: FileSource,
): string[] {
  const { urls } = repository.downloadSource(target, { hashPrefix })
  return urls.map((url) => treePathOfUrl(url, targetsUrl))
}

/**
 * Where its page links to, below the targets; for a link to another host readers name this place by `--file-url`. A
 * target needs it only for the core metadata beside it.
 */
function linkedPaths(vouched: VouchedFile, { targetsUrl }: FileSource): string[] {
  const { project, filename, address, entry, target } = vouched
  const url = (target ? entry?.url : address.url) ?? ''
  const base = targetsUrl.endsWith('/') ? targetsUrl : `${targetsUrl}/`
  if (url.startsWith(base)) return target ? [] : [treePathOfUrl(url, base)]
  return url === '' ? [] : [treePath(`files/${project}/${encodeURIComponent(filename)}`)]
}

/** SHA-256 where it is listed, so that the order of hashes does not matter. */
function contentOf(hashes: ReadonlyMap<string, string>): string {
  const [name, digest] = [...hashes].find(([one]) => one === 'sha256') ?? [...hashes][0] ?? []
  return `${name ?? ''}:${digest ?? ''}`
}
