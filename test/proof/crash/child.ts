/**
 * A process to be killed: `TASK FOLDER FROM TO KILL`. It goes through the publications from `FROM`
 * to `TO`, and says `ack N` after each. `KILL` is empty, or `N before` and `N torn`: it kills itself at
 * its `N`th call that changes the disk, or in the middle of its `N`th write.
 */
import { get } from 'node:http'
import { join } from 'node:path'
import {
  type FileCall,
  fileCalls,
  installFileCalls,
  plainFs,
  watchFileCalls,
} from '../file-calls.js'

installFileCalls()

const [task = '', folder = '', from = '1', to = '1', kill = ''] = process.argv.slice(2)
const [killAt = '', how = ''] = kill.split(' ')
let changes = 0

function watch({ name, args, changes: doesChange }: FileCall): void {
  if (!doesChange || (how === 'torn' && !isWrite(name))) return
  changes += 1
  if (changes !== Number(killAt)) return
  if (how === 'torn') tear(args)
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment to arrive.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}

function isWrite(name: string): boolean {
  return /writev?$|^write(?:File)?Sync$/.test(name)
}

/** Writes half of the bytes. */
function tear([file, bytes, second, , position]: readonly unknown[]): void {
  const chunk = Array.isArray(bytes) ? bytes[0] : bytes
  if (typeof file !== 'number' || !(chunk instanceof Uint8Array)) return
  const place = Array.isArray(bytes) ? second : position
  const half = chunk.subarray(0, chunk.length >> 1)
  plainFs.writeSync(file, half, 0, half.length, typeof place === 'number' ? place : null)
}

function acknowledge(publication: number): void {
  plainFs.writeSync(1, `ack ${publication}\n`)
}

/** Every round is a proxy of its own, with a file that is too long for memory. */
async function spool(): Promise<void> {
  const { Updater } = await import('../../../src/index.js')
  const { startProxy } = await import('../../../src/pypi/index.js')
  const { IndexRepository } = await import('../../pypi/index-repository.js')
  const index = new IndexRepository()
  index.add('big-1.0-py3-none-any.whl', Buffer.alloc(3_000_000, 'x'))
  index.publish()
  const { metadataUrl, targetsUrl } = index.repo.fetcher()
  watchFileCalls(watch)
  plainFs.writeSync(1, 'ready\n')
  for (let round = 1; round <= Number(to); round++) {
    const updater = new Updater({
      ...{ metadataUrl, targetsUrl, fetcher: index.fetcher(), store: index.store },
      root: index.repo.root(),
      now: () => index.repo.now,
    })
    const proxy = await startProxy({ updater, layout: index.layout, spool: { folder } })
    await new Promise<void>((resolve, reject) => {
      get(`${proxy.origin}/files/big/big-1.0-py3-none-any.whl`, (response) => {
        response.resume()
        response.once('end', resolve)
      }).once('error', reject)
    })
    await proxy.close(0)
    acknowledge(round)
  }
}

async function cycles(): Promise<void> {
  const { Updater } = await import('../../../src/index.js')
  const { downloadFile, fileStore } = await import('../../../src/node/index.js')
  const { publishedUntil, publishNext } = await import('../../support/killed-repository.js')
  const repo = publishedUntil(Number(from))
  const fetcher = repo.fetcher()
  watchFileCalls(watch)
  plainFs.writeSync(1, 'ready\n')
  while (repo.publication <= Number(to)) {
    const store = fileStore(join(folder, 'store'))
    const { metadataUrl, targetsUrl } = fetcher
    const updater = new Updater({
      ...{ metadataUrl, targetsUrl, fetcher, store },
      root: repo.root(1),
      now: () => repo.now,
    })
    const view = await updater.refresh()
    const target = await view.find('a.bin')
    if (target) await downloadFile(view, target, join(folder, 'downloads', 'a.bin'))
    acknowledge(repo.publication)
    publishNext(repo)
  }
}

if (task === 'spool') await spool()
else await cycles()
watchFileCalls(undefined)
plainFs.writeSync(1, `done ${changes} of ${fileCalls()}\n`)
process.exit()
