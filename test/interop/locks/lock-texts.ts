/** A lock file of `foo` 1.0 in each format, with the fields of a table's row. */
import { sdistName, sha256Of, wheelName } from './foreign-files.js'
import type { LockWorld } from './lock-world.js'

/** Digests of the repository's verified files, and of the attacker's files. */
export const digest = {
  wheel: sha256Of('good', wheelName),
  sdist: sha256Of('good', sdistName),
  foreignWheel: sha256Of('foreign', wheelName),
  foreignSdist: sha256Of('foreign', sdistName),
} as const

/** As poetry and pdm list them. */
export const listed = {
  wheel: `{ file = "${wheelName}", hash = "sha256:${digest.wheel}" }`,
  sdist: `{ file = "${sdistName}", hash = "sha256:${digest.sdist}" }`,
} as const

export const both = `files = [${listed.wheel}, ${listed.sdist}]\n`
export const wheelOnly = `files = [${listed.wheel}]\n`
export const sdistOnly = `files = [${listed.sdist}]\n`

/** The place of a file in the index. */
export function onIndex({ index }: LockWorld, filename: string): string {
  return index.replace(/simple\/$/, `files/${filename}`)
}

export function poetryLock(version: string, fields: string, metadata = ''): string {
  const category = version.startsWith('1') ? 'category = "main"\n' : ''
  const groups = version === '2.1' ? 'groups = ["main"]\n' : ''
  return [
    `[[package]]\nname = "foo"\nversion = "1.0"\ndescription = ""\n${category}optional = false`,
    `python-versions = "*"\n${groups}${fields}`,
    `[metadata]\nlock-version = "${version}"\npython-versions = ">=3.9"`,
    `content-hash = "CONTENT-HASH"\n${metadata}`,
  ].join('\n')
}

export function poetrySource(type: string, url: string, more = ''): string {
  return `[package.source]\ntype = "${type}"\nurl = "${url}"\n${more}`
}

export function fromIndex({ index }: LockWorld): string {
  return poetrySource('legacy', index.replace(/\/$/, ''), 'reference = "machine"\n')
}

/** Of poetry.lock 1.1. */
export function sharedFiles(...files: string[]): string {
  return `\n[metadata.files]\nfoo = [${files.join(', ')}]\n`
}

export function pdmLock(version: string, fields: string, more = ''): string {
  const strategy = version < '4.4' ? '"cross_platform"' : '"inherit_metadata"'
  const targets = version < '4.5' ? '' : '[[metadata.targets]]\nrequires_python = ">=3.9"\n'
  return [
    `[metadata]\ngroups = ["default"]\nstrategy = [${strategy}]\nlock_version = "${version}"`,
    `content_hash = "sha256:00"\n${targets}`,
    `[[package]]\nname = "foo"\nversion = "1.0"\nrequires_python = ">=3.9"\nsummary = ""\ngroups = ["default"]`,
    `${fields}\n${more}`,
  ].join('\n')
}

export function pipfileLock({ index }: LockWorld, foo: object): string {
  const sources = [{ name: 'machine', url: index, verify_ssl: false }]
  const meta = { hash: { sha256: '00' }, 'pipfile-spec': 6, requires: {}, sources }
  return JSON.stringify({ _meta: meta, default: { foo }, develop: {} }, undefined, 4)
}

export const pipHashes = [`sha256:${digest.wheel}`, `sha256:${digest.sdist}`]

export function uvLock(fields: string): string {
  return [
    'version = 1\nrevision = 1\nrequires-python = ">=3.9"',
    '[[package]]\nname = "demo-app"\nversion = "0.1.0"\nsource = { virtual = "." }',
    'dependencies = [{ name = "foo" }]',
    `[[package]]\nname = "foo"\nversion = "1.0"\n${fields}\n`,
  ].join('\n')
}

export function pylock(fields: string): string {
  return [
    'lock-version = "1.0"\nrequires-python = ">=3.9"\nextras = []',
    'dependency-groups = ["default"]\ndefault-groups = ["default"]\ncreated-by = "hand"',
    `[[packages]]\nname = "foo"\nversion = "1.0"\n${fields}\n`,
  ].join('\n')
}
