import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { memoryStore } from '../../src/client/store.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { Updater } from '../../src/platform/updater.js'
import { nodeWithTufJs, pythonWithTuf } from './peers.js'
import { runProgram, serveFolder, tamper, type FolderRepository } from './repository-folder.js'

const python = pythonWithTuf()
const node = nodeWithTufJs()

const targets = {
  'top.txt': 'top',
  'pkgs/a.whl': 'a wheel',
  'pkgs/deep/b.tar.gz': 'an archive',
  'pkgs/dotted.name-1.0+local.whl': 'x'.repeat(100_000),
}

interface PythonOptions {
  readonly layout?: 'plain' | 'hash-bins' | 'succinct-bins'
  readonly consistent?: boolean
  readonly keys?: 'ed25519' | 'ecdsa' | 'ecdsa-384' | 'rsa' | `ml-dsa-${44 | 65 | 87}`
  readonly hashes?: readonly string[]
  readonly indent?: boolean
  readonly rotate?: boolean
}

const repositories: readonly (readonly [what: string, options: PythonOptions])[] = [
  ['consistent snapshots', {}],
  ['no consistent snapshots', { consistent: false }],
  ['hash bins by prefix', { layout: 'hash-bins' }],
  ['hash bins without consistent snapshots', { layout: 'hash-bins', consistent: false }],
  ['succinct hash bins', { layout: 'succinct-bins' }],
  ['ECDSA keys on P-256', { keys: 'ecdsa' }],
  ['ECDSA keys on P-384', { keys: 'ecdsa-384' }],
  ['RSA keys', { keys: 'rsa' }],
  ['ML-DSA-44 keys', { keys: 'ml-dsa-44' }],
  ['ML-DSA-65 keys', { keys: 'ml-dsa-65' }],
  ['ML-DSA-87 keys', { keys: 'ml-dsa-87' }],
  ['BLAKE2b digests in succinct bins, as RSTUF has them', rstuf()],
  ['two digests of each target', { hashes: ['sha512', 'sha256'] }],
  ['indented JSON', { indent: true, layout: 'hash-bins' }],
  ['rotated keys', { rotate: true, layout: 'succinct-bins' }],
]

function rstuf(): PythonOptions {
  return { layout: 'succinct-bins', hashes: ['blake2b-256'] }
}

const inPython = 'path' in python ? describe : describe.skip
inPython('a repository written by python-tuf is verified', () => {
  test.each(repositories)('with %s', async (_what, options) => {
    const repository = await serveFolder((folder) =>
      write('path' in python ? python.path : '', 'python_tuf_repository.py', folder, options),
    )
    await expectVerified(repository)
  })
})

const inNode = 'path' in node ? describe : describe.skip
inNode('a repository written by @tufjs/models is verified', () => {
  test.each([
    ['consistent snapshots', true],
    ['no consistent snapshots', false],
  ])('with %s', async (_what, consistent) => {
    const repository = await serveFolder((folder) =>
      write('path' in node ? node.path : '', 'tuf-js-repository.ts', folder, { consistent }),
    )
    await expectVerified(repository)
  })
})

async function write(
  program: string,
  script: string,
  folder: string,
  options: object,
): Promise<void> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const end = await runProgram(program, [path, folder, JSON.stringify({ targets, ...options })])
  expect(end).toEqual({ status: 0, said: '' })
}

/** Every target is found and read; one that nobody lists is absent; a changed one is refused. */
async function expectVerified(repository: FolderRepository): Promise<void> {
  try {
    const { metadataUrl, targetsUrl, root } = repository
    const cryptography = withMlDsa(nodeCryptography)
    const options = { metadataUrl, targetsUrl, root, store: memoryStore(), cryptography }
    const view = await new Updater(options).refresh()
    for (const [path, text] of Object.entries(targets)) {
      expect((await view.find(path))?.length).toBe(text.length)
      expect(Buffer.from(await view.read(path)).toString()).toBe(text)
    }
    expect(await view.find('pkgs/none.whl')).toBeUndefined()
    expect(await tamper(repository, 'a.whl')).toBeGreaterThan(0)
    await expect(view.read('pkgs/a.whl')).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
  } finally {
    await repository.close()
  }
}
