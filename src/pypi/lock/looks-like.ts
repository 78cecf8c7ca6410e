/** Files that people take for lock files, by their content, so that a message can name them. */
import { LockFileError } from '../../errors.js'
import type { LockTable } from './table.js'

/** The known kinds of JSON objects. */
const inJson: readonly (readonly [fields: readonly string[], name: string])[] = [
  [['lockfileVersion'], 'a package-lock.json of npm'],
  [['packages', 'packages-dev'], 'a composer.lock of PHP'],
  [['pip_version', 'install'], 'a report of pip'],
  [['bomFormat'], 'a bill of materials (CycloneDX)'],
  [['spdxVersion'], 'a bill of materials (SPDX)'],
  [['meta', 'files'], 'an index page'],
  [['signed', 'signatures'], 'TUF metadata'],
  [['metadataUrl'], 'the settings of tuffet'],
  [['name', 'version'], 'a package.json of npm'],
  [['dependencies'], 'a package.json of npm'],
]

/** The known kinds of TOML tables. */
const inToml: readonly (readonly [field: string, name: string])[] = [
  ['project', 'a pyproject.toml, which locks nothing'],
  ['build-system', 'a pyproject.toml, which locks nothing'],
  ['tool', 'a pyproject.toml, which locks nothing'],
  ['packages', 'a Pipfile, which locks nothing'],
  ['source', 'a Pipfile, which locks nothing'],
  ['dependencies', 'a manifest of another tool'],
]

const inText: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\s*(?:<!doctype|<html|<\?xml)/i, 'a web page'],
  [/^-----BEGIN PGP SIGNED MESSAGE-----/, 'a clear-signed document'],
  [/^-----BEGIN /, 'a key, a certificate or a signature'],
  [/^(?:#[^\n]*\n|\s)*(?:name|channels|dependencies|lockfileVersion|version): ?/, 'YAML'],
  [/^(?:#[^\n]*\n|\s)*(?:import|from) [\w.]+/, 'a Python program'],
]

/** The kind of a JSON object that is not a Pipfile.lock; undefined if unknown. */
export function jsonLooksLike(root: LockTable): string | undefined {
  return inJson.find(([fields]) => fields.every((field) => root.has(field)))?.[1]
}

/** The kind of a TOML document that is not a lock file. */
export function tomlLooksLike(root: LockTable): string | undefined {
  if (root.has('package')) return 'a lock file of another tool'
  return inToml.find(([field]) => root.has(field))?.[1]
}

/** @throws LockFileError for a text that is neither JSON nor TOML, and of a kind that locks nothing */
export function refuseOtherText(text: string, file: string): void {
  const start = text.slice(0, 10_000)
  const looks = inText.find(([pattern]) => pattern.test(start))?.[1]
  if (looks !== undefined) throw notALock(file, looks)
}

/** The refusal of a file in an unknown format. */
export function notALock(file: string, looks: string | undefined): LockFileError {
  const signed = looks === 'a clear-signed document'
  const advice = signed ? ': verify the signature first, then give the text that it signs' : ''
  const reason = looks === undefined ? '' : `; it looks like ${looks}${advice}`
  return new LockFileError({ file }, `it is not a lock file of a known format${reason}`)
}
