/**
 * The programs of the runtimes that are tried, each from a npm package in a folder of its own below
 * node_modules/.cache: they are large, and few need them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The oldest Node that is promised, and the newest of each line since. */
export const nodeVersions = ['20.19.0', '22.23.3', '24.21.0', '26.10.0']

/** One that every program in the tests runs on. */
export const nodeForPeers = '24.21.0'

/** Where a program is, or why it is missing. */
export type Program = { readonly path: string } | { readonly reason: string }

/** A package with a program: the version, where its install script puts it, and its own name for itself. */
interface Packed {
  readonly version: string
  readonly file: string
  readonly says: RegExp
}

const packages = {
  deno: { version: '2.9.6', file: 'deno/deno', says: /^deno 2\.9\.6\b/ },
  bun: { version: '1.4.5', file: 'bun/bin/bun.exe', says: /^1\.4\.5$/ },
  // The second number is the newest compatibility date.
  workerd: { version: '1.20260426.1', file: 'workerd/bin/workerd', says: /^workerd 2026-04-26$/ },
} as const satisfies Record<string, Packed>

/** A runtime that is a package of its own name. */
export type PackedRuntime = keyof typeof packages

/** The version that is tried. */
export function packedVersion(name: PackedRuntime): string {
  return packages[name].version
}

/** Node in a version; it is installed when missing. */
export function nodeProgram(version: string): Program {
  if (process.versions.node === version) return { path: process.execPath }
  const says = new RegExp(`^v${version.replaceAll('.', '\\.')}$`)
  return installed('node', { version, file: 'node/bin/node', says })
}

/** Deno, Bun or workerd; it is installed when missing. */
export function packedProgram(name: PackedRuntime): Program {
  return installed(name, packages[name])
}

function installed(name: string, { version, file, says }: Packed): Program {
  const folder = fileURLToPath(
    new URL(`../../node_modules/.cache/runtimes/${name}-${version}`, import.meta.url),
  )
  const path = `${folder}/node_modules/${file}`
  if (answers(path, says)) return { path }
  mkdirSync(folder, { recursive: true })
  if (!existsSync(`${folder}/package.json`)) {
    writeFileSync(`${folder}/package.json`, '{ "private": true }\n')
  }
  // Its install script puts the program for this machine in its place.
  const args = ['install', '--no-save', '--ignore-scripts=false', `${name}@${version}`]
  const npm = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' })
  if (answers(path, says)) return { path }
  const said = npm.error?.message ?? npm.stderr.trim().split('\n').at(-1) ?? ''
  return { reason: `${name}@${version} cannot be installed: ${said}` }
}

function answers(path: string, says: RegExp) {
  const { error, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return !error && says.test(stdout.trim())
}
