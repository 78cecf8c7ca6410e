import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { memoryStore } from '../../../src/client/store.js'
import { Updater } from '../../../src/platform/updater.js'
import {
  parseFilename,
  PypiView,
  readLock,
  rstufLayout,
  startProxy,
} from '../../../src/pypi/index.js'
import { digestsOf } from '../../pypi/index-repository.js'
import { findInstallers, install, type Installed, type Installer } from '../installers.js'
import { pythonWithTuf } from '../peers.js'
import { runProgram, serveFolder, tamper, type FolderRepository } from '../repository-folder.js'
import { expectRefused } from '../tampering.js'
import { findDistributions, type RealDistribution } from './distributions.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const python = pythonWithTuf()
const found = findDistributions()
const distributions = 'reason' in found ? [] : found
const installers = findInstallers()
if ('reason' in python) {
  if (process.env['PYTHON'] !== undefined) throw new Error(python.reason)
  process.stderr.write(`skipped, the index written by python-tuf: ${python.reason}\n`)
}

const layout = rstufLayout({ page: 'simple/{project}', file: '{blake2b_path}/{filename}' })
const dependency = 'six-1.17.0-py2.py3-none-any.whl'

function write(folder: string): Promise<void> {
  const given = distributions.map((one) => {
    const { filename, path, metadata, requiresPython, yanked } = one
    const { project, version } = parseFilename(filename)!
    return {
      ...{ path, filename, project, version, requires_python: requiresPython, yanked },
      ...(filename.endsWith('.whl') && { metadata: metadata.toString() }),
    }
  })
  const script = fileURLToPath(new URL('python_tuf_index.py', import.meta.url))
  const options = JSON.stringify({ distributions: given, bits: 8 })
  return runProgram('path' in python ? python.path : '', [script, folder, options]).then((end) => {
    expect(end).toEqual({ status: 0, said: '' })
  })
}

function updaterOf({ metadataUrl, targetsUrl, root }: FolderRepository): Updater {
  const urls = { metadataUrl, targetsUrl, hashPrefix: false }
  return new Updater({ ...urls, root, store: memoryStore() })
}

const there = 'path' in python && !('reason' in found) ? describe : describe.skip
there('an index that python-tuf writes in the form of RSTUF', () => {
  let repository: FolderRepository
  let view: PypiView
  let folder: string

  beforeAll(async () => {
    repository = await serveFolder(write)
    view = new PypiView(await updaterOf(repository).refresh(), layout)
    folder = temporaryFolder('rstuf')
    for (const { path, filename } of distributions) await cp(path, join(folder, filename))
  })
  afterAll(async () => {
    await repository.close()
  })

  function each(judge: (one: RealDistribution) => Promise<unknown>): Promise<unknown[]> {
    return Promise.all(distributions.map(judge))
  }

  test('uses succinct bins, and lists files by their BLAKE2b alone', async () => {
    const { targets, snapshot } = await updaterOf(repository).refresh()
    expect(targets.delegations?.succinct).toMatchObject({ bitLength: 8, namePrefix: 'bins' })
    expect(snapshot.meta.size).toBe(257)
    const hashes = await each(async ({ filename }) => {
      const { vouched } = await view.find(filename)
      return [...(vouched?.target?.hashes.keys() ?? [])]
    })
    expect(hashes).toEqual(distributions.map(() => ['blake2b-256']))
  })

  test('vouches for every file by its page and its target', async () => {
    const verdicts = await each(async ({ filename }) => view.verifyFile(join(folder, filename)))
    expect(verdicts).toMatchObject(
      distributions.map(({ filename }) => ({
        filename,
        verdict: 'match',
        reason: 'its page and its target vouch for it',
      })),
    )
    for await (const { filename, verdict } of view.verifyFolder(folder)) {
      expect([filename, verdict]).toEqual([filename, 'match'])
    }
  })

  test('does not vouch for a file with one byte changed', async () => {
    const verdicts = await each(async ({ filename, bytes }) => {
      const changed = Uint8Array.from(bytes)
      changed[bytes.length >> 1]! ^= 1
      return (await view.verifyFile(changed, { filename })).verdict
    })
    expect(verdicts).toEqual(distributions.map(() => 'mismatch'))
  })

  test('pins releases, and judges the lock file that this makes', async () => {
    const pins = await view.pin(['six==1.17.0', 'Typing.Extensions==4.12.2'])
    const hashes = pins.flatMap(({ files }) => files.map(({ sha256 }) => sha256)).sort()
    const pinned = [dependency, 'typing_extensions-4.12.2-py3-none-any.whl']
    pinned.push('typing_extensions-4.12.2.tar.gz')
    expect(hashes).toEqual(
      distributions
        .filter(({ filename }) => pinned.includes(filename))
        .map(({ bytes }) => digestsOf(bytes).sha256)
        .sort(),
    )
    const text = pins.map((pin) => `${pin.text}\n`).join('')
    expect(await judge(text)).toEqual(['match', 'match'])
    const [first = ''] = hashes
    const altered = text.replace(
      first,
      first.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    )
    expect((await judge(altered)).sort()).toEqual(['match', 'mismatch'])
  })

  async function judge(text: string): Promise<string[]> {
    const { entries } = await readLock('requirements.txt', Buffer.from(text))
    const verdicts = []
    for await (const { verdict } of view.checkLock(entries)) verdicts.push(verdict)
    return verdicts
  }
})

const withInstallers = installers.length === 0 ? describe.skip : there
withInstallers.each(installers.length === 0 ? [{ name: 'nothing', command: [] }] : installers)(
  '$name from an index that python-tuf wrote',
  (installer: Installer) => {
    test.each([
      ['a swapped wheel', dependency, /ERR_TUF_HASH_MISMATCH/],
      ['a swapped page', 'six', /ERR_TUF_HASH_MISMATCH/],
    ])('installs with dependencies, and then refuses %s', async (_what, name, why) => {
      const repository = await serveFolder(write)
      try {
        const { status, releases } = await attempt(installer, repository)
        expect([status, releases]).toEqual([0, ['python_dateutil-2.9.0.post0', 'six-1.17.0']])
        expect(await tamper(repository, name)).toBeGreaterThan(0)
        expectRefused(await attempt(installer, repository), why)
      } finally {
        await repository.close()
      }
    })
  },
)

async function attempt(installer: Installer, repository: FolderRepository): Promise<Installed> {
  const proxy = await startProxy({ updater: updaterOf(repository), layout })
  try {
    return await install(installer, proxy, 'python-dateutil')
  } finally {
    await proxy.close(0)
  }
}
