/** One requirement of requirements.txt, as pip takes it: a name, a URL, or a path. */
import { isArchiveName, parseFilename } from '../names/file-name.js'
import { parseMarker } from '../names/marker.js'
import { filenameOfUrl, isPlainFilename } from '../names/names.js'
import { parseSpecifiers, pinnedVersion } from '../names/specifier.js'
import type { LockEntry } from './entry.js'
import { type Hash, type LockPlace, show } from './place.js'
import type { RequirementLine } from './requirement-lines.js'

/** The facts about its origin and its files. */
type Found = Pick<
  LockEntry,
  'name' | 'version' | 'files' | 'anyFile' | 'origin' | 'location' | 'subdirectory'
>

/** Options that a build is given. */
const forBuilds: readonly string[] = ['--config-settings', '--global-option']
/** Options that are allowed after a requirement. */
export const perRequirement: readonly string[] = ['--hash', '--editable', ...forBuilds]
/** A name, its extras, and a character that cannot continue the name. */
const named =
  /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[[a-z0-9._\s,-]*\]\s*)?([^a-z0-9._[\s-].*)?$/is
const systems = /^(?:git|hg|bzr|svn|sftp|ssh)(?:\+[a-z0-9]+)?:/i
const urls = /^(?:https?|file|ftp):/i

/**
 * Reads the requirement that a line is.
 *
 * @throws LockFileError
 */
export function parseRequirement(line: RequirementLine): LockEntry {
  const { place } = line
  const other = line.options.find(({ name }) => !perRequirement.includes(name))
  if (other) throw line.refusal(`${other.name} is not allowed after a requirement`)
  const editables = line.values('--editable')
  if (editables.length > (line.requirement === '' ? 1 : 0)) {
    throw line.refusal('-e is not allowed after a requirement')
  }
  const text = editables[0] ?? line.requirement
  const hashes = line.values('--hash').map((value) => place.hash(value))
  if (editables.length > 0 && hashes.length > 0) {
    throw line.refusal('pip does not compare the hashes of -e')
  }
  // pip looks for `; ` after a URL, where a semicolon may be part of it, and for `;` elsewhere.
  const separator = isUrl(text) ? '; ' : ';'
  const at = text.indexOf(separator)
  const marker = at < 0 ? '' : text.slice(at + 1).trim()
  const subject = (at < 0 ? text : text.slice(0, at)).trim()
  const found =
    editables.length > 0 ? parseEditable(subject, place) : parseSubject(subject, hashes, place)
  if (marker !== '' && !parseMarker(marker)) {
    throw line.refusal(`${found.name}: the marker ${show(marker)} is not understood`)
  }
  return {
    ...found,
    ...(forBuilds.some((name) => line.has(name)) && { buildOptions: true }),
    ...(marker !== '' && { marker }),
    source: place.file,
    line: line.line,
  }
}

/**
 * The argument of `-e` never comes from an index: `-e foo` is the folder `foo`, not the project.
 */
function parseEditable(text: string, place: LockPlace): Found {
  const atUrl = /^[^@]*@\s*(?=[a-z][a-z0-9+.-]*:)/i.test(text)
  if (isUrl(text) || (atUrl && named.test(text))) return parseSubject(text, [], place)
  const path = withoutExtras(text)
  if (path === '' || atUrl) throw place.refusal(`-e ${show(text)} is not a folder`)
  return { ...fromPath(path, [], place), name: '', version: undefined }
}

function parseSubject(text: string, hashes: readonly Hash[], place: LockPlace): Found {
  if (isUrl(text)) return fromUrl(text, undefined, hashes, place)
  const [, name, rest = ''] = named.exec(text) ?? []
  if (name !== undefined && rest.startsWith('@')) {
    return fromUrl(rest.slice(1).trim(), place.project(name), hashes, place)
  }
  const path = withoutExtras(text)
  if (path.includes('/') || path.startsWith('.') || isArchiveName(path)) {
    return fromPath(path, hashes, place)
  }
  const specifiers = parseSpecifiers(/^\((.*)\)$/s.exec(rest)?.[1] ?? rest)
  if (name === undefined || specifiers === undefined) {
    throw place.refusal(`${show(text)} is not understood`)
  }
  return {
    name: place.project(name),
    version: pinnedVersion(specifiers),
    files: hashes.map((hash) => ({ hashes: new Map([hash]) })),
    anyFile: true,
  }
}

function fromUrl(
  text: string,
  name: string | undefined,
  hashes: readonly Hash[],
  place: LockPlace,
): Found {
  const { url, hashes: inUrl, egg, subdirectory } = place.url(text)
  const inside = subdirectory === undefined ? {} : { subdirectory }
  if (systems.test(url)) {
    const project = name ?? eggName(egg, place)
    return { name: project, version: undefined, files: [], origin: 'vcs', location: url, ...inside }
  }
  if (!urls.test(url)) throw place.refusal(`${show(url)} is not a URL that pip reads`)
  return {
    ...fromFilename(filenameOfUrl(url), name ?? eggName(egg, place), {
      url,
      hashes: [...hashes, ...inUrl],
      place,
    }),
    origin: 'url',
    location: url,
    ...inside,
  }
}

function fromPath(path: string, hashes: readonly Hash[], place: LockPlace): Found {
  if (/[#\p{Cc}]/u.test(path)) {
    throw place.refusal(`${show(path)} is not a path: pip does not read fragments of paths`)
  }
  const filename = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const found = isArchiveName(filename) && isPlainFilename(filename) ? filename : undefined
  return { ...fromFilename(found, '', { hashes, place }), origin: 'path', location: path }
}

/** `name` is the written name, or empty. A file without hashes is not listed. */
function fromFilename(
  filename: string | undefined,
  name: string,
  file: { readonly url?: string; readonly hashes: readonly Hash[]; readonly place: LockPlace },
): Pick<LockEntry, 'name' | 'version' | 'files' | 'anyFile'> {
  const { hashes, place } = file
  const release = filename === undefined ? undefined : parseFilename(filename, name || undefined)
  const project = name || (release?.project ?? '')
  if (release?.kind === 'wheel' && release.project !== project) {
    const reason = `${show(filename ?? '')} is a wheel of ${release.project}, not of ${project}`
    throw place.refusal(reason)
  }
  const base = { name: project, version: release?.version }
  // pip takes any of them. pipenv writes those of all files of the release.
  if (release && new Set(hashes.map(([hash]) => hash)).size < hashes.length) {
    return { ...base, files: hashes.map((hash) => ({ hashes: new Map([hash]) })), anyFile: true }
  }
  return { ...base, files: hashes.length > 0 ? [place.lockedFile({ filename, ...file })] : [] }
}

function withoutExtras(text: string): string {
  return text.replace(/\[[a-z0-9._\s,-]*\]$/i, '').trim()
}

/** `egg=name[extra]==1.0` was allowed once; only a name is, with its extras. */
function eggName(egg: string | undefined, place: LockPlace): string {
  if (egg === undefined) return ''
  const extras = egg.endsWith(']') ? egg.indexOf('[') : -1
  return place.project(extras < 0 ? egg : egg.slice(0, extras))
}

function isUrl(text: string): boolean {
  return systems.test(text) || urls.test(text)
}
