/**
 * The end of docs/spec-map.md: each sentence that a client can be seen to obey, and how many vectors
 * of spec-vectors/ must be accepted and refused because of it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Requirement = { id: string; level: string; text: string; only?: string; reason?: string }
type Vector = { requirements: string[]; result?: string; steps?: { expect: { result: string } }[] }

const folder = fileURLToPath(new URL('../spec-vectors/', import.meta.url))

/** @returns The lines of the chapter; empty where vectors are missing. */
export function requirementLines(): string[] {
  if (!existsSync(`${folder}requirements.json`)) return []
  const { requirements } = read('requirements.json') as { requirements: Requirement[] }
  const counts = countVectors()
  return [
    '',
    '## Requirements and their vectors',
    '',
    'Each sentence of sections 4 to 6 and of the TAPs that a client can be seen to obey, and the',
    'number of vectors in [spec-vectors](../spec-vectors/) that must be accepted (+) and refused (−)',
    'because of it. A workflow that is refused anywhere counts as refused.',
    '',
    '| requirement | | says | + | − |',
    '| --- | --- | --- | --: | --: |',
    ...requirements.map(({ id, level, text, reason }) => {
      const [accepting, refusing] = counts.get(id) ?? [0, 0]
      const says = reason === undefined ? text : `${text} *${reason}*`
      return `| ${id} | ${level} | ${says.replaceAll('|', '\\|')} | ${accepting} | ${refusing} |`
    }),
  ]
}

function countVectors(): Map<string, [accepting: number, refusing: number]> {
  const counts: Map<string, [number, number]> = new Map()
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const { vectors = [] } = read(name) as { vectors?: Vector[] }
    for (const vector of vectors) {
      for (const id of vector.requirements) {
        const [accepting, refusing] = counts.get(id) ?? [0, 0]
        counts.set(id, isRefusing(vector) ? [accepting, refusing + 1] : [accepting + 1, refusing])
      }
    }
  }
  return counts
}

function isRefusing({ result, steps = [] }: Vector): boolean {
  return result === 'refused' || steps.some(({ expect }) => expect.result !== 'accepted')
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(folder + name, 'utf8'))
}
