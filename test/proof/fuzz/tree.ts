/** A copy of the sources as JavaScript that counts its branches. */
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileTo, typescriptFiles } from '../../support/source-tree.js'
import { withCounters } from './counters.js'

export const project: string = fileURLToPath(new URL('../../../', import.meta.url))

/** Readers of hostile bytes, and all that they read with. */
const counted = /^src\/(core|pypi\/(lock|names|pages)|attestations|sigstore)\/(?!.*scanner-code)/
const copied = ['src', 'test/proof/fuzz', 'test/proof/histories/history.ts']

export interface CountingTree {
  readonly folder: string
  readonly counters: number
}

/** The caller removes the folder. */
export function plantTree(): CountingTree {
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-fuzz-'))
  let counters = 0
  for (const path of copied.flatMap(typescriptFiles)) {
    let text = readFileSync(join(project, path), 'utf8')
    if (counted.test(path)) {
      const made = withCounters(path, text, counters)
      counters = made.next
      text = made.text
    }
    compileTo(folder, path, text)
  }
  const imports = { '#platform': './src/platform/node.js' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }))
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return { folder, counters }
}
