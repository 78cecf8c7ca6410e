/**
 * Finds a repository's entry for a file name. Rules:
 * - the name says the project; a file is only ever known by its own project's page or target;
 * - on a page, names with the same parts mean the same file, as for installers; of several such
 *   entries, the one with exactly this name, else any of them: the digest decides;
 * - where pages are targets, a file that is not on the page is unknown;
 * - where files are targets, a file on the page that is not a target is not covered yet;
 * - page and target must agree, and every hash of a known function counts;
 * - where attestations count, the policy must accept those of the file.
 */
import type { JudgeFile } from '../../attestations/judge.js'
import type { PublisherPin } from '../../attestations/pins.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { resolveHash } from '../../core/keys/hash.js'
import type { TargetFile } from '../../core/metadata/model.js'
import { noPage, type Layout } from '../layouts.js'
import { parseFilename, type DistributionName } from '../names/file-name.js'
import { normalizeName } from '../names/names.js'
import type { IndexFile } from '../pages/index-page.js'
import type { PageRepository, ProjectPages, VerifiedPage } from '../pages/project-pages.js'
import { entriesNamed } from '../pages/release-files.js'
import type { Finding, Unvouched } from './verdict.js'

/** @internal The view and the layout. */
export interface FindContext {
  readonly cryptography: Cryptography
  readonly repository: PageRepository
  readonly layout: Layout
  readonly pages: ProjectPages
  /** Judges attestations; undefined where they do not count. */
  readonly judge: JudgeFile | undefined
  /** Whether pages come from an index without signatures. */
  readonly unsigned: boolean
}

/** How a file is asked about. */
export interface FindOptions {
  /** The required project. Default: the one in the file name. */
  readonly project?: string | undefined
  /** BLAKE2b-256 of its bytes in hexadecimal, where neither page nor URL tell it. */
  readonly blake2b?: string | undefined
  /** The publishers that count for it where the judge has no pin of its project. */
  readonly identities?: readonly PublisherPin[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** PEP 658: the core metadata of a file, beside it. */
const metadataSuffix = '.metadata'

/**
 * @internal As {@link findFiles}, for a name of one file.
 *
 * @throws as {@link findFiles}
 */
export async function findFile(
  context: FindContext,
  filename: string,
  options: FindOptions = {},
): Promise<Finding> {
  const [found, ...others] = await findFiles(context, filename, options)
  if (others.length === 0) return found
  return refused('unknown', 'its page lists several files whose names have the same parts')
}

/** @internal */
export type Findings = readonly [Finding, ...Finding[]]

/**
 * @internal The files that a name may mean, at least one; of several, the digest decides.
 * `<filename>.metadata` is found through its wheel's page.
 *
 * @throws NameUnsafeError for an invalid project name; IndexPageError; the errors of
 *   `Repository.find` and `Repository.read`
 */
export async function findFiles(
  context: FindContext,
  filename: string,
  options: FindOptions = {},
): Promise<Findings> {
  const project = options.project === undefined ? undefined : normalizeName(options.project)
  const isMetadata = filename.endsWith(metadataSuffix)
  const basename = isMetadata ? filename.slice(0, -metadataSuffix.length) : filename
  const name = parseFilename(basename, project)
  if (name === undefined) {
    return [refused('unknown', 'it is not the name of a wheel or a source distribution')]
  }
  if (project !== undefined && name.project !== project) {
    const difference = { what: 'project', expected: project, actual: name.project }
    return [{ ...refused('mismatch', `it is the name of a file of ${name.project}`), difference }]
  }
  const places = await findOnPage(context, basename, name, options)
  if ('verdict' in places) return [places]
  const find = async (onPage: OnPage | undefined): Promise<Finding> => {
    const listed = onPage?.entry.filename ?? basename
    if (isMetadata) return findMetadata(context, listed + metadataSuffix, name, onPage)
    const found = await findTarget(context, listed, name, onPage, options)
    return attested(context, found, onPage, options)
  }
  const [first, ...others] = places
  const found: [Finding, ...Finding[]] = [await find(first)]
  for (const other of others) found.push(await find(other))
  return found
}

interface OnPage extends VerifiedPage {
  readonly entry: IndexFile
}

/** At least one; undefined where pages are not targets. */
async function findOnPage(
  { layout, pages }: FindContext,
  filename: string,
  { project }: DistributionName,
  { signal }: FindOptions,
): Promise<readonly [OnPage | undefined, ...OnPage[]] | Unvouched> {
  if (layout.pages(project).length === 0) return [undefined]
  const page = await pages.get(project, signal)
  if (page === undefined) return refused('unknown', noPage(layout, project))
  const [first, ...others] = entriesNamed(page, filename).map((entry) => ({ ...page, entry }))
  if (first) return [first, ...others]
  const odd = page.page.leftOut?.find(({ name, part }) => part === 'file' && name === filename)
  if (odd === undefined) return refused('unknown', `the page of ${project} does not list it`)
  const { path, reason } = odd
  return refused('unknown', `the page of ${project} lists it wrongly (${path}: ${reason})`)
}

async function attested(
  { judge, unsigned }: FindContext,
  finding: Finding,
  onPage: OnPage | undefined,
  { identities, signal }: FindOptions,
): Promise<Finding> {
  if (judge === undefined || !finding.vouched) return finding
  const { project, version, filename, hashes, entry } = finding.vouched
  const links = { provenance: entry?.provenance, unreadableLink: unreadableLink(filename, onPage) }
  const file = { project, version, filename, sha256: hashes.get('sha256'), page: onPage?.url }
  const attestation = await judge({ ...file, ...links }, { identities, signal })
  const { verdict, accepted, reason } = attestation
  if (!accepted) return refused(verdict === 'match' ? 'mismatch' : verdict, reason)
  return { vouched: { ...finding.vouched, attestation, ...(unsigned && { unsigned }) } }
}

/** A link to attestations that the page's reader left out. */
function unreadableLink(filename: string, onPage: OnPage | undefined): string | undefined {
  const leftOut = onPage?.page.leftOut
  return leftOut?.find(({ part, name }) => part === 'provenance' && name === filename)?.reason
}

function findMetadata(
  context: FindContext,
  filename: string,
  name: DistributionName,
  onPage?: OnPage,
): Finding {
  if (context.unsigned)
    return refused('unknown', 'attestations are about files, not about their metadata')
  const coreMetadata = onPage?.entry.coreMetadata
  if (!onPage || !coreMetadata) return refused('unknown', 'no page lists this file')
  const facts = gather(context, coreMetadata === true ? [] : [{ hashes: coreMetadata }])
  if ('verdict' in facts) return facts
  const { project, version } = name
  const { target: page } = onPage
  const address = { url: metadataUrl(urlOf(context.layout, name, onPage.entry)) }
  return { vouched: { project, version, filename, page, address, ...facts } }
}

/** Where a file is that its page links to, for layouts that put it elsewhere. */
function urlOf(
  layout: Layout,
  { project, version }: Pick<DistributionName, 'project' | 'version'>,
  { filename, url }: IndexFile,
): string {
  return layout.file({ project, version, filename, url })?.url ?? url
}

/** The suffix belongs to the path, not to the query. */
function metadataUrl(url: string): string {
  return url.replace(/(?=\?)|$/, metadataSuffix)
}

async function findTarget(
  context: FindContext,
  filename: string,
  { project, version }: DistributionName,
  onPage: OnPage | undefined,
  { blake2b, signal }: FindOptions,
): Promise<Finding> {
  const { repository, layout } = context
  const entry = onPage?.entry
  const base = { project, version, filename, ...(onPage && { entry, page: onPage.target }) }
  const said = entry ? [{ length: entry.size, hashes: entry.hashes }] : []
  if (!layout.filesAreTargets) {
    const facts = gather(context, said)
    if ('verdict' in facts) return facts
    const address = entry ? { url: urlOf(layout, { project, version }, entry) } : {}
    return { vouched: { ...withEntry(base), address, ...facts } }
  }
  const address = layout.file({
    project,
    version,
    filename,
    // A verified page decides first about the file's URL.
    ...(entry ? { url: entry.url } : { blake2b }),
  })
  const missing = entry ? 'not-covered' : 'unknown'
  if (address === undefined) return refused(missing, 'its URL does not say which target it is')
  const { path, ...where } = address
  const target = await repository.find(path, { signal })
  if (target === undefined) {
    const reason = entry ? 'it is on its page, but not yet a target' : 'it is not a target'
    return refused(missing, `${reason} (${path})`)
  }
  const facts = gather(context, [target, ...said])
  if ('verdict' in facts) return facts
  return { vouched: { ...withEntry(base), target, address: where, ...facts } }
}

interface Base {
  readonly project: string
  readonly version: string
  readonly filename: string
  readonly entry?: IndexFile | undefined
  readonly page?: TargetFile
}

function withEntry({ entry, ...base }: Base): Omit<Base, 'entry'> & { entry?: IndexFile } {
  return { ...base, ...(entry && { entry }) }
}

interface Facts {
  readonly length?: number
  readonly hashes: ReadonlyMap<string, string>
}

/** A page, or a target. */
interface Place {
  readonly length?: number | undefined
  readonly hashes: ReadonlyMap<string, string>
}

/** All that several places say of a file, if they agree and there is a hash that counts. */
function gather({ cryptography }: FindContext, places: readonly Place[]): Facts | Unvouched {
  const hashes = new Map<string, string>()
  let length: number | undefined
  for (const place of places) {
    for (const [name, digest] of place.hashes) {
      const hash = resolveHash(name, digest, cryptography.hashNames)
      if (hash === undefined) continue
      const before = hashes.get(hash) ?? digest
      if (before !== digest) return disagreement(hash, before, digest)
      hashes.set(hash, digest)
    }
    if (place.length === undefined) continue
    length ??= place.length
    if (length !== place.length) return disagreement('length', `${length}`, `${place.length}`)
  }
  if (hashes.size === 0) return refused('no-hash', 'the repository lists no usable hash of it')
  return { hashes, ...(length !== undefined && { length }) }
}

function disagreement(what: string, expected: string, actual: string): Unvouched {
  return {
    ...refused('mismatch', `its page and its target disagree about its ${what}`),
    difference: { what, expected, actual },
  }
}

function refused(verdict: Unvouched['verdict'], reason: string): Unvouched {
  return { verdict, reason }
}
