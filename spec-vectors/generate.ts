/**
 * Writes every vector file: `tsx spec-vectors/generate.ts`. With `--check` it writes nothing and
 * fails when a file is not what would be written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { allFamilies } from './generator/families.js'
import { familyFaults, vectorFileText } from './generator/write.js'

const folder = fileURLToPath(new URL('./', import.meta.url))
const check = process.argv.includes('--check')

const families = await allFamilies()
const faults = [...familyFaults(families, listedRequirements())]
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

function listedRequirements(): ReadonlySet<string> {
  const { requirements } = parse(readFileSync(`${folder}requirements.json`, 'utf8'))
  return new Set(requirements.map(({ id }) => id))
}

function parse(text: string): { readonly requirements: readonly { readonly id: string }[] } {
  const parseJson: (text: string) => ReturnType<typeof parse> = JSON.parse
  return parseJson(text)
}
