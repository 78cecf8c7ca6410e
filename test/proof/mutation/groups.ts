/** The folders whose mutants are tried, and the tests that are asked about each. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './tree.js'

interface Group {
  readonly sources: readonly string[]
  readonly tests: readonly string[]
}

const ofTheCycle = ['test/proof/mutation/vector-tests.ts', 'test/vectors/workflow.test.ts']

/** The table of limits, from both sides. */
const ofLimits = ['test/budgets/table.test.ts']

function chapter(name: string, ...tests: readonly string[]): Group {
  return {
    sources: [`src/core/${name}`],
    tests: [...ofTheCycle, 'test/core', ...ofLimits, ...tests],
  }
}

/** Tests of a whole client: they reach the rules that only a store with a past asks for. */
const ofAClient = ['test/floors', 'test/client', 'test/attacks', 'test/budgets/signatures.test.ts']

export const groups: Readonly<Record<string, Group>> = {
  trust: chapter('trust', ...ofAClient),
  cycle: chapter('cycle', ...ofAClient),
  core: {
    sources: ['names', 'bytes', 'deep-freeze', 'number-option', 'budget'].map(
      (name) => `src/core/${name}.ts`,
    ),
    tests: [...ofTheCycle, 'test/core', 'test/budgets', 'test/client'],
  },
  search: chapter('search', 'test/budgets/search.test.ts'),
  keys: chapter('keys'),
  metadata: chapter('metadata'),
  json: chapter('json', 'test/budgets/json.test.ts', 'test/jcs.test.ts'),
  client: {
    sources: ['src/client'],
    tests: [...ofTheCycle, 'test/client', 'test/attacks', 'test/budgets', 'test/floors'].concat(
      'test/node',
      'test/web',
      'test/workflow',
      'test/testing',
      'test/platform',
    ),
  },
  verdict: {
    sources: ['src/pypi/verdict'],
    tests: ['test/pypi', 'test/cli'],
  },
  attestations: {
    sources: ['src/attestations'],
    tests: ['test/attestations', 'test/sigstore', 'test/pypi', 'test/cli'],
  },
  sigstore: {
    sources: ['src/sigstore'],
    tests: ['test/sigstore', 'test/attestations'],
  },
}

/** Data, and lists of exports. */
const notMutated = /\/(index|scanner-code)\.ts$|^src\/sigstore\/roots\//
/** They start processes, compile, read the sources as text, or load modules a second time. */
const notAsked =
  /mutants|\/(killed|front|main|output|completion|shared-store|file-store|permissions|process-identity|exact-road)\.test\.ts$|\/cli\/.*guide/

export function sourcesOf({ sources }: Group): string[] {
  return filesIn(sources).filter((path) => !notMutated.test(path))
}

export function testsOf({ tests }: Group): string[] {
  const asked = filesIn(tests).filter((path) => !notAsked.test(path))
  return [...new Set(asked)].filter((path) => /(-tests|\.test)\.ts$/.test(path))
}

function filesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (path.endsWith('.ts') ? [path] : below(path)))
}

function below(folder: string): string[] {
  if (!existsSync(join(project, folder))) throw new Error(`${folder} is not there`)
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort()
}
