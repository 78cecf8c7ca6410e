import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { moduleOf, type Entries } from '../scripts/entries.js'
import type { Fetcher } from '../src/client/fetcher.js'
import * as audit from '../src/audit/index.js'
import { FetchNotFoundError } from '../src/errors.js'
import * as tuffet from '../src/index.js'
import { writePageJson } from '../src/pypi/index.js'
import { createRepository, type TestRepository } from '../src/testing/index.js'
import * as worker from '../src/worker/index.js'
import {
  complaints,
  documents,
  exampleModules,
  exportsWithoutExample,
  modulesOf,
  run,
} from './support/documents.js'
import { packagedWorker } from './support/worker-updater.js'
import { temporaryFolder } from './support/temporary-folder.js'

const modules = [...documents().flatMap((path) => modulesOf(path)), ...exampleModules()]

/** Where the guides' repository is. */
const urls = {
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
}

test('no document holds the two sides of an unfinished merge', () => {
  const side = /^(?:<{7}|={7}|>{7})(?: |$)/m
  expect(documents().length).toBeGreaterThan(20)
  expect(documents().filter((path) => side.test(readFileSync(path, 'utf8')))).toEqual([])
})

describe('the code in documents', () => {
  test('compiles against the sources', () => {
    expect(modules.length).toBeGreaterThan(3)
    expect(complaints(modules.filter(({ checked }) => checked))).toEqual([])
  })

  test('is all checked', () => {
    expect(modules.filter(({ checked }) => !checked).map(({ name }) => name)).toEqual([])
  })

  test('is reported when it is wrong, with the line of the document', () => {
    const text = [
      'Words.',
      '```ts',
      "import { Updater } from 'tuffet'",
      '```',
      'More words.',
      '```ts continued',
      "new Updater({ metadataURL: 'https://tuf.example.com/' })",
      '```',
    ]
    const [module] = modulesOf('docs/wrong.md', text.join('\n'))
    expect(module && complaints([module])).toEqual([
      expect.stringMatching(/^docs\/wrong\.md:7: .*metadataURL/),
    ])
  })

  test('has no unknown marks', () => {
    expect(() => modulesOf('docs/x.md', '```ts runs-not\n```')).toThrow('unknown mark runs-not')
  })
})

describe('the public API', () => {
  test('has an example for every exported function and class', () => {
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      exports: Entries
    }
    const entries = Object.values(exports)
      .map(moduleOf)
      .filter((path) => path.endsWith('.js'))
      .map((path) => path.replace('./dist/', 'src/').replace(/js$/, 'ts'))
    expect(entries.length).toBeGreaterThan(7)
    expect(exportsWithoutExample(entries)).toEqual([])
  })
})

describe('documents', () => {
  test('point at existing files', () => {
    const missing = documents().flatMap((path) => {
      const links = readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)
      return [...links]
        .map(([, link = '']) => join(dirname(path), link))
        .filter((target) => !existsSync(target))
        .map((target) => `${path}: ${target}`)
    })
    expect(missing).toEqual([])
  })
})

describe('the code in documents that runs', () => {
  const before = process.cwd()
  const { fetch } = globalThis
  let folder: string | undefined

  afterEach(() => {
    process.chdir(before)
    globalThis.fetch = fetch
    jest.restoreAllMocks()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  test.each(modules.filter(({ runs }) => runs).map((module) => [module.name, module] as const))(
    '%s',
    async (_name, module) => {
      const repo = createRepository({ now: Date.now() })
      repo.addTarget('pkgs/a.whl', 'a wheel')
      repo.addTarget('pkgs/b.whl', 'another wheel')
      folder = temporaryFolder('docs')
      for (const [project, version] of distributions) addProject(repo, project, version)
      repo.publish()
      writeFileSync(join(folder, 'root.json'), repo.root())
      mkdirSync(join(folder, 'wheels'))
      writeFileSync(join(folder, 'wheels', wheelName('requests', '2.32.3')), 'requests 2.32.3')
      writeFileSync(join(folder, 'b.whl'), 'another wheel')
      process.chdir(folder)
      jest.spyOn(console, 'debug').mockReturnValue()
      const fetcher = withFiles(repo.fetcher(urls))
      globalThis.fetch = fetchOver(fetcher)

      const tests: (() => unknown)[] = []
      await run(module, importable(fetcher, tests))
      for (const one of tests) await one()
    },
  )
})

/** The index pages of the guides' repository: one wheel of each, with its name in it. */
const distributions = new Map([
  ['requests', '2.32.3'],
  ['colorama', '0.4.6'],
])

function wheelName(project: string, version: string): string {
  return `${project}-${version}-py3-none-any.whl`
}

function addProject(repo: TestRepository, project: string, version: string): void {
  const filename = wheelName(project, version)
  const sha256 = createHash('sha256').update(`${project} ${version}`).digest('hex')
  const hashes = new Map([['sha256', sha256]])
  const file = { filename, url: `https://files.example.com/${filename}`, hashes }
  repo.addTarget(project, writePageJson({ apiVersion: '1.0', project, files: [file] }))
}

/** Also the files on the pages, which are not targets. */
function withFiles(fetcher: Fetcher): Fetcher {
  return {
    async fetch(request) {
      for (const [project, version] of distributions) {
        if (!request.url.endsWith(`files.example.com/${wheelName(project, version)}`)) continue
        return { offset: 0, body: once(Buffer.from(`${project} ${version}`)) }
      }
      return fetcher.fetch(request)
    },
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/**
 * The modules that documents may import. Updaters ask `fetcher` by default; tests are collected.
 */
function importable(
  fetcher: Fetcher,
  tests: (() => unknown)[],
): ReadonlyMap<string, () => object | Promise<object>> {
  class Updater extends tuffet.Updater {
    constructor(options: tuffet.UpdaterOptions) {
      super({ fetcher, ...options })
    }
  }
  class WorkerUpdater extends worker.WorkerUpdater {
    constructor(options: worker.WorkerUpdaterOptions) {
      super({ fetcher, worker: packagedWorker(), ...options })
    }
  }
  function auditRepository(options: audit.AuditOptions): Promise<audit.AuditReport> {
    return audit.auditRepository({ fetcher, ...options })
  }
  function collect(_title: string, body: () => unknown): void {
    tests.push(body)
  }
  return new Map<string, () => object | Promise<object>>([
    ['tuffet', () => ({ ...tuffet, Updater })],
    ['tuffet/attestations', () => import('../src/attestations/index.js')],
    ['tuffet/audit', () => ({ ...audit, auditRepository })],
    ['tuffet/core', () => import('../src/core/index.js')],
    ['tuffet/errors', () => import('../src/errors.js')],
    ['tuffet/multi', () => import('../src/multi/index.js')],
    ['tuffet/node', () => import('../src/node/index.js')],
    ['tuffet/picture', () => import('../src/picture/index.js')],
    ['tuffet/pypi', () => import('../src/pypi/index.js')],
    ['tuffet/testing', () => import('../src/testing/index.js')],
    ['tuffet/tuf-js', () => import('../src/tuf-js/index.js')],
    ['tuffet/vectors', () => import('../src/vectors/index.js')],
    ['tuffet/worker', () => ({ ...worker, WorkerUpdater })],
    ['node:assert/strict', () => import('node:assert/strict')],
    ['node:crypto', () => import('node:crypto')],
    ['node:fs/promises', () => import('node:fs/promises')],
    ['node:test', () => ({ test: collect })],
  ])
}

function fetchOver(fetcher: Fetcher): typeof globalThis.fetch {
  return async (input) => {
    const url = input instanceof Request ? input.url : String(input)
    const { signal } = new AbortController()
    try {
      const { body } = await fetcher.fetch({ url, kind: 'metadata', signal })
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      return new Response(Buffer.concat(chunks))
    } catch (error) {
      if (error instanceof FetchNotFoundError) return new Response(null, { status: 404 })
      throw error
    }
  }
}
