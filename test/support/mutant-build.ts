/** Compiles the sources to a temporary folder, as they are and with one place changed, and plays them. */
import { execFile } from 'node:child_process'
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VectorProfile } from '../../src/vectors/format.js'
import type { Edit, Mutant } from '../vectors/mutant.js'
import { compileTo, typescriptFiles } from './source-tree.js'
import { temporaryFolder } from './temporary-folder.js'

/** The task of a process. */
export interface Play {
  readonly vectors: string
  readonly trees: readonly Tree[]
}

/** A build, and its questions. */
export interface Tree {
  readonly folder: string
  /** Vectors of this step are asked first, until one is not answered as it must be. */
  readonly step: string
  /** All vectors with one of these tags are asked. */
  readonly tags?: readonly string[]
  /** Default: all. */
  readonly profiles?: readonly VectorProfile[]
}

/** The result of one tree. */
export interface Played {
  readonly folder: string
  readonly caughtBy: string | null
  /** Ids of vectors with one of the tags that were not answered as they must be. */
  readonly failedTags: readonly string[]
}

/** The result of a process. */
export interface Outcome {
  readonly played: readonly Played[]
  /** Why there is not one for each tree. */
  readonly problem: string | undefined
}

const project = fileURLToPath(new URL('../../', import.meta.url))
const compiled = [
  'src/errors',
  'src/errors.ts',
  'src/words',
  'src/core',
  'src/client',
  'src/multi',
  'src/platform',
  'src/node',
  'src/testing',
  'src/vectors',
]
const players = ['test/support/mutant-client.ts', 'test/support/play-mutants.ts']

/** Milliseconds for all that one process plays. */
const timeLimit = 900_000

/** A temporary folder of builds. */
export class MutantBuild {
  readonly #folder: string
  readonly #base: string
  #plans = 0

  constructor() {
    this.#folder = temporaryFolder('mutants')
    this.#base = join(this.#folder, 'base')
    for (const path of [...compiled, ...players].flatMap(typescriptFiles)) {
      compileTo(this.#base, path, readFileSync(join(project, path), 'utf8'))
    }
    writeFileSync(join(this.#folder, 'package.json'), '{"type": "module"}')
    symlinkSync(join(project, 'node_modules'), join(this.#folder, 'node_modules'), 'junction')
  }

  /** The tree without any change. */
  get base(): string {
    return this.#base
  }

  /** A tree with some places changed. The caller made sure that each `find` is there once. */
  mutate(mutant: Mutant, number: number): string {
    const tree = join(this.#folder, `mutant-${number}`)
    cpSync(this.#base, tree, { recursive: true })
    const edits = editsOf(mutant)
    for (const changed of new Set(edits.map(({ file }) => file))) {
      const path = join('src', changed)
      const text = edits
        .filter(({ file }) => file === changed)
        .reduce(
          (before, { find, replace }) => before.split(find).join(replace),
          readFileSync(join(project, path), 'utf8'),
        )
      compileTo(tree, path, text)
    }
    return tree
  }

  /** Plays trees in one process, in turn. If it breaks or hangs, the later ones are left out. */
  play(trees: readonly Tree[], vectors: string = join(project, 'spec-vectors')): Promise<Outcome> {
    const plan = join(this.#folder, `plan-${this.#plans++}.json`)
    const play: Play = { vectors, trees }
    writeFileSync(plan, JSON.stringify(play))
    const script = join(this.#base, 'test/support/play-mutants.js')
    return new Promise((resolve) => {
      const options = { timeout: timeLimit, env: { ...process.env, NODE_OPTIONS: '' } }
      execFile(process.execPath, [script, plan], options, (error, stdout, stderr) => {
        const lines = stdout.split('\n').slice(0, -1)
        const played = lines.map((line): Played => JSON.parse(line))
        const problem = error ? `${error.message}, ${error.signal}: ${stderr}` : undefined
        resolve({ played, problem })
      })
    })
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** How often each text to be replaced is in the source. */
export function occurrences(mutant: Mutant): readonly number[] {
  return editsOf(mutant).map(
    ({ file, find }) => readFileSync(join(project, 'src', file), 'utf8').split(find).length - 1,
  )
}

function editsOf(mutant: Mutant): readonly Edit[] {
  return [mutant, ...(mutant.also ?? [])]
}
