/** A process that measures single functions of core with tinybench, and prints the figures. */
import { createHash, hash } from 'node:crypto'
import { Bench } from 'tinybench'
import type { Repository } from 'tuffet'
import { encodeCanonical, edgesFor, matchesPathPattern, parseMetadata } from 'tuffet/core'
import { countSignatures } from 'tuffet/core'
import { nodeCryptography } from 'tuffet/node'
import { createPep458Repository, defaultMetadataUrl } from 'tuffet/testing'
import { nodeEd25519Signer } from 'tuffet/testing/node'
import { Updater } from 'tuffet'
import { addSignatures } from './micro-signatures.js'
import type { Micro } from './results.js'
import { targetsInBin } from './shape.js'
import { canonicalBytes } from './signed-bytes.js'

const quick = process.argv[2] === 'quick'
const repo = createPep458Repository({ fillers: targetsInBin, makeSigner: nodeEd25519Signer })
const path = 'pkgs/a.whl'
repo.addTarget(path, 'wheel')
repo.publish()
const repository = await refreshed()
const decoder = new TextDecoder()
const roles = repo.roles()
const files = {
  'bins, 3.0 MB': repo.file(repo.fileName('bins')),
  'snapshot, 0.5 MB': repo.file(repo.fileName('snapshot')),
  'a bin of 1,083 targets, 225 KB': repo.file(repo.fileName(roles.at(-1) ?? '')),
}

const bench = new Bench({ time: quick ? 60 : 400, warmupTime: quick ? 30 : 150, warmup: true })
for (const [name, bytes] of Object.entries(files)) {
  const type = name.startsWith('snapshot') ? 'snapshot' : 'targets'
  const { signed } = JSON.parse(decoder.decode(bytes))
  bench.add(`JSON.parse: ${name}`, () => JSON.parse(decoder.decode(bytes)))
  bench.add(`parseMetadata: ${name}`, () => parseMetadata(bytes, type, 'role'))
  bench.add(`encodeCanonical: ${name}`, () => encodeCanonical(signed))
  bench.add(`canonical form by hand: ${name}`, () => canonicalBytes(signed))
}

const { delegations } = parseMetadata(files['bins, 3.0 MB'], 'targets', 'bins').signed
if (delegations === undefined) throw new Error('no delegations')
const digest = hash('sha256', path)
bench.add('edgesFor: 16,384 bins, known', () => edgesFor(delegations, path, () => digest))
bench.add('find: loaded bin', () => repository.find(path))

const top = parseMetadata(files['snapshot, 0.5 MB'], 'snapshot', 'snapshot')
const { keys, roles: authorities } = repository.root
const authority = { delegator: 'root', keys, ...authorities.snapshot }
bench.add('countSignatures: Ed25519 over 0.5 MB', () =>
  countSignatures(top, authority, { cryptography: nodeCryptography }),
)
const small = parseMetadata(repo.file('timestamp.json'), 'timestamp', 'timestamp')
bench.add('countSignatures: Ed25519 over 300 bytes', () =>
  countSignatures(
    small,
    { delegator: 'root', keys, ...authorities.timestamp },
    { cryptography: nodeCryptography },
  ),
)

addSignatures(bench)

bench.add('matchesPathPattern: pkgs/*/*.whl', () =>
  matchesPathPattern('pkgs/*/*.whl', 'pkgs/some-name/some_name-1.0-py3-none-any.whl'),
)
const stars = `${'*a'.repeat(50)}b`
const long = 'a'.repeat(4_000)
bench.add('matchesPathPattern: fifty stars, 4,000 characters', () =>
  matchesPathPattern(stars, long),
)
const megabyte = new Uint8Array(1_048_576)
for (const name of ['sha256', 'sha512', 'blake2b-256'] as const) {
  bench.add(`${name}: 1 MiB`, () => nodeCryptography.hash(name, megabyte))
}
bench.add('createHash sha256: 1 MiB', () => createHash('sha256').update(megabyte).digest())

await bench.run()
const found: Micro[] = bench.tasks.map(({ name, result }) => {
  if (!('latency' in result)) throw new Error(`${name} failed`)
  return { name, median: result.latency.p50 * 1000, margin: result.latency.rme }
})
console.log(JSON.stringify(found))

async function refreshed(): Promise<Repository> {
  const fetcher = repo.fetcher()
  const { now } = repo
  const updater = new Updater({
    metadataUrl: defaultMetadataUrl,
    root: repo.root(),
    fetcher,
    now: () => now,
  })
  const view = await updater.refresh()
  await view.find(path)
  return view
}
