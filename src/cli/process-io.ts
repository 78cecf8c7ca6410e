/**
 * The process as an `Io`. Output after its reader closed the pipe (EPIPE) is dropped; the status
 * still counts.
 */
import { fstatSync, writeSync } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import { hasCode } from '../node/system-error.js'
import type { Io, Output } from './io.js'
import { OutputError } from './output-error.js'
import { wantsColours } from './paint.js'

/** As much of a `NodeJS.WriteStream` as is used. */
export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly fd?: number
  on(event: 'error', listener: (error: Error) => void): unknown
  write(chunk: string | Uint8Array, done: (error?: Error | null) => void): unknown
}

/** The output of a process. */
export interface OutputStreams {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
}

/** @param signal aborts when the process is interrupted */
export function processIo(
  signal: AbortSignal,
  streams: OutputStreams = process,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Io {
  const output = (stream: OutputStream, name: string): Output => ({
    ...outputTo(stream, name),
    hasColours: wantsColours(stream.isTTY === true, environment),
  })
  return {
    stdout: output(streams.stdout, 'standard output'),
    stderr: output(streams.stderr, 'standard error'),
    stdin: () => addAbortSignal(signal, process.stdin),
    // It may be deleted: then the run fails with that error.
    get folder() {
      return process.cwd()
    },
    user: process.geteuid?.(),
    signal,
    now: Date.now,
  }
}

function outputTo(stream: OutputStream, name: string): Omit<Output, 'hasColours'> {
  let open = true
  let failure: Error | undefined
  let last: Promise<void> = Promise.resolve()

  function fail(error: Error): void {
    open = false
    if (!hasCode(error, 'EPIPE')) failure ??= error
  }

  function send(chunk: string | Uint8Array): Promise<void> {
    if (!open) return Promise.resolve()
    return new Promise((resolve) => {
      stream.write(chunk, (error) => {
        if (error) fail(error)
        resolve()
      })
    })
  }

  stream.on('error', fail)
  const file = fileBehind(stream)
  const write = file === undefined ? send : toFile(file, fail)
  return {
    isTerminal: stream.isTTY === true,
    columns: (stream.isTTY === true ? stream.columns : undefined) ?? 80,
    write(text) {
      if (open) last = write(text)
    },
    async writeBytes(bytes) {
      if (open) await (last = write(bytes))
    },
    async flush() {
      // Writes end in their order.
      await last
      if (failure) throw new OutputError(name, failure)
    },
  }
}

/** Node writes to a file once and does not look how much was taken: a full disk takes a part. */
function fileBehind({ fd, isTTY }: OutputStream): number | undefined {
  if (fd === undefined || isTTY === true) return undefined
  try {
    const stat = fstatSync(fd)
    return stat.isFile() || stat.isCharacterDevice() ? fd : undefined
  } catch (error) {
    if (hasCode(error, 'EBADF')) return undefined
    throw error
  }
}

function toFile(
  file: number,
  fail: (error: Error) => void,
): (chunk: string | Uint8Array) => Promise<void> {
  return (chunk) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
    return Promise.resolve()
  }
}
