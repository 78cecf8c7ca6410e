/**
 * Makes the most expensive bytes for each limit and reads them, each kind in a process of its own.
 * Prints processor time and peak memory as multiples of an ordinary targets file with as many bytes,
 * each the least of three runs. An argument names one kind.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { edgesFor, parseMetadata } from '../src/core/index.js'
import { ordinaryTargets, worstCases } from './hostile-bytes.js'

interface Cost {
  readonly bytes: number
  /** Milliseconds of processor time; on an idle machine the event loop is blocked for as long. */
  readonly time: number
  /** Bytes above the process before it, the file included. */
  readonly memory: number
  readonly end: string
}

const [only, size] = process.argv.slice(2)
if (size === undefined) report()
else if (only !== undefined) process.stdout.write(JSON.stringify(measure(only, Number(size))))

function report(): void {
  const lines = [['bytes of', 'MB', 'ms', 'x time', 'MB memory', 'x memory', 'ends with']]
  for (const [name, { size: bytes }] of Object.entries(worstCases)) {
    if (only !== undefined && name !== only) continue
    const hostile = least(name, bytes)
    const ordinary = least('ordinary', hostile.bytes)
    const { time, memory } = hostile
    lines.push([
      name,
      mega(hostile.bytes),
      time.toFixed(0),
      (time / ordinary.time).toFixed(1),
      mega(memory),
      (memory / ordinary.memory).toFixed(1),
      hostile.end,
    ])
  }
  for (const bytes of [3_000_000, 32_000_000]) {
    const { time, end } = least('ordinary', bytes)
    lines.push([`one ordinary role, cold`, mega(bytes), time.toFixed(0), '', '', '', end])
  }
  for (const line of lines) console.log(line.map((cell) => cell.padEnd(12)).join(' '))
}

/** Of three runs: other work on the machine only adds. */
function least(name: string, bytes: number): Cost {
  const runs = [run(name, bytes), run(name, bytes), run(name, bytes)] as const
  const time = Math.min(...runs.map((one) => one.time))
  const memory = Math.min(...runs.map((one) => one.memory))
  return { ...runs[0], time, memory }
}

/** In a process of its own: its peak is its own too. */
function run(name: string, bytes: number): Cost {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), name, String(bytes)]
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) return { bytes, time: Number.NaN, memory: Number.NaN, end: `exit ${status}` }
  return JSON.parse(stdout) as Cost
}

function measure(name: string, size: number): Cost {
  const file = name === 'ordinary' ? ordinaryTargets(size) : worstCases[name]?.make(size)
  if (file === undefined) throw new RangeError(`no such case: ${name}`)
  const before = process.memoryUsage().rss - file.length
  const start = process.cpuUsage()
  let end = 'read'
  try {
    const { signed } = parseMetadata(file, 'targets', 'targets')
    if (signed.delegations !== undefined) {
      const steps = { left: 10_000_000 }
      edgesFor(signed.delegations, 'x'.repeat(200), () => 'ab'.repeat(32), steps)
      if (steps.left < 0) end = 'out of steps'
    }
  } catch (error) {
    end = error instanceof Error ? error.message.slice(0, 70) : String(error)
  }
  const { user, system } = process.cpuUsage(start)
  const time = (user + system) / 1000
  const memory = process.resourceUsage().maxRSS * 1024 - before
  return { bytes: file.length, time, memory, end }
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
