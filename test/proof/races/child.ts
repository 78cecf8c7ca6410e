/**
 * A process beside others, over the store in `FOLDER`:
 * - `cycles FOLDER COUNT METADATA TARGETS NOW` refreshes, and prints the versions or the code of each;
 * - `read FOLDER` reads the files of the store again and again until its input ends;
 * - `hold FOLDER` takes the store's lock, and keeps it.
 */
import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { isTufError } from '../../../src/errors.js'
import { Updater } from '../../../src/index.js'
import { fileStore } from '../../../src/node/index.js'

const [task = '', folder = '', count = '0', metadataUrl = '', targetsUrl = '', now = '0'] =
  process.argv.slice(2)
const floors = ['root', 'timestamp', 'snapshot', 'targets'] as const
const store = fileStore(join(folder, 'store'))
const newest = new Map<string, number>()

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** @throws Error for a version that is older than one before */
function note(role: string, version: number): void {
  const before = newest.get(role) ?? 0
  if (version < before) throw new Error(`${role} fell from ${before} to ${version}`)
  newest.set(role, version)
}

async function cycles(): Promise<void> {
  const updater = new Updater({
    ...{ metadataUrl, targetsUrl, store },
    root: readFileSync(join(folder, 'root.json')),
    now: () => Number(now),
    // A busy machine may hold a request, and the store, for long.
    limits: { minimumRate: 0, metadataDeadline: 600_000 },
  })
  for (let done = 0; done < Number(count); done++) {
    try {
      const view = await updater.refresh()
      for (const role of floors) note(role, view[role].version)
      say({ version: view.timestamp.version })
    } catch (error) {
      if (!isTufError(error)) throw error
      say({ code: error.code })
    }
  }
}

/** The raw files: a name may be away for a moment, and is never torn or older. */
async function read(): Promise<void> {
  let [reads, ended] = [0, false]
  process.stdin.on('end', () => (ended = true)).resume()
  while (!ended) {
    for (const role of floors) {
      let text
      try {
        text = readFileSync(join(folder, 'store', `${role}.json`), 'utf8')
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue
        throw error
      }
      const { signed }: { signed: { version: number } } = JSON.parse(text)
      note(role, signed.version)
      reads += 1
    }
    await setImmediate()
  }
  say({ reads })
}

if (task === 'read') await read()
else if (task === 'cycles') await cycles()
else {
  await store.exclusive?.(async () => {
    say({ held: true })
    await new Promise((resolve) => setTimeout(resolve, 1e9))
  })
}
process.exit()
