/**
 * The second part of `npm run test:faults`: a disk that is full, beyond its quota, read-only, closed,
 * broken, removed, or full of planted links, at each call in turn; under a first run, an update, a
 * rotation, their downloads, and the proxy's spool. After each: an error with a code, everything that
 * was accepted, and a next cycle that succeeds. `-- --long --write`. It has no seed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Checks } from '../crash/after-kill.js'
import { installFileCalls } from '../file-calls.js'
import { record } from '../record.js'

// Before a module takes a function out of `node:fs`.
installFileCalls()
const { cycleStage, spoolStage } = await import('./stages.js')
const { faults } = await import('./faults.js')
const { tryRealDisks } = await import('./real-disks.js')

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    // Of the proof before it; here every call is tried in turn.
    seed: { type: 'string' },
  },
})
const { long } = values
/** One call in so many. */
const every = long ? 4 : 13
const began = performance.now()
const seconds = (): number => Math.round((performance.now() - began) / 1_000)
const folder = mkdtempSync(join(tmpdir(), 'tuffet-disk-'))
const tally: Checks = { checks: 0, leftovers: 0 }
const figures: Record<string, string | number> = { faults: 0, 'faults that ended the work': 0 }
const codes = new Map<string, number>()
let places = 0

function count(name: string, by = 1): void {
  figures[name] = Number(figures[name] ?? 0) + by
}

const stages = [
  cycleStage('first run', 0, 1),
  cycleStage('update', 4, 5),
  cycleStage('rotation of snapshot and targets', 1, 3),
  spoolStage,
]

try {
  for (const stage of stages) {
    for (const fault of faults) {
      for (let at = 1; ; at += long && fault.everywhere ? 1 : every) {
        const where = join(folder, String(places++))
        mkdirSync(where)
        let outcome
        try {
          outcome = await stage.run(where, fault, at, tally)
        } catch (error) {
          throw new Error(`${stage.name}, ${fault.name}, call ${at}: ${String(error)}`, {
            cause: error,
          })
        }
        rmSync(where, { recursive: true })
        if (!outcome.reached) break
        count('faults')
        if (outcome.code === undefined) continue
        count('faults that ended the work')
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1)
      }
    }
    console.log(`${stage.name}: ${String(figures['faults'])} faults so far, after ${seconds()} s`)
  }
  const real = await tryRealDisks(folder, every, tally)
  if (real) {
    figures['full disks of the system'] = real.full
    figures['of these too small'] = real.failed
    figures['read-only or closed ones'] = real.refused
  } else console.log('Skipped disks of the system: this process may not mount one.')
  console.log(`Errors: ${[...codes].map(([code, times]) => `${code} ${times}`).join(', ')}`)
  await record(
    {
      proof: 'disk',
      about:
        'Whatever a disk does: an error with a code, nothing accepted is lost, and the next cycle succeeds.',
      command: 'npm run test:faults -- --long',
      seed: 'none',
      seconds: seconds(),
      date: new Date().toISOString().slice(0, 10),
      figures: { ...figures, checks: tally.checks },
      found: [],
    },
    { write: long && values.write },
  )
} finally {
  rmSync(folder, { recursive: true })
}
