/** A process of its own that asks builds of the library. Argument: a JSON file with the builds. */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { wrongAnswers, type PolicyBuild } from './policy-questions.js'

const [plan = ''] = process.argv.slice(2)
const { trees }: { trees: string[] } = JSON.parse(readFileSync(plan, 'utf8'))
const answers: [tree: string, wrong: readonly string[]][] = []
for (const tree of trees) {
  const part = (name: string): string => pathToFileURL(`${tree}/src/${name}.js`).href
  const attestations: PolicyBuild['attestations'] = await import(part('attestations/index'))
  const sigstore: PolicyBuild['sigstore'] = await import(part('sigstore/index'))
  const agreements: PolicyBuild['agreements'] = await import(part('pypi/verdict/attestation'))
  answers.push([tree, await wrongAnswers({ attestations, sigstore, agreements })])
}
process.stdout.write(JSON.stringify(answers))
