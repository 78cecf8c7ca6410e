import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeEach, expect, test } from '@jest/globals'
import { downloadFile, fileStore } from '../../src/node/index.js'
import { updaterOf } from '../support/held-cycle.js'
import { contentOf, publishedUntil, publishNext } from '../support/killed-repository.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** `npm run test:long` does it more often. */
const kills = process.env['TUFFET_RUNS'] === undefined ? 40 : 200
const script = join(import.meta.dirname, '../support/killed-process.ts')

let folder: string

beforeEach(async () => {
  folder = temporaryFolder('killed')
  await mkdir(join(folder, 'downloads'))
})

/** Starts it, and kills it so many milliseconds after its first cycle has begun. */
async function kill(from: number, after: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, `${from}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  await setTimeout(after)
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
}

async function stored(name: string): Promise<number> {
  const path = join(folder, 'store', name)
  const bytes = await readFile(path, 'utf8').catch(() => undefined)
  return bytes === undefined ? 0 : JSON.parse(bytes).signed.version
}

const floors = ['root.json', 'timestamp.json', 'snapshot.json'] as const

test('a process that is killed at any time leaves whole files and every floor, and the next one goes on', async () => {
  let publication = 1
  let before = [0, 0, 0]
  const started = performance.now()
  for (let run = 0; run < kills; run++) {
    // A busy machine may leave it at fewer.
    if (kills < 200 && run >= 4 && performance.now() - started > 60_000) break
    if (publication > 150) {
      // Each process publishes all that was published before: start again with an empty store.
      await rm(join(folder, 'store'), { recursive: true })
      publication = 1
      before = [0, 0, 0]
    }
    // Spread evenly: the first files are written early, the others over many cycles.
    await kill(publication, (run * 37) % 150)

    const after = await Promise.all(floors.map(stored))
    for (const [index, version] of after.entries()) {
      // A floor goes only where a new key has taken its place.
      if (version !== 0) expect(version).toBeGreaterThanOrEqual(before[index] ?? 0)
    }
    const file = await readFile(join(folder, 'downloads/a.bin')).catch(() => undefined)
    if (file) expect(new Set(file).size).toBe(1)
    expect([undefined, contentOf(0).length]).toContain(file?.length)

    // As new as the newest that it can have seen.
    const repo = publishedUntil(publication)
    while (repo.version('timestamp') < (after[1] ?? 0)) publishNext(repo)
    while (repo.version('root') < (after[0] ?? 0)) publishNext(repo)
    publishNext(repo)
    const view = await updaterOf(repo, fileStore(join(folder, 'store'))).refresh()
    expect(view.timestamp.version).toBe(repo.version('timestamp'))
    const target = await view.find('a.bin')
    if (target) await downloadFile(view, target, join(folder, 'downloads/a.bin'))
    expect(await readFile(join(folder, 'downloads/a.bin'))).toEqual(
      Buffer.from(contentOf(repo.publication)),
    )
    publication = repo.publication
    before = await Promise.all(floors.map(stored))
  }
  // This process has looked for leftovers before; a new one does so with its first write.
  const last = spawn(
    process.execPath,
    ['--import', 'tsx', script, folder, `${publication + 1}`, `${publication + 1}`],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect(await once(last, 'exit')).toEqual([0, null])
  expect(await readdir(join(folder, 'downloads'))).toEqual(['a.bin'])
  const names = await readdir(join(folder, 'store'))
  expect(names.filter((name) => name.startsWith('.+'))).toEqual([])
}, 3_600_000)
