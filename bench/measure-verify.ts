/** `tuffet verify` of a file of a gigabyte, beside a program that hashes it and checks nothing. */
import { spawnSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { measureCalls, usualShape, whileServed, type Bench } from './bench.js'
import { commandJob, settingsFolder, withoutPeak } from './measure-command.js'
import type { Scenario } from './results.js'

/** The title of this measurement. */
export const verifyTitle = 'The command: verify of 1 GB, a run'

const path = 'large/gigabyte.img'
const pieces = 1_000
const pieceLength = 1_000_000

/** Undefined where openssl is missing. */
export async function measureVerify(bench: Bench): Promise<Scenario | undefined> {
  const { error } = spawnSync('openssl', ['version'])
  if (error) {
    bench.skip(`openssl dgst: ${error.message}`)
    return undefined
  }
  bench.progress(verifyTitle)
  const folder = bench.workshop.newFolder()
  mkdirSync(folder)
  const file = join(folder, 'gigabyte.img')
  const entries = [{ path, length: pieces * pieceLength, sha256: writeNoise(file) }]
  const shape = { ...usualShape, layout: 'one-role', size: 10, apart: 0, together: 0, entries }
  return whileServed(bench, { ...shape, layout: 'one-role' }, async (served) => {
    const settings = settingsFolder(bench, served)
    const verify = bench.nodes.map(({ name, node = process.execPath }, index) =>
      commandJob(index === 0 ? 'tuffet' : `tuffet, ${name}`, settings, [
        node,
        join(bench.workshop.folder, 'node_modules/tuffet/dist/cli/main.cjs'),
        'verify',
        path,
        file,
      ]),
    )
    const openssl = commandJob('openssl dgst', settings, ['openssl', 'dgst', '-sha256', file])
    const rows = await measureCalls(bench, [...verify, openssl], ['openssl dgst'])
    return { title: verifyTitle, rows: rows.map(withoutPeak) }
  })
}

/** Writes bytes that nothing compresses; returns their SHA-256. */
function writeNoise(file: string): string {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  const hash = createHash('sha256')
  const zeros = Buffer.alloc(pieceLength)
  const written = openSync(file, 'wx')
  for (let piece = 0; piece < pieces; piece++) {
    const bytes = noise.update(zeros)
    hash.update(bytes)
    writeSync(written, bytes)
  }
  closeSync(written)
  return hash.digest('hex')
}
