/** `name==version` becomes a requirement that pip can hold every file to (`--require-hashes`). */
import { isTufError } from '../../errors.js'
import { inParallel } from '../../client/in-parallel.js'
import { noPage } from '../layouts.js'
import { kindOf } from '../names/file-name.js'
import { parseMarker } from '../names/marker.js'
import { normalizeName, tryNormalizeName } from '../names/names.js'
import { parseVersion } from '../names/version.js'
import { otherFiles, releaseFiles } from '../pages/release-files.js'
import { agreement, type Agreement } from './attestation.js'
import { findFile } from './find-file.js'
import { withHashes } from './known-hashes.js'
import type { Verdict, VouchedFile } from './verdict.js'
import type { VerifyContext } from './verify-file.js'
import { worseOf } from './worse.js'

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
  /** `match` when there is a hash at all; `failed` where its page, say, cannot be used. */
  readonly verdict: Verdict
  /** Where attestations count: the policy asks for no more than this verdict. */
  readonly accepted?: true
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
  /** For `failed`: why it could not be judged. */
  readonly error?: unknown
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

/** The parts of `name[extras]==version ; marker`. */
interface RequirementParts {
  readonly name: string
  readonly extras: string
  readonly version: string
  readonly marker: string
}

/** @internal Throws TypeError for a text that is not `name==version`. */
export function splitRequirement(requirement: string): RequirementParts {
  const parts = pattern.exec(requirement)?.groups
  if (!parts) throw new TypeError(`${JSON.stringify(requirement)} is not NAME==VERSION`)
  const { name = '', version = '' } = parts
  const { extras = '', marker = '' } = parts
  const problem = problemOf({ name, extras, version, marker })
  if (problem === undefined) return { name, extras, version, marker }
  throw new TypeError(`${JSON.stringify(requirement)}: ${problem}`)
}

/** A text that pip could not read. */
function problemOf({ name, extras, version, marker }: RequirementParts): string | undefined {
  if (tryNormalizeName(name) === undefined) return 'it is not the name of a project'
  if (!parseVersion(version)) return 'it is not a version'
  const names = extras.slice(1, -1).trim()
  if (names !== '' && !names.split(',').every((one) => tryNormalizeName(one.trim()))) {
    return 'its extras are not names'
  }
  const text = marker.trim()
  // A quoted text may contain any character, and pip ends lines at many.
  if (/[\p{Zl}\p{Zp}]|(?!\t)\p{Cc}/u.test(text)) return 'its marker is not one line'
  return text !== '' && !parseMarker(text) ? 'its marker is not one' : undefined
}

/**
 * @internal
 *
 * @throws TypeError for a text that is not `name==version`, with or without extras and a marker;
 *   the signal's reason; errors that are not this library's
 */
export async function pinRequirement(
  context: VerifyContext,
  requirement: string,
  options: PinOptions = {},
): Promise<Pin> {
  const parts = splitRequirement(requirement)
  const base = { requirement, project: normalizeName(parts.name), version: parts.version }
  try {
    return await pinParts(context, base, parts, options)
  } catch (error) {
    if (options.signal?.aborted === true || !isTufError(error)) throw error
    return { ...base, verdict: 'failed', reason: error.message, files: [], left: [], error }
  }
}

async function pinParts(
  context: VerifyContext,
  base: Pick<Pin, 'requirement' | 'project' | 'version'>,
  { extras, version, marker }: RequirementParts,
  { concurrency = 8, signal }: PinOptions,
): Promise<Pin> {
  const { project } = base
  const page = await context.pages.get(project, signal)
  if (page === undefined) return none(base, noPage(context.layout, project), [])
  const candidates = releaseFiles(page, version)
  const files: PinnedFile[] = []
  const left: LeftFile[] = otherFiles(page).map(({ filename }) => ({
    filename,
    verdict: 'unknown',
    reason: `its name does not tell which release of ${project} it is`,
  }))
  page.page.leftOut?.forEach(({ name: filename, part, path, reason: why }) => {
    // Not a link to the folder above.
    if (part !== 'file' || kindOf(filename.slice(filename.lastIndexOf('/') + 1)) === undefined)
      return
    const reason = `its page lists it wrongly (${path}: ${why})`
    left.push({ filename, verdict: 'unknown', reason })
  })
  const looked = inParallel(
    candidates,
    concurrency,
    ({ filename }, either) => lookUp(context, filename, project, either),
    signal,
  )
  for await (const one of looked) {
    if ('vouched' in one) files.push(one)
    else left.push(one)
  }
  if (files.length === 0) return none(base, `there is no verified file of ${version}`, left)
  const hashes = [...new Set(files.map(({ sha256 }) => sha256))].sort()
  const condition = marker.trim() === '' ? '' : ` ; ${marker.trim()}`
  const text = [
    `${project}${extras.replaceAll(/\s/g, '')}==${version}${condition}`,
    ...hashes.map((hash) => `    --hash=sha256:${hash}`),
  ].join(' \\\n')
  const reason = left.length === 0 ? 'every file is verified' : `${left.length} are not verified`
  return { ...base, ...worstAgreement(files, reason), text, files, left }
}

/** On an index without signatures: as much as is true of every file. */
function worstAgreement(files: readonly PinnedFile[], reason: string): Agreement {
  const worst = files.map(({ vouched }) => agreement(vouched, reason)).reduce(worseOf)
  return worst.verdict === 'match' ? { verdict: 'match', reason } : worst
}

async function lookUp(
  context: VerifyContext,
  filename: string,
  project: string,
  signal: AbortSignal,
): Promise<PinnedFile | LeftFile> {
  const found = await findFile(context, filename, { project, signal })
  if (!found.vouched) return { filename, verdict: found.verdict, reason: found.reason }
  const { vouched } = found
  const hashes = await withHashes(context, vouched, ['sha256'], signal)
  return { vouched, sha256: hashes.get('sha256') ?? '' }
}

function none(
  base: Pick<Pin, 'requirement' | 'project' | 'version'>,
  reason: string,
  left: readonly LeftFile[],
): Pin {
  return { ...base, verdict: left[0]?.verdict ?? 'unknown', reason, files: [], left }
}
