import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { layerOf } from './support/import-picture.js'
import { impurities, unknownNames } from './support/purity.js'
import {
  commentsOf,
  importsOf,
  sourceFile,
  sourceFiles,
  type Import,
} from './support/source-files.js'

const files = sourceFiles('src')
const imports = new Map(files.map((file) => [file.path, importsOf(file)]))

const belowPypi = ['errors', 'core', 'client', 'node', 'web', 'platform', 'index', 'words']

/** The other layers that each layer may import. */
const layers: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  core: ['errors'],
  jcs: ['errors', 'core'],
  client: ['errors', 'core'],
  node: ['errors', 'core', 'client', 'words'],
  web: ['errors', 'core', 'client'],
  'ml-dsa': ['core', 'web'],
  platform: ['errors', 'core', 'client', 'node', 'web'],
  index: ['errors', 'core', 'client', 'platform'],
  worker: ['errors', 'core', 'client', 'platform'],
  multi: ['errors', 'core', 'client', 'platform'],
  redis: ['errors', 'core', 'client'],
  audit: ['errors', 'core', 'client', 'platform', 'words'],
  s3: ['errors', 'core', 'client'],
  'worker/node': ['node', 'worker'],
  'worker/web': ['worker'],
  words: ['errors'],
  picture: ['errors', 'core', 'client', 'words'],
  sigstore: ['errors', 'core', 'client', 'platform'],
  'tuf-js': ['errors', 'core', 'node', 'index'],
  names: ['errors', 'core'],
  attestations: ['errors', 'core', 'client', 'platform', 'words', 'sigstore', 'names'],
  pypi: [...belowPypi, 'sigstore', 'attestations', 'names'],
  cli: [...belowPypi, 'ml-dsa', 'picture', 'audit', 'sigstore', 'attestations', 'names', 'pypi'],
  testing: ['errors', 'core', 'web'],
  'testing/node': ['errors', 'core', 'client', 'node', 'testing'],
  vectors: ['errors', 'core', 'client', 'multi', 'testing'],
  'vectors/node': ['errors', 'core', 'client', 'node', 'testing', 'testing/node', 'vectors'],
}

/** The other chapters that each chapter of a layer may import. */
const chapters: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  core: {
    json: [],
    metadata: ['json'],
    keys: ['json', 'metadata'],
    trust: ['json', 'metadata', 'keys'],
    cycle: ['json', 'metadata', 'keys', 'trust'],
    search: ['json', 'metadata', 'keys', 'trust'],
  },
  pypi: {
    names: [],
    pages: ['names'],
    lock: ['names'],
    bundle: ['names', 'pages'],
    verdict: ['names', 'pages', 'lock'],
    proxy: ['names', 'pages', 'verdict'],
    run: ['names', 'lock'],
  },
}

/** The layers that may import each package; no other package may be imported. */
const packages: Readonly<Record<string, readonly string[]>> = {
  '@noble/curves': ['web', 'testing', 'sigstore'],
  '@noble/ed25519': ['web', 'testing'],
  '@noble/hashes': ['web', 'node', 'testing'],
  '@noble/post-quantum': ['ml-dsa', 'testing', 'cli'],
  canonicalize: ['jcs'],
  undici: ['node'],
  parse5: ['pypi'],
  'smol-toml': ['pypi'],
}

/** Where Node's own modules may be imported. */
const native =
  /^src\/(node\/|redis\/|tuf-js\/|platform\/node\.ts$|worker\/node\/|(testing|vectors)\/node\/|pypi\/|cli\/)/

describe('imports', () => {
  test('every file belongs to a layer', () => {
    expect(
      files.map(({ path }) => path).filter((path) => !((layerOf(path) ?? path) in layers)),
    ).toEqual([])
  })

  test('imports point one way', () => {
    expect(offences((path, one) => isLocal(one) && !mayImport(path, one))).toEqual([])
  })

  test('a layer that is imported against the arrows is found', () => {
    const client = 'src/client/updater.ts'
    const [up, down, erased] = importsOf(
      sourceFile(
        client,
        `import { a } from '../node/file-store.js'
         export { b } from '../core/trust.js'
         type C = import('#platform').C`,
      ),
    )
    expect(up && mayImport(client, up)).toBe(false)
    expect(down && mayImport(client, down)).toBe(true)
    expect(erased && mayImport(client, erased)).toBe(false)
  })

  test.each(Object.keys(chapters))('imports between the chapters of %s point one way', (layer) => {
    const chapter = (path: string) => path.match(`^src/${layer}/([^/]+)/`)?.[1]
    const allowed = chapters[layer] ?? {}
    const found = offences((path, one) => {
      const [from, to] = [chapter(path), chapter(one.to)]
      if (from === undefined || to === undefined || from === to) return false
      return !allowed[from]?.includes(to)
    })
    expect(found).toEqual([])
    expect(new Set(files.map(({ path }) => chapter(path)))).toEqual(
      new Set([undefined, ...Object.keys(allowed)]),
    )
  })

  test('a package is imported only where it is needed', () => {
    expect(
      offences((path, one) => {
        if (isLocal(one) || one.to.startsWith('node:')) return false
        return !packages[packageOf(one)]?.includes((layerOf(path) ?? path).replace(/\/.*/, ''))
      }),
    ).toEqual([])
  })

  test('tuf-js builds on the public entries alone', () => {
    const isPublic = ({ to }: Import) => /^src\/(errors|([a-z]+\/)?index)\.ts$/.test(to)
    const found = offences(
      (path, one) =>
        layerOf(path) === 'tuf-js' &&
        isLocal(one) &&
        layerOf(one.to) !== 'tuf-js' &&
        !isPublic(one),
    )
    expect(found).toEqual([])
  })

  test("Node's modules are imported only where there is Node", () => {
    expect(offences((path, one) => one.to.startsWith('node:') && !native.test(path))).toEqual([])
  })

  test('undici is loaded only when something needs it', () => {
    expect(
      offences((_, one) => packageOf(one) === 'undici' && !one.dynamic && !one.typeOnly),
    ).toEqual([])
  })

  test('a dynamic import names its module', () => {
    expect(offences((_, one) => one.specifier === '?')).toEqual([])
  })
})

describe('entry points', () => {
  const portable = [
    ...['index', 'core/index', 'errors', 'jcs', 'web/index', 'client/index', 'testing/index'],
    'vectors/index',
    'picture/index',
    ...['sigstore/index', 'attestations/index', 'worker/index', 'worker/thread', 'multi/index'],
    'audit/index',
    ...['ml-dsa', 'testing/ml-dsa'],
    's3/index',
  ]

  test.each(portable)('%s imports no module of Node in a browser', (entry) => {
    const reached = reach(`src/${entry}.ts`, 'src/platform/web.ts')
    expect(reached.filter((name) => /^node:|^undici|^src\/node\//.test(name))).toEqual([])
  })

  test.each(['index', 'core/index', 'node/index'])('%s reaches no TOML or HTML parser', (entry) => {
    const reached = ['node', 'web'].flatMap((name) =>
      reach(`src/${entry}.ts`, `src/platform/${name}.ts`),
    )
    expect(reached.filter((name) => /^(parse5|smol-toml|src\/pypi\/)/.test(name))).toEqual([])
  })

  test.each(['index', 'core/index', 'node/index'])('%s loads no module of Sigstore', (entry) => {
    const reached = ['node', 'web'].flatMap((name) =>
      reach(`src/${entry}.ts`, `src/platform/${name}.ts`),
    )
    expect(reached.filter((name) => /^src\/(sigstore|attestations)\//.test(name))).toEqual([])
  })

  test('only the two entries for it and the check of the command load the arithmetic of ML-DSA', () => {
    const found = offences((_, one) => packageOf(one) === '@noble/post-quantum')
    expect(found.map((one) => one.split(' ')[0])).toEqual([
      'src/cli/checked-ml-dsa.ts',
      'src/ml-dsa.ts',
      'src/testing/ml-dsa.ts',
    ])
    const entries = /^src\/(testing\/)?ml-dsa\.ts$/
    const users = offences((_, one) => entries.test(one.to))
    expect(users.map((one) => one.split(' ')[0])).toEqual(['src/cli/checked-ml-dsa.ts'])
    // It may be missing, so nothing loads the check unconditionally.
    const checks = offences((_, one) => one.to === 'src/cli/checked-ml-dsa.ts')
    expect(checks.map((one) => one.split(' ')[0])).toEqual(['src/cli/cryptography.ts'])
  })

  test('core imports no package', () => {
    const reached = reach('src/core/index.ts', 'src/platform/web.ts')
    expect(reached.filter((name) => !/^src\/(core\/|errors\/|errors\.ts$)/.test(name))).toEqual([])
  })

  test('the main entry has at most 15 values', () => {
    const index = files.find(({ path }) => path === 'src/index.ts')
    const values = index?.syntax.statements.flatMap(exportedValues) ?? []
    expect(values.length).toBeLessThanOrEqual(15)
  })

  test('index files only re-export, by name', () => {
    const other = files
      .filter(({ path }) => path.endsWith('/index.ts'))
      .flatMap(({ path, syntax }) =>
        syntax.statements
          .filter((statement) => !isNamedReExport(statement))
          .map((statement) => `${path}: ${statement.getText().slice(0, 60)}`),
      )
    expect(other).toEqual([])
  })

  test('no file uses a default export', () => {
    const found = files.filter(({ syntax }) =>
      syntax.statements.some(
        (one) =>
          ts.isExportAssignment(one) ||
          (ts.canHaveModifiers(one) &&
            ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) ||
          exportedValues(one).includes('default'),
      ),
    )
    expect(found.map(({ path }) => path)).toEqual([])
  })
})

describe('purity', () => {
  const core = files.filter(({ path }) => path.startsWith('src/core/'))
  const textCoders = ['tsconfig/text-coders.d.ts']

  test('core uses no clock, randomness, locale or asynchrony', () => {
    expect(core.length).toBeGreaterThan(0)
    expect(core.flatMap(({ syntax }) => impurities(syntax))).toEqual([])
  })

  test('core uses only the globals of the language and the text coders', () => {
    const paths = core.map(({ path }) => path)
    expect(unknownNames(paths, ['es2022'], { ambient: textCoders })).toEqual([])
  })

  test('client, web, testing and vectors use no global of Node', () => {
    const paths = files
      .map(({ path }) => path)
      .filter((path) => /^src\/(client|web|testing|vectors)\//.test(path) && !native.test(path))
    expect(unknownNames(paths, ['es2023', 'dom', 'dom.asynciterable'], {})).toEqual([])
  })

  test.each([
    ['Date.now()', 'Date.now'],
    ['new Date().getTime()', 'new Date'],
    ['new Date(2026, 1, 1)', 'new Date'],
    ['Date()', 'Date()'],
    ['Math.random()', 'Math.random'],
    ["'a'.localeCompare('b')", 'localeCompare'],
    ['(0, eval)("1")', 'eval'],
    ['async () => 1', 'async'],
    ['(p: Promise<void>) => p', 'Promise'],
  ])('%s is not pure', (expression, what) => {
    const { syntax } = sourceFile('a.ts', `export const a = ${expression}`)
    expect(impurities(syntax)).toEqual([`a.ts:1 ${what}`])
  })

  test('code that only looks like a clock is pure', () => {
    const text = 'export const a = (crypto: { now: number }) => new Date(Date.UTC(crypto.now, 0))'
    expect(impurities(sourceFile('a.ts', text).syntax)).toEqual([])
  })

  test('every global of a runtime is found', () => {
    const names = [
      ...['Buffer', 'process', 'fetch', 'crypto', 'setTimeout', 'queueMicrotask', 'performance'],
      ...['URL', 'console', 'structuredClone', 'require', 'Request', 'ReadableStream', 'atob'],
    ]
    const text = names.map((name) => `${name}\n`).join('') + 'new TextEncoder()\nexport {}'
    const unsaved = new Map([['src/core/a.ts', text]])
    expect(unknownNames(['src/core/a.ts'], ['es2022'], { ambient: textCoders, unsaved })).toEqual(
      names.map((name, index) => `src/core/a.ts:${index + 1} ${name}`),
    )
  })
})

describe('files', () => {
  const everything = sourceFiles('src', 'test', 'demo', 'bench', 'spec-vectors', 'scripts')

  test('a file holds one idea: at most 300 lines', () => {
    const over = files.map(({ path }) => path).filter((path) => linesOf(path) > 300)
    expect(over).toEqual([])
  })

  test('names are kebab-case and describe the content', () => {
    const kebab =
      /^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*((\.property)?\.test)?\.(ts|mjs)$/
    const vague = /\/(utils?|helpers?|common|misc)\.(ts|mjs)$/
    const paths = everything.map(({ path }) => path)
    expect(paths.filter((path) => !kebab.test(path) || vague.test(path))).toEqual([])
  })

  test('no comment switches a check off', () => {
    const found = everything.flatMap((file) =>
      commentsOf(file)
        .filter((comment) => switchesOff(file.path, comment))
        .map((comment) => `${file.path}: ${comment}`),
    )
    expect(found).toEqual([])
  })

  test.each([
    ['// eslint-disable-next-line', true],
    ['/* istanbul ignore next */', true],
    ['/* v8 ignore start */', true],
    ['// @ts-ignore', true],
    ['// @ts-expect-error: only in type tests', true],
    ["'eslint-disable in a string'", false],
  ])('%s: a switch in a comment is found', (text, found) => {
    const comments = commentsOf(sourceFile('src/a.ts', `f(1, ${text}\n2)`))
    expect(comments.some((comment) => switchesOff('src/a.ts', comment))).toBe(found)
  })
})

/** `path imports specifier` for each import in src that `isOffence`. */
function offences(isOffence: (path: string, one: Import) => boolean): string[] {
  return [...imports].flatMap(([path, all]) =>
    all.filter((one) => isOffence(path, one)).map((one) => `${path} imports ${one.specifier}`),
  )
}

function isLocal(one: Import): boolean {
  return one.specifier.startsWith('.') || one.specifier.startsWith('#')
}

function mayImport(path: string, one: Import): boolean {
  const from = layerOf(path) ?? path
  const to = layerOf(one.to) ?? one.to
  if (from === to) return true
  if (from === 'testing' && to === 'client') return one.typeOnly
  if (/^src\/cli\/(.*\/)?vectors\b/.test(path) && to.startsWith('vectors')) return true
  return layers[from]?.includes(to) ?? false
}

/** `@noble/curves` for `@noble/curves/nist.js`. */
function packageOf(one: Import): string {
  return /^(@[^/]+\/)?[^/]+/.exec(one.specifier)?.[0] ?? one.specifier
}

/** The files, packages and builtins that importing `entry` loads, at once or later. */
function reach(entry: string, platform: string): string[] {
  const reached = new Set([entry])
  for (const path of reached) {
    for (const one of imports.get(path) ?? []) {
      if (!one.typeOnly) reached.add(meaningOf(one.to, platform))
    }
  }
  return [...reached]
}

/** The file that an import of this package's own, such as `#thread`, means on a platform. */
function meaningOf(to: string, platform: string): string {
  const folder = platform.replace(/^.*\/|\.ts$/g, '')
  if (to === '#worker') return `src/worker/${folder}/start.ts`
  if (to === '#thread') return `src/worker/${folder}/thread.ts`
  return to === '#platform' ? platform : to
}

function isNamedReExport(statement: ts.Statement): statement is ts.ExportDeclaration {
  return (
    ts.isExportDeclaration(statement) &&
    statement.moduleSpecifier !== undefined &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
  )
}

/** The names of an `export { … }` that exist at run time. */
function exportedValues(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return []
  if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return []
  return statement.exportClause.elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name }) => name.text)
}

function linesOf(path: string): number {
  return readFileSync(path, 'utf8').trimEnd().split('\n').length
}

function switchesOff(path: string, comment: string): boolean {
  if (/@ts-expect-error/.test(comment) && !path.startsWith('test/types/')) return true
  return /eslint-|@ts-(ignore|nocheck)|(istanbul|c8|v8) ignore|prettier-ignore/.test(comment)
}
