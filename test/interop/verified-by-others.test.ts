import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { createPep458Repository, createRepository } from '../../src/testing/index.js'
import type { RepositoryOptions, TestRepository } from '../../src/testing/index.js'
import {
  ecdsaSigner,
  nodeEd25519Signer,
  rsaSigner,
  writeFolder,
} from '../../src/testing/node/index.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import { nodeWithTufJs, pythonWithTuf } from './peers.js'
import {
  runProgram,
  serveFolder,
  tamper,
  type FolderRepository,
  type ProgramEnd,
} from './repository-folder.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** They read the clock of this machine. */
const now = Date.now()
const paths = ['top.txt', 'pkgs/a.whl', 'pkgs/deep/b.tar.gz']

interface Subject {
  readonly name: string
  readonly command: readonly string[] | undefined
}

const python = pythonWithTuf()
const node = nodeWithTufJs()
const subjects: readonly Subject[] = [
  { name: 'python-tuf', command: commandOf(python, 'python_tuf_client.py') },
  { name: 'tuf-js', command: commandOf(node, 'tuf-js-client.ts') },
]

function commandOf(program: { path: string } | object, script: string): string[] | undefined {
  const path = fileURLToPath(new URL(script, import.meta.url))
  return 'path' in program ? [program.path, path] : undefined
}

function plain(options: RepositoryOptions = {}): TestRepository {
  const repo = createRepository({ now, ...options })
  return filled(repo)
}

function filled(repo: TestRepository): TestRepository {
  for (const path of paths) repo.addTarget(path, `content of ${path}`)
  repo.publish()
  return repo
}

function delegated(): TestRepository {
  const repo = createRepository({ now, snapshotHashes: true, timestampHashes: true })
  repo.delegate('targets', { name: 'packages/python', paths: ['pkgs/*', 'pkgs/*/*'], count: 2 })
  repo.delegate('packages/python', { name: 'deep', paths: ['pkgs/deep/*'], terminating: true })
  const [top = '', wheel = '', archive = ''] = paths
  repo.addTarget(top, `content of ${top}`)
  repo.addTarget(wheel, `content of ${wheel}`, { role: 'packages/python', hashes: ['sha512'] })
  repo.addTarget(archive, `content of ${archive}`, { role: 'deep' })
  repo.publish()
  return repo
}

function hybrid(): TestRepository {
  const signers = [nodeEd25519Signer('classical'), mlDsaSigner('quantum')]
  return plain({ keys: { root: { signers }, targets: { signers } } })
}

function rotated(): TestRepository {
  const repo = plain()
  for (const role of ['root', 'timestamp', 'snapshot', 'targets', 'root']) repo.rotate(role)
  return repo
}

const repositories: readonly (readonly [what: string, make: () => TestRepository])[] = [
  ['consistent snapshots', () => plain()],
  ['no consistent snapshots', () => plain({ consistentSnapshot: false })],
  ['hashes of all metadata', () => plain({ snapshotHashes: true, timestampHashes: true })],
  ['indented JSON with names in no order', () => plain({ indent: 2, sorted: false })],
  ['delegations', delegated],
  ['rotated roots', rotated],
  ['hash bins as in PEP 458', () => filled(pep458('path-hash-prefixes'))],
  ['succinct hash bins', () => filled(pep458('succinct'))],
  ['Ed25519 keys', () => plain({ makeSigner: nodeEd25519Signer })],
  ['ECDSA keys', () => plain({ makeSigner: (seed) => ecdsaSigner(seed) })],
  ['RSA keys', () => plain({ makeSigner: (seed) => rsaSigner(seed) })],
]

/** By those that have TAP 21. */
const ofTap21: readonly (readonly [what: string, make: () => TestRepository])[] = [
  ['ML-DSA-44 keys', () => plain({ makeSigner: (seed) => mlDsaSigner(seed) })],
  ['ML-DSA-65 keys', () => plain({ makeSigner: (seed) => mlDsaSigner(seed, 'ML-DSA-65') })],
  ['ML-DSA-87 keys', () => plain({ makeSigner: (seed) => mlDsaSigner(seed, 'ML-DSA-87') })],
  ['an Ed25519 and an ML-DSA key, both of which must sign', hybrid],
]

function pep458(layout: 'path-hash-prefixes' | 'succinct'): TestRepository {
  return createPep458Repository({ now, bins: 64, layout, makeSigner: nodeEd25519Signer })
}

for (const { name, command } of subjects) {
  const suite = command ? describe : describe.skip
  suite(`a repository of tuffet/testing is verified by ${name}`, () => {
    const all = name === 'python-tuf' ? [...repositories, ...ofTap21] : repositories
    test.each(all)('with %s', async (_what, make) => {
      const repository = await serveFolder((folder) => writeFolder(make(), folder))
      const state = temporaryFolder('state')
      const ask = (path: string): Promise<ProgramEnd> =>
        download(command ?? [], repository, state, path)
      try {
        for (const path of paths) {
          expect(await ask(path)).toEqual({ status: 0, said: '' })
          const file = join(state, encodeURIComponent(path))
          expect(await readFile(file, 'utf8')).toBe(`content of ${path}`)
        }
        expect(await ask('pkgs/none.whl')).toMatchObject({ status: 1 })
        await rm(join(state, encodeURIComponent('pkgs/a.whl')))
        expect(await tamper(repository, 'a.whl')).toBeGreaterThan(0)
        expect(await ask('pkgs/a.whl')).toMatchObject({ status: 1 })
      } finally {
        await repository.close()
      }
    })
  })
}

async function download(
  [program = '', ...words]: readonly string[],
  { root, metadataUrl, targetsUrl }: FolderRepository,
  state: string,
  path: string,
): Promise<ProgramEnd> {
  const common = [...words, '--metadata-dir', state, '--metadata-url', metadataUrl]
  const anchor = join(state, 'anchor.json.given')
  await writeFile(anchor, root)
  const started = await runProgram(program, [...common, 'init', anchor])
  expect(started).toEqual({ status: 0, said: '' })
  const target = ['--target-name', path, '--target-dir', state, '--target-base-url', targetsUrl]
  return runProgram(program, [...common, ...target, 'download'])
}
