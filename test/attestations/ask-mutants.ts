/** A process of its own that asks builds of the library. Argument: a JSON file with builds and cases. */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { answerTo, type AskedBuild } from './ask.js'
import type { AttestationCase } from './cases.js'

const [plan = ''] = process.argv.slice(2)
const { trees, cases }: { trees: string[]; cases: AttestationCase[] } = JSON.parse(
  readFileSync(plan, 'utf8'),
)
const answers: [tree: string, wrong: string[]][] = []
for (const tree of trees) {
  const part = (name: string): string => pathToFileURL(`${tree}/src/${name}/index.js`).href
  const attestations: AskedBuild['attestations'] = await import(part('attestations'))
  const sigstore: AskedBuild['sigstore'] = await import(part('sigstore'))
  const wrong: string[] = []
  for (const one of cases) {
    const answer = await answerTo(one, { attestations, sigstore })
    // A broken build may refuse by another check than the one named.
    if ((answer === 'verified') !== (one.refusedBy === undefined)) wrong.push(one.name)
  }
  answers.push([tree, wrong])
}
process.stdout.write(JSON.stringify(answers))
