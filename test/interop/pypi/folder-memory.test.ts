import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { blake2bPath, writePageJson, type IndexFile } from '../../../src/pypi/index.js'
import { createPep458Repository, type TestRepository } from '../../../src/testing/index.js'
import { nodeEd25519Signer, serve, type ServedRepository } from '../../../src/testing/node/index.js'
import { digestsOf } from '../../pypi/index-repository.js'
import type { FolderFigures, FolderTask } from './folder-process.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const script = fileURLToPath(new URL('folder-process.ts', import.meta.url))
const tsconfig = fileURLToPath(new URL('../../../tsconfig/test.json', import.meta.url))
/** Each of about 20 KB, so that kept copies would show. */
const bins = 256
/** Root (and no second one), timestamp, snapshot, targets and the role above the bins. */
const topLevel = 5
const perProject = 10

interface Measured extends FolderFigures {
  readonly requests: readonly string[]
  /** Target paths of all files and pages that were asked about. */
  readonly paths: readonly string[]
}

let base: string
let repo: TestRepository
let served: ServedRepository
const pathsOf = new Map<string, string[]>()

beforeAll(async () => {
  base = temporaryFolder('flat')
  repo = createPep458Repository({ bins, fillers: 100, makeSigner: nodeEd25519Signer })
  for (let number = 0; number < 400; number++) addProject(`project-${number}`)
  repo.publish()
  served = await serve(repo)
})
afterAll(async () => {
  await served.close()
})

function filesOf(project: string): string[] {
  const stem = project.replaceAll('-', '_')
  return Array.from({ length: perProject }, (_, number) => `${stem}-${number}.0.tar.gz`)
}

function addProject(project: string): void {
  const page = `${project}/index.html`
  const paths = [page]
  const files = filesOf(project).map((filename): IndexFile => {
    const { sha256, blake2b } = digestsOf(Buffer.from(filename))
    const path = `${blake2bPath(blake2b)}/${filename}`
    repo.addTarget(path, filename)
    paths.push(path)
    const url = `https://files.test/packages/${path}`
    return { filename, url, hashes: new Map([['sha256', sha256]]) }
  })
  repo.addTarget(page, writePageJson({ apiVersion: '1.1', project, files }))
  pathsOf.set(project, paths)
}

/** A folder with all files of the first projects, verified by a process of its own. */
async function measure(projects: number, keptMetadata?: number): Promise<Measured> {
  const own = join(base, `${projects}-${keptMetadata}`)
  const folder = join(own, 'files')
  await mkdir(folder, { recursive: true })
  const chosen = [...pathsOf.keys()].slice(0, projects)
  for (const name of chosen.flatMap(filesOf)) await writeFile(join(folder, name), name)
  served.requests.length = 0
  const { metadataUrl, targetsUrl } = served
  const root = Buffer.from(repo.root()).toString('base64')
  const store = join(own, 'store')
  const task: FolderTask = {
    ...{ metadataUrl, targetsUrl, root, now: repo.now, store, folder },
    ...(keptMetadata !== undefined && { keptMetadata }),
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', script, JSON.stringify(task)],
    { env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig } },
  )
  const figures: FolderFigures = JSON.parse(stdout)
  const requests = served.requests.map(({ url }) => url)
  return { ...figures, requests, paths: chosen.flatMap((one) => pathsOf.get(one) ?? []) }
}

/** The bins that may speak for the paths: 256 of them, so it is the first byte that decides. */
function binsOf(paths: readonly string[]): number {
  return new Set(paths.map((path) => createHash('sha256').update(path).digest()[0])).size
}

/** Roles are kept as bytes, outside the heap. */
function held({ peakHeap, peakBuffers }: Measured): number {
  return peakHeap + peakBuffers
}

describe('a folder of thousands of files', () => {
  test('takes one request a bin and one a page, and memory that does not grow with it', async () => {
    const thousand = await measure(100)
    const fourThousand = await measure(400)
    expect(thousand.verdicts).toEqual({ match: 1_000 })
    expect(fourThousand.verdicts).toEqual({ match: 4_000 })
    for (const { requests, paths } of [thousand, fourThousand]) {
      expect(new Set(requests).size).toBe(requests.length)
      const pages = paths.length / (perProject + 1)
      expect(requests.length).toBeLessThanOrEqual(topLevel + binsOf(paths) + pages)
      const asked = requests.filter((url) => /\/metadata\/\d+\.[0-9a-f-]+\.json$/.test(url))
      expect(asked.length).toBe(binsOf(paths))
    }
    // Both fill all bins; four times the files would take four times the memory.
    expect(held(fourThousand) / held(thousand)).toBeLessThan(1.5)
    expect(fourThousand.peakResident / thousand.peakResident).toBeLessThan(2)
  })

  test('holds no more bins than it may, and asks for none of them again', async () => {
    const few = await measure(100, 500_000)
    const all = await measure(100, 50_000_000)
    expect(few.verdicts).toEqual(all.verdicts)
    expect(new Set(few.requests).size).toBe(few.requests.length)
    expect(few.requests.length).toBe(all.requests.length)
    // The rest is memory of the page index, and of requests, in both.
    const ofBins = repo.fileNames().filter((name) => /^1\.[0-9a-f-]+\.json$/.test(name))
    const total = ofBins.reduce((sum, name) => sum + repo.file(name).length, 0)
    expect(ofBins.length).toBe(bins)
    expect(held(all) - held(few)).toBeGreaterThan((total - 500_000) / 2)
  })
})
