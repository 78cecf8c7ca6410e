/** The files of spec-vectors against their schema, and the schema against the runner's parser. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Requirement, VectorCommon } from '../../src/vectors/format.js'
import { parseVectorFile, VectorFileError } from '../../src/vectors/parse-file.js'
import {
  functionFile,
  functionSample,
  richWorkflow,
  workflowFile,
} from '../testing/vectors/sample-files.js'

const folder = new URL('../../spec-vectors/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
})
const fits = ajv.addSchema(JSON.parse(read('schema.json')), 'schema').compile({ $ref: 'schema' })
const fitsRequirements = ajv.compile({ $ref: 'schema#/$defs/requirementList' })

const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !/^(package|schema|requirements)\.json$/.test(name))
  .sort()
const texts = names.map((name) => ({ name, text: read(name) }))
describe('the files of spec-vectors', () => {
  test('are there', () => {
    expect(names.length).toBeGreaterThan(0)
  })

  test.each(texts)('$name fits the schema', ({ text }) => {
    fits(JSON.parse(text))
    expect(fits.errors ?? []).toEqual([])
  })

  test.each(texts)('$name is read by the runner and is named after its family', (file) => {
    expect(`${parseVectorFile(file.text).family}.json`).toBe(file.name)
  })

  test('no id occurs twice in all files', () => {
    const ids = allVectors().map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  test('every requirement that a vector names is listed', () => {
    const listed = new Set(allRequirements().map(({ id }) => id))
    const unknown = allVectors().flatMap(({ id, requirements: named }) =>
      named.filter((one) => !listed.has(one)).map((one) => `${id}: ${one}`),
    )
    expect(unknown).toEqual([])
  })

  test('requirements fit the schema, are sorted, and each id is unique', () => {
    fitsRequirements(JSON.parse(read('requirements.json')))
    expect(fitsRequirements.errors ?? []).toEqual([])
    const requirements = allRequirements()
    const ids = requirements.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort(bySection))
  })
})

describe('the schema', () => {
  const samples = [functionFile(functionSample()), workflowFile(richWorkflow)]
  const odd = [undefined, null, true, 0, -1, 1.5, 2 ** 53, '', 'x', [], ['x'], {}, { x: 1 }]

  test.each(samples)('accepts the files that the runner accepts: $kind', (sample) => {
    expect(fits(sample)).toBe(true)
    let refused = 0
    for (const path of pathsOf(sample)) {
      for (const value of odd) {
        const changed = replaced(sample, path, value)
        const verdict = parserVerdict(changed)
        // JSON Schema cannot count.
        if (verdict === 'miscounted') continue
        if (verdict === 'refused') refused++
        expect({ path, value, fits: fits(changed) }).toEqual({
          path,
          value,
          fits: verdict === 'accepted',
        })
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})

function allVectors(): VectorCommon[] {
  return texts.flatMap(({ text }): readonly VectorCommon[] => parseVectorFile(text).vectors)
}

function allRequirements(): readonly Requirement[] {
  return JSON.parse(read('requirements.json')).requirements
}

function parserVerdict(file: unknown): 'accepted' | 'refused' | 'miscounted' {
  try {
    parseVectorFile(JSON.stringify(file))
    return 'accepted'
  } catch (error) {
    if (!(error instanceof VectorFileError)) throw error
    return error.message.startsWith('count is') ? 'miscounted' : 'refused'
  }
}

type Path = readonly string[]

/** Where there is a value below `value`, at any depth. */
function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]): Path[] => [
    [name],
    ...pathsOf(inner).map((rest) => [name, ...rest]),
  ])
}

interface Tree {
  [name: string]: Tree
}

/** A copy with `value` there; undefined takes the field away. */
function replaced(whole: unknown, path: Path, value: unknown): unknown {
  const copy: Tree = JSON.parse(JSON.stringify(whole))
  const last = path.at(-1)!
  let parent = copy
  for (const name of path.slice(0, -1)) parent = parent[name]!
  if (Array.isArray(parent)) parent.splice(Number(last), 1, ...(value === undefined ? [] : [value]))
  else if (value === undefined) delete parent[last]
  else Object.assign(parent, { [last]: value })
  return copy
}

/** `5.10` comes after `5.9`. */
function bySection(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
