/** Runs the small measurements in a process of their own. */
import { execFileSync } from 'node:child_process'
import type { Bench } from './bench.js'
import type { Micro } from './results.js'

/** The time of each function. */
export function microFigures({ workshop, progress, quick }: Bench): Micro[] {
  progress('single functions')
  const args = [workshop.program('micro'), ...(quick ? ['quick'] : [])]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}
