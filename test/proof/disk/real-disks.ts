/** Disks of the system that are full, read-only or closed to this user: where this process is root. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkStore, type Checks } from '../crash/after-kill.js'
import { cycle, underFault } from './stages.js'

/** Bytes of the small disk. */
const size = 1_000_000
const nobody = 65_534

interface RealDisks {
  /** How often the disk was full at another place, and how often the work failed of it. */
  readonly full: number
  readonly failed: number
  readonly refused: number
}

/** Undefined where this process may not mount. */
export async function tryRealDisks(
  folder: string,
  every: number,
  tally: Checks,
): Promise<RealDisks | undefined> {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  if (process.getuid?.() !== 0 || !mount('-t', 'tmpfs', '-o', `size=${size}`, 'tuffet', disk)) {
    return undefined
  }
  try {
    let [full, failed, refused] = [0, 0, 0]
    // Room for the first file, for a part of the store, for all of it but not for the download.
    for (let room = 0; room < size / 2; room += 4_096 * every) {
      mkdirSync(join(disk, 'downloads'))
      const filler = join(disk, 'filler')
      writeFileSync(filler, Buffer.alloc(size - room))
      const before = tally.checks
      const code = await attempt(() => cycle(disk, 1))
      full += 1
      if (code !== undefined) failed += 1
      rmSync(filler)
      await checkStore(disk, { acknowledged: 0, latest: 1, swept: [] }, tally)
      if (tally.checks === before) throw new Error('nothing was looked at')
      for (const name of ['downloads', 'store']) rmSync(join(disk, name), { recursive: true })
    }
    mkdirSync(join(disk, 'downloads'))
    await cycle(disk, 1)
    for (const [close, open] of closings(disk)) {
      close()
      const code = await attempt(() => cycle(disk, 4)).finally(open)
      if (code === undefined) throw new Error('a closed disk was written')
      refused += 1
    }
    await checkStore(disk, { acknowledged: 1, latest: 4, swept: [] }, tally)
    return { full, failed, refused }
  } finally {
    spawnSync('umount', [disk])
  }
}

type Step = () => void

/** Ways to close a disk, and to open it again. */
function closings(disk: string): [Step, Step][] {
  const asNobody = (then: Step, back: Step): [Step, Step] => [
    () => {
      then()
      process.seteuid?.(nobody)
    },
    () => {
      process.seteuid?.(0)
      back()
    },
  ]
  const store = join(disk, 'store')
  return [
    [() => mount('-o', 'remount,ro', disk), () => mount('-o', 'remount,rw', disk)],
    asNobody(
      () => chmodSync(store, 0o700),
      () => chmodSync(store, 0o700),
    ),
    asNobody(
      () => chmodSync(store, 0o555),
      () => chmodSync(store, 0o700),
    ),
  ]
}

async function attempt(work: () => Promise<void>): Promise<string | undefined> {
  const nothing = (): void => undefined
  return (await underFault(nothing, { ofChanges: true }, 1, work)).code
}

function mount(...args: readonly string[]): boolean {
  return spawnSync('mount', args).status === 0
}
