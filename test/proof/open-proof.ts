/** The frame of a proof that starts processes: its options, its folders, its time, and its kept result. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileChild } from './child-module.js'
import { Random } from './random.js'
import { type Proof, record } from './record.js'

/** One run of a proof. */
export interface OpenProof {
  /** Whether it is the long run, whose result may be kept. */
  readonly long: boolean
  readonly random: Random
  /** A temporary folder. */
  readonly folder: string
  /** Since the proof was opened. */
  seconds(): number
  /** @returns the path of the compiled form of `entry`, whose dependencies are found */
  compile(entry: URL): string
  /** Prints the result, and keeps it after a long run with `--write`. */
  record(result: Required<Pick<Proof, 'about' | 'figures' | 'found'>>): Promise<void>
  /** Removes the folders. */
  close(): void
}

/**
 * Opens `npm run test:NAME`, with `--long`, `--write` and `--seed N`.
 *
 * @param name as in `test/proof/results/`
 */
export function openProof(name: string): OpenProof {
  const { values } = parseArgs({
    options: {
      long: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      seed: { type: 'string', default: '20261129' },
    },
  })
  const { long, write, seed } = values
  const began = performance.now()
  const seconds = (): number => Math.round((performance.now() - began) / 1_000)
  const folder = mkdtempSync(join(tmpdir(), `tuffet-${name}-`))
  const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
  mkdirSync(cache, { recursive: true })
  // Below the package: its dependencies are found from there.
  const compiled = mkdtempSync(join(cache, `tuffet-${name}-`))
  return {
    ...{ long, folder, seconds },
    random: new Random(Number(seed)),
    compile: (entry) => compileChild(compiled, entry),
    record: ({ about, figures, found }) => {
      const command = `npm run test:${name} -- --long`
      const date = new Date().toISOString().slice(0, 10)
      const proof = { proof: name, about, command, seed, seconds: seconds(), date, figures, found }
      return record(proof, { write: long && write })
    },
    close() {
      // A process that was killed may still be writing.
      for (const one of [folder, compiled]) {
        rmSync(one, { recursive: true, maxRetries: 5, retryDelay: 100 })
      }
    },
  }
}

/** `ERR_TUF_FETCH_FAILED 3, ERR_TUF_ROLLBACK 1`, or `none`. */
export function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, times]) => `${code} ${times}`).join(', ') || 'none'
}

/** All counts together. */
export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, times) => all + times, 0)
}
