/** Whether the cases do their work: one of them catches each verifier with a check taken out. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from '@swc/core'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { attestationCases } from './all-cases.js'
import { mutants, type AttestationEdit, type AttestationMutant } from './mutants.js'

const patience = 600_000
const project = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tuffet-attestation-mutants-'))
const base = join(folder, 'base')
const numbered = mutants.map((mutant, number) => ({ ...mutant, number }))

/** Folder → names of the cases that were not answered as they must be. */
let answers: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(async () => {
  const sources = [
    'src/errors',
    'src/errors.ts',
    'src/core',
    'src/client',
    'src/node',
    'src/platform',
  ]
  const ours = ['src/pypi/names', 'src/sigstore', 'src/attestations', 'test/support/sigstore']
  const asking = ['ask', 'ask-mutants', 'cases'].map((name) => `test/attestations/${name}.ts`)
  for (const path of [...sources, ...ours, ...asking].flatMap(typescriptFiles)) {
    compileTo(base, path, readFileSync(join(project, path), 'utf8'))
  }
  const platform = { '#platform': './base/src/platform/node.js' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports: platform }))
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const mutant of numbered) {
    const tree = treeOf(mutant.number)
    cpSync(base, tree, { recursive: true })
    for (const { file, find, replace } of editsOf(mutant)) {
      const path = join('src', file)
      const text = readFileSync(join(project, path), 'utf8').split(find).join(replace)
      compileTo(tree, path, text)
    }
  }
  answers = await play([base, ...numbered.map(({ number }) => treeOf(number))])
}, patience)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.each(numbered)('the place that "$name" changes is in the source, once', (mutant) => {
  for (const { file, find } of editsOf(mutant)) {
    expect(readFileSync(join(project, 'src', file), 'utf8').split(find)).toHaveLength(2)
  }
})

test('the library as it is answers every case', () => {
  expect(answers.get(base)).toEqual([])
})

test.each(numbered)('a verifier is caught that $name', ({ number }) => {
  expect(answers.get(treeOf(number))).not.toEqual([])
})

function editsOf(mutant: AttestationMutant): readonly AttestationEdit[] {
  return mutant.also ? [mutant, mutant.also] : [mutant]
}

function treeOf(number: number): string {
  return join(folder, `mutant-${number}`)
}

/** One process asks every build every case. */
function play(trees: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const plan = join(folder, 'plan.json')
  writeFileSync(plan, JSON.stringify({ trees, cases: attestationCases() }))
  const script = join(base, 'test/attestations/ask-mutants.js')
  return new Promise((resolve, reject) => {
    const options = { timeout: patience, maxBuffer: 1e8, env: { ...process.env, NODE_OPTIONS: '' } }
    execFile(process.execPath, [script, plan], options, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`${error.message}: ${stderr}`))
        return
      }
      const entries: [string, string[]][] = JSON.parse(stdout)
      resolve(new Map(entries))
    })
  })
}

function typescriptFiles(path: string): string[] {
  if (path.endsWith('.ts')) return [path]
  return readdirSync(join(project, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name))
}

function compileTo(tree: string, path: string, source: string): void {
  const { code } = transformSync(source, {
    configFile: false,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  })
  const file = join(tree, path.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code)
}
