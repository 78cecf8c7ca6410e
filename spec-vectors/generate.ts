/**
 * Writes every vector file: `tsx spec-vectors/generate.ts`. With `--check` it only compares, and
 * fails when a file differs from the generated one.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Requirement } from '../src/vectors/format.js'
import { coverageFaults } from './generator/coverage.js'
import { allFamilies } from './generator/families.js'
import { keyidFaults } from './generator/keyid-faults.js'
import { familyFaults, vectorFileText } from './generator/write.js'

const folder = fileURLToPath(new URL('./', import.meta.url))
const check = process.argv.includes('--check')

const families = await allFamilies()
const requirements = listedRequirements()
const faults = [
  ...familyFaults(families, new Set(requirements.map(({ id }) => id))),
  ...coverageFaults(families, requirements),
  ...keyidFaults(families),
]
for (const file of families) {
  const name = `${file.family}.json`
  const text = vectorFileText(file)
  if (!check) writeFileSync(folder + name, text)
  else if (!existsSync(folder + name) || readFileSync(folder + name, 'utf8') !== text) {
    faults.push(`${name} is not what the generator writes`)
  }
}
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0

function listedRequirements(): readonly Requirement[] {
  const parseJson: (text: string) => { readonly requirements: readonly Requirement[] } = JSON.parse
  return parseJson(readFileSync(`${folder}requirements.json`, 'utf8')).requirements
}
