/** `name==version` becomes a requirement that pip can hold every file to (`--require-hashes`). */
import { findFile } from './find-file.js'
import { inParallel } from './in-parallel.js'
import { withHashes } from './known-hashes.js'
import { normalizeName } from './names.js'
import { otherFiles, releaseFiles } from './release-files.js'
import type { Finding, Verdict, VouchedFile } from './verdict.js'
import type { VerifyContext } from './verify-file.js'

/** All optional. */
export interface PinOptions {
  /** How many files are looked up at once. Default 8. */
  readonly concurrency?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A requirement with its hashes. */
export interface Pin {
  /** As it was given. */
  readonly requirement: string
  /** Normalised. */
  readonly project: string
  /** As it was given. */
  readonly version: string
  /** `match` when there is a hash at all. */
  readonly verdict: Verdict
  /** A sentence without its full stop. */
  readonly reason: string
  /** For requirements.txt, without a line feed at its end; undefined without a verified file. */
  readonly text?: string
  readonly files: readonly PinnedFile[]
  /**
   * Files of the release that are not vouched for, and others on the page whose names do not tell
   * whether they are of it: pip will refuse them.
   */
  readonly left: readonly LeftFile[]
}

/** A file that a pin allows. */
export interface PinnedFile {
  readonly vouched: VouchedFile
  /** In lower-case hexadecimal. */
  readonly sha256: string
}

/** A file that a pin does not allow. */
export interface LeftFile {
  readonly filename: string
  readonly verdict: Verdict
  readonly reason: string
}

const pattern =
  /^\s*(?<name>[a-z0-9][a-z0-9._-]*)(?:\s*(?<extras>\[[^[\]]*\]))?\s*==\s*(?<version>[a-z0-9!.+_-]+)\s*(?:;(?<marker>[^#]*))?(?:\s#.*)?$/i

/** What `name[extras]==version ; marker` says. */
interface RequirementParts {
  readonly name: string
  readonly extras: string
  readonly version: string
  readonly marker: string
}

/** @internal Throws TypeError for what is not `name==version`. */
export function splitRequirement(requirement: string): RequirementParts {
  const { name, extras = '', version, marker = '' } = pattern.exec(requirement)?.groups ?? {}
  if (name !== undefined && version !== undefined) return { name, extras, version, marker }
  throw new TypeError(`${JSON.stringify(requirement)} is not NAME==VERSION`)
}

/**
 * @internal
 *
 * @throws TypeError for what is not `name==version`, with extras and a marker or without;
 *   NameUnsafeError; what finding and reading a file throws
 */
export async function pinRequirement(
  context: VerifyContext,
  requirement: string,
  { concurrency = 8, signal }: PinOptions = {},
): Promise<Pin> {
  const { name, extras, version, marker } = splitRequirement(requirement)
  const project = normalizeName(name)
  const base = { requirement, project, version }
  const page = await context.pages.get(project, signal)
  if (page === undefined) return none(base, `the repository has no page of ${project}`, [])
  const candidates = releaseFiles(page, version)
  const files: PinnedFile[] = []
  const left: LeftFile[] = otherFiles(page).map(({ filename }) => ({
    filename,
    verdict: 'unknown',
    reason: `its name does not tell of which release of ${project} it is`,
  }))
  const looked = inParallel(
    candidates,
    concurrency,
    ({ filename }, either) => lookUp(context, filename, project, either),
    signal,
  )
  for await (const { filename, found, sha256 } of looked) {
    if (found.vouched) files.push({ vouched: found.vouched, sha256 })
    else left.push({ filename, verdict: found.verdict, reason: found.reason })
  }
  if (files.length === 0) return none(base, `there is no verified file of ${version}`, left)
  const hashes = [...new Set(files.map(({ sha256 }) => sha256))].sort()
  const condition = marker.trim() === '' ? '' : ` ; ${marker.trim()}`
  const text = [
    `${project}${extras.replaceAll(/\s/g, '')}==${version}${condition}`,
    ...hashes.map((hash) => `    --hash=sha256:${hash}`),
  ].join(' \\\n')
  const reason = left.length === 0 ? 'every file is verified' : `${left.length} are not verified`
  return { ...base, verdict: 'match', reason, text, files, left }
}

async function lookUp(
  context: VerifyContext,
  filename: string,
  project: string,
  signal: AbortSignal,
): Promise<{ filename: string; found: Finding; sha256: string }> {
  const found = await findFile(context, filename, { project, signal })
  if (!found.vouched) return { filename, found, sha256: '' }
  const hashes = await withHashes(context, found.vouched, ['sha256'], signal)
  return { filename, found, sha256: hashes.get('sha256') ?? '' }
}

function none(
  base: Pick<Pin, 'requirement' | 'project' | 'version'>,
  reason: string,
  left: readonly LeftFile[],
): Pin {
  return { ...base, verdict: left[0]?.verdict ?? 'unknown', reason, files: [], left }
}
