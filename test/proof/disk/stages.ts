/** The work that a disk fails under: cycles with a download, and the proxy's spool. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../src/client/clock.js'
import { isTufError } from '../../../src/errors.js'
import { downloadFile, fileStore } from '../../../src/node/index.js'
import { Refused } from '../../../src/pypi/proxy/refusal.js'
import { Spool } from '../../../src/pypi/proxy/spool.js'
import { publishedUntil } from '../../support/killed-repository.js'
import { checkStore, refresh, type Checks } from '../crash/after-kill.js'
import { fileCalls, watchFileCalls, type OnCall } from '../file-calls.js'
import { outsideOf, type Fault } from './faults.js'

/** Ten seconds of patience with a lock are a tenth of one. */
const hurried: Clock = {
  now: () => performance.now() * 100,
  setTimer(delay, callback) {
    const timer = setTimeout(callback, delay / 100)
    return () => clearTimeout(timer)
  },
}

export interface Outcome {
  /** Whether the fault began before the work ended. */
  readonly reached: boolean
  /** The code of the error; undefined: the work succeeded all the same. */
  readonly code: string | undefined
}

/** One kind of work. */
export interface Stage {
  readonly name: string
  /** @throws Error that names the fault */
  run(folder: string, fault: Fault, at: number, tally: Checks): Promise<Outcome>
}

/** A client that has the publication `before`, at the publication `to`. */
export function cycleStage(name: string, before: number, to: number): Stage {
  return {
    name,
    async run(folder, fault, at, tally) {
      mkdirSync(join(folder, 'downloads'))
      mkdirSync(outsideOf(folder))
      writeFileSync(join(outsideOf(folder), 'file'), 'outside')
      if (before > 0) {
        cpSync(await prepared(folder, before), folder, { recursive: true })
      }
      const outcome = await underFault(fault.begin(at, folder), fault, at, () =>
        cycle(folder, to, hurried),
      )
      const files = readdirSync(outsideOf(folder))
      if (files.length !== 1 || readFileSync(join(outsideOf(folder), 'file'), 'utf8') !== 'outside')
        throw new Error(`something was written outside: ${files.join(', ')}`)
      const acknowledged = fault.destroys === true ? 0 : before
      await checkStore(folder, { acknowledged, latest: to, swept: [], clock: hurried }, tally)
      return outcome
    },
  }
}

const templates = new Map<number, string>()

/** A folder beside `folder` with the state at a publication. */
async function prepared(folder: string, publication: number): Promise<string> {
  const known = templates.get(publication)
  if (known !== undefined) return known
  const template = join(folder, '..', `prepared-${publication}`)
  mkdirSync(join(template, 'downloads'), { recursive: true })
  await cycle(template, publication)
  templates.set(publication, template)
  return template
}

export async function cycle(folder: string, publication: number, clock?: Clock): Promise<void> {
  const repo = publishedUntil(publication)
  const onPlanted = (): void => undefined
  const view = await refresh(repo, fileStore(join(folder, 'store'), { clock, onPlanted }))
  const target = await view.find('a.bin')
  if (target) await downloadFile(view, target, join(folder, 'downloads/a.bin'))
}

export const spoolStage: Stage = {
  name: 'spool of the proxy',
  async run(folder, fault, at, tally) {
    const temporary = join(folder, 'store')
    mkdirSync(temporary)
    const outcome = await underFault(fault.begin(at, folder), fault, at, () => spoolOnce(temporary))
    if (existsSync(temporary)) rmSync(temporary, { recursive: true })
    mkdirSync(temporary)
    await spoolOnce(temporary)
    tally.checks += 1
    const left = readdirSync(temporary)
    if (left.length > 0) throw new Error(`the spool leaves ${left.join(', ')}`)
    return outcome
  },
}

async function spoolOnce(folder: string): Promise<void> {
  const spool = new Spool({ folder })
  const bytes = Buffer.alloc(3_000_000, 'x')
  const source = {
    ...{ key: 'x', filename: 'x', length: bytes.length },
    async *download() {
      for (let at = 0; at < 3; at++) yield bytes.subarray(at * 1_000_000, (at + 1) * 1_000_000)
    },
  }
  try {
    await spool.sweep()
    await spool.use(source, async (file) => {
      let sent = 0
      for await (const chunk of file.read(0, file.length)) sent += chunk.length
      if (sent !== bytes.length) throw new Error(`${sent} bytes were sent`)
    })
  } finally {
    await spool.close()
  }
}

/** Runs work while a disk fails, and takes the fault away. */
export async function underFault(
  onCall: OnCall,
  { ofChanges }: Pick<Fault, 'ofChanges'>,
  at: number,
  work: () => Promise<void>,
): Promise<Outcome> {
  let changes = 0
  watchFileCalls((call) => {
    if (call.changes) changes += 1
    onCall(call)
  })
  let code: string | undefined
  try {
    await work()
  } catch (error) {
    code = codeOf(error)
  }
  const calls = ofChanges ? changes : fileCalls()
  watchFileCalls(undefined)
  return { reached: calls >= at, code }
}

/** @throws the error, when it is not one that a program can tell from others */
function codeOf(error: unknown): string {
  if (isTufError(error)) return error.code
  if (error instanceof Refused) return `refused with ${error.status}`
  // The system's own errors have a code too; downloads pass them on.
  if (error instanceof Error && 'code' in error && 'syscall' in error) return String(error.code)
  throw error
}
