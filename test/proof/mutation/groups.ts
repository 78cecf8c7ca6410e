/** The folders whose mutants are tried, and the tests that are asked about each. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './tree.js'

interface Group {
  readonly sources: readonly string[]
  readonly tests: readonly string[]
}

const ofTheCycle = ['test/proof/mutation/vector-tests.ts', 'test/vectors/workflow.test.ts']

const ofCore = ['trust', 'verify', 'keys', 'hash', 'der', 'pem', 'search', 'delegation', 'cycle']
  .concat('cycle-refusal', 'cycle-stored', 'role-cycle', 'hash-bins', 'path-pattern')
  .concat('prefix-index', 'parse', 'parse-sections', 'parse-hostile', 'parse-rows', 'dates')
  .concat('cryptography', 'spec-version', 'trust-root', 'trust-targets', 'json', 'canonical-json')
  .concat('names', 'hex')
  .map((name) => `test/core/${name}.test.ts`)

function chapter(name: string, ...tests: readonly string[]): Group {
  return { sources: [`src/core/${name}`], tests: [...ofTheCycle, ...ofCore, ...tests] }
}

export const groups: Readonly<Record<string, Group>> = {
  trust: chapter('trust', 'test/attacks/signatures.test.ts'),
  cycle: chapter(
    'cycle',
    ...['stored-roots', 'untrue-store', 'whose-store', 'long-absent', 'less-able'].map(
      (name) => `test/floors/${name}.test.ts`,
    ),
  ),
  search: chapter('search'),
  keys: chapter('keys'),
  metadata: chapter('metadata'),
  json: chapter('json', 'test/vectors/exact-road.test.ts', 'test/core/json.property.test.ts'),
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
/** They start processes, compile, or read the sources as text. */
const notAsked =
  /mutants|\/(killed|front|main|output|completion|shared-store|process-identity|scanner)\.test\.ts$|\/cli\/.*guide/

export function sourcesOf({ sources }: Group): string[] {
  return sources.flatMap((folder) => below(folder)).filter((path) => !notMutated.test(path))
}

export function testsOf({ tests }: Group): string[] {
  return tests
    .flatMap((path) => (path.endsWith('.ts') ? [path] : below(path)))
    .filter((path) => /(-tests|\.test)\.ts$/.test(path) && !notAsked.test(path))
}

function below(folder: string): string[] {
  if (!existsSync(join(project, folder))) throw new Error(`${folder} is not there`)
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort()
}
