/** A copy of sources and tests as JavaScript with every mutant in it, for plain processes of Node. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileTo, typescriptFiles } from '../../support/source-tree.js'
import { instrument, type Mutant } from './instrument.js'

export const project: string = fileURLToPath(new URL('../../../', import.meta.url))

/** Below node_modules, so that the packages are found; nobody commits it. */
export const cache: string = join(project, 'node_modules/.cache/tuffet-mutation')

/** The tree of the first look, which counts hits, and the one in which mutants are tried. */
export const trees = {
  covering: join(cache, `covering-${process.pid}`),
  plain: join(cache, `plain-${process.pid}`),
}

export function fellTrees(): void {
  for (const tree of Object.values(trees)) rmSync(tree, { recursive: true, force: true })
}

const copied = ['src', 'test', 'spec-vectors']
const globals = 'test/proof/mutation/jest-globals.js'

/** Writes both trees. */
export async function plantTrees(mutated: readonly string[]): Promise<readonly Mutant[]> {
  const { texts, mutants } = await instrument(project, mutated)
  fellTrees()
  for (const path of copied.flatMap(typescriptFiles).filter(isWanted)) {
    const text = texts.get(path) ?? readFileSync(join(project, path), 'utf8')
    const own = withOwnGlobals(path, text)
    compileTo(trees.covering, path, own)
    // Calls that count would cost most of the time.
    compileTo(trees.plain, path, texts.has(path) ? withoutCounters(own) : own)
  }
  for (const tree of Object.values(trees)) {
    for (const path of copied.flatMap(otherFiles)) linkTo(tree, path)
    writeFileSync(join(tree, 'package.json'), JSON.stringify({ type: 'module', imports }))
  }
  return mutants
}

const imports = {
  '#platform': './src/platform/node.js',
  '#thread': './src/worker/node/thread.js',
  '#worker': './src/worker/node/start.js',
}

export function digestOfVectors(): string {
  const hash = createHash('sha256')
  for (const path of otherFiles('spec-vectors').sort()) {
    hash.update(path).update(readFileSync(join(project, path)))
  }
  return hash.digest('hex')
}

function isWanted(path: string): boolean {
  return !/node_modules|^test\/(interop|types|examples)\/|^test\/real\/.*\.test\.ts$/.test(path)
}

function withOwnGlobals(path: string, text: string): string {
  if (!text.includes("'@jest/globals'")) return text
  const up = '../'.repeat(path.split('/').length - 1)
  return text.replace("'@jest/globals'", `'${up}${globals}'`)
}

function withoutCounters(text: string): string {
  return text.replaceAll(/(?<!function )stryCov_9fa48\((?:"\d+"(?:, )?)+\)/g, '0')
}

function otherFiles(path: string): string[] {
  return readdirSync(join(project, path), {
    recursive: true,
    encoding: 'utf8',
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length))
    .filter((name) => isWanted(name))
}

function linkTo(tree: string, path: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  symlinkSync(join(project, path), join(tree, path))
}
