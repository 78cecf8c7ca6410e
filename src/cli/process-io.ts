/** The process as an `Io`. What nobody reads any more (EPIPE) is dropped; the status still counts. */
import { addAbortSignal } from 'node:stream'
import { hasCode } from '../node/system-error.js'
import type { Io, Output } from './io.js'

/** What is written to, and whether it could be. */
export interface ProcessIo {
  readonly io: Io
  /** Whether output was lost for another reason than that nobody reads it, such as a full disk. */
  readonly outputFailed: () => boolean
}

/** @param signal aborts when the process is interrupted */
export function processIo(signal: AbortSignal): ProcessIo {
  let failed = false
  function outputTo(stream: NodeJS.WriteStream): Output {
    let open = true
    stream.on('error', (error) => {
      open = false
      if (!hasCode(error, 'EPIPE')) failed = true
    })
    return {
      isTerminal: stream.isTTY,
      columns: stream.isTTY ? stream.columns : 80,
      write(text) {
        if (open) stream.write(text)
      },
      async writeBytes(bytes) {
        if (!open) return
        // Also called when it could not be written; `open` says that.
        await new Promise<void>((resolve) => stream.write(bytes, () => resolve()))
      },
    }
  }
  return {
    io: {
      stdout: outputTo(process.stdout),
      stderr: outputTo(process.stderr),
      stdin: () => addAbortSignal(signal, process.stdin),
      // It may have been deleted: then that is what the run fails with.
      get folder() {
        return process.cwd()
      },
      user: process.geteuid?.(),
      signal,
      now: Date.now,
    },
    outputFailed: () => failed,
  }
}
