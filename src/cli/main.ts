#!/usr/bin/env node
/** The process around `run`: streams, signals and the exit status; nothing is decided here. */
import { processIo } from './process-io.js'
import { run } from './run.js'

// Not awaited at the top level, so that a bundle may be CommonJS: a single-file binary has to be.
void main()

async function main(): Promise<void> {
  const interruption = new AbortController()
  let interruptedBy: NodeJS.Signals | undefined
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second one ends the process at once.
    process.once(name, () => {
      interruptedBy = name
      interruption.abort(new DOMException(`interrupted by ${name}`, 'AbortError'))
    })
  }

  process.exitCode = await run(process.argv.slice(2), processIo(interruption.signal))
  // Everything is cleaned up; now end as whoever sent the signal expects.
  if (interruptedBy !== undefined) process.kill(process.pid, interruptedBy)
}
