/** The report of a measured process at its end, in one line. It imports next to nothing. */
import { readFileSync, writeSync } from 'node:fs'

/** A part of a process with figures of its own. */
export interface Section {
  /** Milliseconds, user and system. */
  readonly cpu: number
  /** Milliseconds. */
  readonly wall: number
  /** How often the measured thing was done. */
  readonly calls: number
}

/** The whole process. */
export interface Usage {
  /** Milliseconds, user and system, all threads. */
  readonly cpu: number
  /** The most memory that was resident, in bytes. */
  readonly peak: number
  readonly section?: Section
  /** Other figures, by name. */
  readonly figures?: Readonly<Record<string, number>>
}

/** Measures `work`; the report at the end of the process then contains this section. */
export async function measureSection(calls: number, work: () => Promise<unknown>): Promise<void> {
  const before = process.cpuUsage()
  const start = performance.now()
  await work()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  measured = { cpu: (user + system) / 1000, wall, calls }
}

/** Adds a figure to the report. */
export function reportFigure(name: string, figure: number): void {
  figures[name] = figure
}

let measured: Section | undefined
const figures: Record<string, number> = {}

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage: Usage = {
    cpu: (userCPUTime + systemCPUTime) / 1000,
    peak: peakOnLinux() ?? maxRSS * 1024,
    ...(measured && { section: measured }),
    ...(Object.keys(figures).length > 0 && { figures }),
  }
  writeSync(1, `${JSON.stringify(usage)}\n`)
})

/** Linux hands the peak of the process that spawned this one down to `maxRSS`. */
function peakOnLinux(): number | undefined {
  try {
    const status = readFileSync('/proc/self/status', 'latin1')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024 || undefined
  } catch {
    return undefined
  }
}
