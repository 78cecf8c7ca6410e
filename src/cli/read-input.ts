/** A file that a command was given, or standard input. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Io } from './io.js'

/** The file in pieces; `-` is standard input. */
export function streamInput(file: string, io: Io): AsyncIterable<Uint8Array> {
  return file === '-'
    ? io.stdin()
    : createReadStream(resolve(io.folder, file), { signal: io.signal })
}

/** The file as a whole; `-` is standard input. */
export async function readInput(file: string, io: Io): Promise<Uint8Array> {
  if (file !== '-') return readFile(resolve(io.folder, file), { signal: io.signal })
  const chunks: Uint8Array[] = []
  for await (const chunk of io.stdin()) chunks.push(chunk)
  return Buffer.concat(chunks)
}
