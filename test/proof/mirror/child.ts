/**
 * The command line, to be killed: `MAIN KILL WORDS…`. `KILL` is empty, or the number of the call that changes the
 * disk before which the process kills itself.
 */
import { installFileCalls, watchFileCalls, type FileCall } from '../file-calls.js'

installFileCalls()

const [main = '', kill = '', ...words] = process.argv.slice(2)
let changes = 0

function watch({ changes: doesChange }: FileCall): void {
  if (!doesChange) return
  changes += 1
  if (changes !== Number(kill)) return
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment to arrive.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}

process.argv.splice(2, Infinity, ...words)
watchFileCalls(watch)
await import(main)
