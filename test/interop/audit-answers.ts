/**
 * Asks the other clients the vectors that findings of an audit name, and writes
 * `src/audit/clients/answers.ts`. A client that is missing here keeps its rows.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import prettier from 'prettier'
import { answers, clientVersions } from '../../src/audit/clients/answers.js'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import { runVectors } from '../../src/vectors/runner.js'
import { vectorsInSource } from '../support/audit-vectors.js'
import { countedPeers, peers } from './peers.js'

type Client = keyof typeof clientVersions

const page = fileURLToPath(new URL('../../src/audit/clients/answers.ts', import.meta.url))
const all = await loadVectorFolder(new URL('../../spec-vectors/', import.meta.url))
const named = vectorsInSource(all)
const files = all.flatMap((file) => {
  const vectors = file.vectors.filter(({ id }) => named.has(id))
  return vectors.length === 0 ? [] : [{ ...file, count: vectors.length, vectors } as typeof file]
})
const families = files.filter(({ kind }) => kind === 'function').map(({ family }) => family)
const versions: Record<string, string> = { ...clientVersions }
const rows = new Map([...named].sort().map((id) => [id, new Set(answers[id] ?? [])]))

for (const [name, open] of Object.entries({ ...peers, ...countedPeers })) {
  if (!isClient(name)) continue
  const peer = open(families)
  if ('reason' in peer) {
    console.log(`Skipped ${name}: ${peer.reason}`)
    process.exitCode = 1
    continue
  }
  const report = await runVectors(files, peer.client, { concurrency: availableParallelism() })
  peer.close()
  versions[name] = peer.client.name.replace(`${name} `, '')
  const failed = new Set(report.failures.map(({ id }) => id))
  const skipped = new Set(report.skips.map(({ id }) => id))
  for (const [id, clients] of rows) {
    if (skipped.has(id)) continue
    if (failed.has(id)) clients.add(name)
    else clients.delete(name)
  }
  console.log(
    `${peer.client.name}: ${failed.size} of ${named.size} otherwise, ${skipped.size} not asked`,
  )
}

const text = [
  '/** Written by `npm run interop:audit`: the clients that answer a vector in another way than it says. */',
  '',
  '/** A client whose answers are known, and its version. */',
  `export const clientVersions = ${JSON.stringify(versions)} as const`,
  '',
  'export const answers: Readonly<Record<string, readonly (keyof typeof clientVersions)[]>> = {',
  ...[...rows].map(([id, clients]) => `${JSON.stringify(id)}: ${JSON.stringify([...clients])},`),
  '}',
].join('\n')
const options = await prettier.resolveConfig(page)
writeFileSync(page, await prettier.format(text, { ...options, parser: 'typescript' }))

function isClient(name: string): name is Client {
  return Object.hasOwn(clientVersions, name)
}
