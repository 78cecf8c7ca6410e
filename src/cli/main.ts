#!/usr/bin/env node
/** The process around `run`: streams, signals and the exit status. It makes no decisions. */
import { processIo } from './process-io.js'
import { run } from './run.js'

// Not awaited at the top level, so that a bundle may be CommonJS, as a single-file binary requires.
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
  // Everything is cleaned up; now end as the sender of the signal expects.
  if (interruptedBy !== undefined) process.kill(process.pid, interruptedBy)
}
