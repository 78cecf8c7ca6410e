/**
 * The result of a proof's last long run: one file in `test/proof/results/` for each proof, from which
 * `npm run proofs` makes docs/testing.md.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'

/** A proof and the figures of one run. */
export interface Proof {
  /** Kebab-case: the name of its file. */
  readonly proof: string
  /** One sentence about the property that it holds. */
  readonly about?: string
  /** The command of the long run, for a shell. */
  readonly command: string
  readonly seed: string | number
  /** Of the run. */
  readonly seconds: number
  /** `2026-11-29`. */
  readonly date: string
  /** Name → figure, in the order of the page. */
  readonly figures: Readonly<Record<string, string | number>>
  /** Sentences: each fault that the proof found in this project, and how it was mended. */
  readonly found: readonly string[]
}

export interface RecordOptions {
  /** Default: whether the program was started with `--write`. */
  readonly write?: boolean
  /** Default: `test/proof/results`. */
  readonly folder?: string
}

const resultsFolder: string = fileURLToPath(new URL('results', import.meta.url))

const pretty = { printWidth: 100, singleQuote: true, semi: false }

/** Prints the figures, and keeps them if the run is one to keep. */
export async function record(proof: Proof, options: RecordOptions = {}): Promise<void> {
  const { write = process.argv.includes('--write'), folder = resultsFolder } = options
  checkProof(proof.proof, proof)
  console.log(`${proof.proof}, seed ${proof.seed}, ${proof.seconds} s: ${figuresText(proof)}`)
  if (!write) return
  mkdirSync(folder, { recursive: true })
  const text = await format(JSON.stringify(proof), { ...pretty, parser: 'json' })
  writeFileSync(join(folder, `${proof.proof}.json`), text)
}

/** Every kept result, by name. */
export function recordedProofs(folder: string = resultsFolder): Proof[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const proof: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      return checkProof(name.replace(/\.json$/, ''), proof)
    })
}

/** `kills 537, checks 4,754`. */
function figuresText({ figures }: Proof): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${name} ${figure.toLocaleString('en')}`)
    .join(', ')
}

/** Formats as `npm run format` does. */
export function formatMarkdown(text: string): Promise<string> {
  return format(text, { ...pretty, parser: 'markdown' })
}

function checkProof(name: string, proof: unknown): Proof {
  const wrong = (field: string) => new TypeError(`the result of the proof ${name} lacks ${field}`)
  if (!isRecord(proof) || proof['proof'] !== name) throw wrong('its name')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new TypeError(`${name} is not in kebab-case`)
  if (typeof proof['command'] !== 'string') throw wrong('a command')
  if (!isFigure(proof['seed'])) throw wrong('a seed')
  if (typeof proof['seconds'] !== 'number') throw wrong('seconds')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(proof['date']))) throw wrong('a date such as 2026-11-29')
  const { figures, found } = proof
  if (!isRecord(figures) || !Object.values(figures).every(isFigure)) throw wrong('figures')
  if (!Array.isArray(found) || !found.every((one) => typeof one === 'string')) throw wrong('found')
  return proof as unknown as Proof
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isFigure(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
