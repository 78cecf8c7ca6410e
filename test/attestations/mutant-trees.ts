/** Builds of the library with one check taken out each, in a folder of their own, and a process that asks them. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileTo, typescriptFiles } from '../support/source-tree.js'
import type { AttestationEdit, AttestationMutant } from './mutants.js'

/** Milliseconds. */
export const patience = 600_000

const project = fileURLToPath(new URL('../../', import.meta.url))

const sources = [
  ...[
    'src/errors',
    'src/errors.ts',
    'src/words',
    'src/core',
    'src/client',
    'src/node',
    'src/platform',
  ],
  ...['src/pypi/names', 'src/sigstore', 'src/attestations', 'test/support/sigstore'],
]

/** The library as it is (`base`), and each mutant beside it. */
export class MutantTrees {
  readonly base: string
  readonly #folder: string
  readonly #mutants: readonly AttestationMutant[]

  /** @param paths files besides the layers up to attestations */
  constructor(mutants: readonly AttestationMutant[], paths: readonly string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), 'tuffet-attestation-mutants-'))
    this.base = join(this.#folder, 'base')
    this.#mutants = mutants
    for (const path of [...sources, ...paths].flatMap(typescriptFiles)) {
      compileTo(this.base, path, readFileSync(join(project, path), 'utf8'))
    }
    const imports = { '#platform': './base/src/platform/node.js' }
    const text = JSON.stringify({ type: 'module', imports })
    writeFileSync(join(this.#folder, 'package.json'), text)
    symlinkSync(join(project, 'node_modules'), join(this.#folder, 'node_modules'), 'junction')
    for (const [number, mutant] of mutants.entries()) {
      const tree = this.treeOf(number)
      cpSync(this.base, tree, { recursive: true })
      for (const { file, find, replace } of editsOf(mutant)) {
        compileTo(tree, join('src', file), sourceOf(file).split(find).join(replace))
      }
    }
  }

  treeOf(number: number): string {
    return join(this.#folder, `mutant-${number}`)
  }

  /** Tree → the names of wrong answers, by `script`, whose argument is a file with the plan. */
  play(script: string, more: object): Promise<ReadonlyMap<string, readonly string[]>> {
    const trees = [this.base, ...this.#mutants.map((_, number) => this.treeOf(number))]
    const plan = join(this.#folder, 'plan.json')
    writeFileSync(plan, JSON.stringify({ trees, ...more }))
    return new Promise((resolve, reject) => {
      const options = {
        timeout: patience,
        maxBuffer: 1e8,
        env: { ...process.env, NODE_OPTIONS: '' },
      }
      const args = [join(this.base, script), plan]
      execFile(process.execPath, args, options, (error, stdout, stderr) => {
        if (error) {
          reject(new Error(`${error.message}: ${stderr}`))
          return
        }
        const entries: [string, string[]][] = JSON.parse(stdout)
        resolve(new Map(entries))
      })
    })
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** All that is changed for a mutant. */
export function editsOf(mutant: AttestationMutant): readonly AttestationEdit[] {
  return mutant.also ? [mutant, mutant.also] : [mutant]
}

/** The text of a file below `src/`. */
export function sourceOf(file: string): string {
  return readFileSync(join(project, 'src', file), 'utf8')
}
