/** Offline bundles: written, read without a network, and attacked. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { attestationJudge, parsePublisherPins } from '../../src/attestations/index.js'
import { memoryStore } from '../../src/client/store.js'
import {
  openOfflineBundle,
  plainIndexLayout,
  PypiView,
  writeOfflineBundle,
  type BundledFile,
  type BundleTrustOptions,
} from '../../src/pypi/index.js'
import { bundleFetcher, bundleUrl } from '../../src/pypi/bundle/folder.js'
import {
  parseTrustedRoot,
  sigstoreTrustedRoot,
  sigstoreTrustedRootChain,
} from '../../src/sigstore/index.js'
import { createRepository, defaultNow } from '../../src/testing/index.js'
import { attest, gitHub, provenance } from '../support/sigstore/attest.js'
import { TestSigstore } from '../support/sigstore/instance.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const day = 86_400_000
const sigstore = new TestSigstore()
const urls = { metadataUrl: 'https://sigstore.test/', targetsUrl: 'https://sigstore.test/targets/' }
const repo = createRepository()
repo.addTarget('trusted_root.json', sigstore.trustedRoot().toString())
repo.publish()
const root = repo.root()
repo.rotate('timestamp')
repo.publish()
const online = {
  metadataUrl: urls.metadataUrl,
  root,
  fetcher: repo.fetcher(urls),
  now: () => defaultNow,
}
const pins = parsePublisherPins({ demo: [gitHub], other: [gitHub] })

function fileOf(project: string, content: string, attested = true): BundledFile {
  const filename = `${project}-1.0.tar.gz`
  const sha256 = createHash('sha256').update(content).digest('hex')
  const attestation = attest(sigstore, {
    statement: (statement) => {
      statement.subject = [{ name: filename, digest: { sha256 } }]
    },
  })
  return {
    project,
    entry: {
      filename,
      url: `https://files.test/${filename}`,
      hashes: new Map([['sha256', sha256]]),
      provenance: `https://pypi.test/${filename}/provenance`,
    },
    provenance: attested ? provenance([attestation]) : undefined,
  }
}

const demo = fileOf('demo', 'demo')
const other = fileOf('other', 'other')
const plain = fileOf('plain', 'plain', false)

let written: string
let folder: string

beforeAll(async () => {
  written = temporaryFolder('bundle')
  const chain = await sigstoreTrustedRootChain(online)
  await writeOfflineBundle(written, { files: [demo, other, plain], chain })
})
beforeEach(async () => {
  folder = temporaryFolder('bundle')
  await cp(written, folder, { recursive: true })
})

function pathOf({ entry }: BundledFile): string {
  return join(folder, 'provenance', `${entry.hashes.get('sha256') ?? ''}.json`)
}

/** The verdict on a file of `project` with this content, or the code of an error. */
async function verdictOn(
  project: string,
  content = project,
  trust: BundleTrustOptions = {},
): Promise<string> {
  try {
    const bundle = openOfflineBundle(folder)
    const trustedRoot = await bundle.trustedRoot({ root, now: () => defaultNow, ...trust })
    const judge = attestationJudge({ trustedRoot, pins, source: bundle.source })
    const view = new PypiView(bundle.index, plainIndexLayout, { unsigned: true, judge })
    const bytes = new TextEncoder().encode(content)
    return (await view.verifyFile(bytes, { filename: `${project}-1.0.tar.gz` })).verdict
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

async function changePage(
  project: string,
  change: (file: Record<string, unknown>) => void,
): Promise<void> {
  const path = join(folder, 'simple', `${project}.json`)
  const page = JSON.parse(await readFile(path, 'utf8')) as { files: Record<string, unknown>[] }
  page.files.forEach(change)
  await writeFile(path, JSON.stringify(page))
}

describe('without a network', () => {
  test('a file is a match by its attestation, and one without it says so', async () => {
    expect(await verdictOn('demo')).toBe('match')
    expect(await verdictOn('plain')).toBe('no-attestation')
  })

  test('other bytes are a mismatch, and a file that was not bundled is unknown', async () => {
    expect(await verdictOn('demo', 'harm')).toBe('mismatch')
    expect(await verdictOn('absent')).toBe('unknown')
  })

  test('the roots since the first one lead to the trusted root, and floors are kept', async () => {
    const names = await readdir(join(folder, 'sigstore'))
    expect(names).toEqual(expect.arrayContaining(['2.root.json', 'timestamp.json']))
    const store = memoryStore()
    await openOfflineBundle(folder).trustedRoot({ root, now: () => defaultNow, store })
    expect(await store.get('timestamp.json')).toBeDefined()
  })
})

describe('attestations in a bundle', () => {
  test('of another project are refused', async () => {
    await cp(pathOf(other), pathOf(demo))
    expect(await verdictOn('demo')).toBe('mismatch')
  })

  test('of another publisher are refused', async () => {
    const evil = { ...gitHub, repository: 'evil/demo' }
    await writeFile(
      pathOf(demo),
      (demo.provenance ?? '').toString().replace('demo/demo', 'evil/demo'),
    )
    expect(JSON.parse(await readFile(pathOf(demo), 'utf8'))).toMatchObject({
      attestation_bundles: [{ publisher: evil }],
    })
    expect(await verdictOn('demo')).toBe('mismatch')
  })

  test.each([0, 1, 500])('cut to %d bytes are refused', async (length) => {
    await truncate(pathOf(demo), length)
    expect(await verdictOn('demo')).toBe('mismatch')
  })

  test('that are long are refused', async () => {
    await writeFile(pathOf(demo), ' '.repeat(2_000_001))
    expect(await verdictOn('demo')).toBe('ERR_TUF_FETCH_TOO_LONG')
  })

  test('that a page links to and that are gone are not "no attestation"', async () => {
    await rm(pathOf(demo))
    expect(await verdictOn('demo')).toBe('cannot-be-judged')
  })

  test('that were taken out without a trace are missed where a publisher is pinned', async () => {
    await rm(pathOf(demo))
    await changePage('demo', (file) => delete file['provenance'])
    expect(await verdictOn('demo')).toBe('no-attestation')
  })

  test('that a page links to elsewhere are those of the bundle', async () => {
    await changePage('demo', (file) => (file['provenance'] = 'https://evil.test/'))
    expect(await verdictOn('demo')).toBe('match')
  })

  test('do not make another digest on the page right', async () => {
    const sha256 = createHash('sha256').update('harm').digest('hex')
    await changePage('demo', (file) => (file['hashes'] = { sha256 }))
    expect(await verdictOn('demo', 'harm')).toBe('cannot-be-judged')
    await rename(pathOf(demo), join(folder, 'provenance', `${sha256}.json`))
    expect(await verdictOn('demo', 'harm')).toBe('mismatch')
  })

  test('are for the files of a TUF repository too, whatever its pages link to', async () => {
    const { source } = openOfflineBundle(folder)
    const ask = (file: BundledFile, fields: object): Promise<unknown> =>
      source(
        {
          project: file.project,
          version: '1.0',
          filename: file.entry.filename,
          sha256: file.entry.hashes.get('sha256'),
          ...fields,
        },
        undefined,
      )
    const link = { provenance: 'https://pypi.org/integrity/x' }
    expect(await ask(demo, link)).toHaveProperty('provenance', expect.any(Uint8Array))
    expect(await ask(plain, {})).toEqual({ provenance: undefined })
    const unusable = { unusable: 'the bundle does not have its attestation' }
    expect(await ask(plain, link)).toMatchObject(unusable)
    expect(await ask({ ...plain, project: 'absent' }, {})).toMatchObject(unusable)
    expect(await ask(plain, { sha256: 'ab'.repeat(32) })).toMatchObject(unusable)
  })
})

describe("Sigstore's files in a bundle", () => {
  test('that have expired are refused, unless an earlier time is asked for', async () => {
    const now = (): number => defaultNow + 400 * day
    expect(await verdictOn('demo', 'demo', { now })).toBe('ERR_TUF_EXPIRED')
    const store = memoryStore()
    expect(await verdictOn('demo', 'demo', { now, store, fixedTime: defaultNow })).toBe('match')
    expect(await store.get('timestamp.json')).toBeUndefined()
    expect(await store.get('state/clock')).toBeUndefined()
  })

  test('that are older than the store are refused, at an earlier time too', async () => {
    const store = memoryStore()
    repo.publish('timestamp')
    await sigstoreTrustedRoot({ ...online, fetcher: repo.fetcher(urls), store })
    expect(await verdictOn('demo', 'demo', { store })).toBe('ERR_TUF_ROLLBACK')
    const fixedTime = defaultNow - 1000
    expect(await verdictOn('demo', 'demo', { store, fixedTime })).toBe('ERR_TUF_ROLLBACK')
  })

  test('lead from the root of the reader alone', async () => {
    const another = createRepository({ seed: 'another' })
    another.publish()
    expect(await verdictOn('demo', 'demo', { root: another.root() })).toBe(
      'ERR_TUF_THRESHOLD_NOT_MET',
    )
  })

  test('do not count by the name: another trusted_root.json is refused', async () => {
    const targets = join(folder, 'sigstore', 'targets')
    for (const name of await readdir(targets)) {
      await writeFile(join(targets, name), new TestSigstore().trustedRoot())
    }
    expect(await verdictOn('demo')).toMatch(/^ERR_TUF_(HASH|LENGTH)_MISMATCH$|TOO_LONG$/)
  })

  test.each([
    ['timestamp.json', 'ERR_TUF_FETCH_NOT_FOUND'],
    // The keys of the timestamp are in it.
    ['2.root.json', 'ERR_TUF_THRESHOLD_NOT_MET'],
  ])('without %s are refused', async (name, code) => {
    await rm(join(folder, 'sigstore', name))
    expect(await verdictOn('demo')).toBe(code)
  })

  test('without any of them the reader needs a trusted root of its own', async () => {
    await rm(join(folder, 'sigstore'), { recursive: true })
    expect(await verdictOn('demo')).toMatch(/^ERR_TUF_/)
    const bundle = openOfflineBundle(folder)
    const trustedRoot = parseTrustedRoot(sigstore.trustedRoot())
    const judge = attestationJudge({ trustedRoot, pins, source: bundle.source })
    const view = new PypiView(bundle.index, plainIndexLayout, { unsigned: true, judge })
    expect(
      await view.verifyFile(Buffer.from('demo'), { filename: 'demo-1.0.tar.gz' }),
    ).toMatchObject({ verdict: 'match' })
  })

  test('that were cut are refused', async () => {
    await truncate(join(folder, 'sigstore', 'timestamp.json'), 100)
    expect(await verdictOn('demo')).toBe('ERR_TUF_METADATA_INVALID')
  })
})

describe('the folder of a bundle', () => {
  test.each(['simple', 'provenance', 'sigstore'])('%s cannot be a link', async (name) => {
    await rename(join(folder, name), join(folder, 'elsewhere'))
    await symlink(join(folder, 'elsewhere'), join(folder, name))
    expect(await verdictOn('demo')).toBe('ERR_TUF_FETCH_FAILED')
  })

  test('a file in it cannot be a link', async () => {
    await rename(pathOf(demo), join(folder, 'x'))
    await symlink(join(folder, 'x'), pathOf(demo))
    expect(await verdictOn('demo')).toBe('ERR_TUF_FETCH_FAILED')
  })

  test('a pipe in it is not waited for', async () => {
    await rm(pathOf(demo))
    execFileSync('mkfifo', [pathOf(demo)])
    expect(await verdictOn('demo')).toBe('ERR_TUF_FETCH_FAILED')
  })

  test.each([
    ['absent', undefined],
    ['not JSON', '{'],
    ['of another version', '{"version": 2}'],
    ['not an object', '[]'],
    ['long', ' '.repeat(10_001)],
  ])('is none whose bundle.json is %s', async (_, marker) => {
    if (marker === undefined) await rm(join(folder, 'bundle.json'))
    else await writeFile(join(folder, 'bundle.json'), marker)
    expect(await verdictOn('demo')).toBe('ERR_TUF_FETCH_FAILED')
  })

  test('a page that is not one is an error', async () => {
    await writeFile(join(folder, 'simple', 'demo.json'), '{"files":')
    expect(await verdictOn('demo')).toBe('ERR_TUF_PAGE_INVALID')
  })

  test.each([
    'simple/../../etc/passwd/',
    'simple/Demo/',
    'simple/a%2f..%2fb/',
    'provenance/../bundle.json',
    'provenance/AB.json',
    'sigstore/../bundle.json',
    'sigstore/targets/../../bundle.json',
    'sigstore/.hidden',
    'sigstore/a/b',
    'bundle.json',
  ])('%s is not a file of it', async (name) => {
    const asked = bundleFetcher(folder).fetch({
      url: bundleUrl + name,
      kind: 'metadata',
      signal: new AbortController().signal,
    })
    await expect(asked).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_NOT_FOUND' })
  })

  test('a project called like a device of Windows has a plain file', async () => {
    const path = join(folder, 'new')
    await writeOfflineBundle(path, { files: [fileOf('con', 'con')] })
    expect(await readdir(join(path, 'simple'))).toEqual(['%63on.json'])
    folder = path
    expect((await openOfflineBundle(path).index.find('con'))?.length).toBeGreaterThan(0)
    folder = join(path, '..')
  })
})

describe('a bundle is not written', () => {
  test('into a folder that is not empty', async () => {
    await expect(writeOfflineBundle(folder, { files: [demo] })).rejects.toThrow('is not empty')
  })

  test('with a file without a SHA-256, or a name that cannot be one', async () => {
    const path = join(folder, 'new')
    const hashes = new Map([['sha256', '../x']])
    const file = { ...demo, entry: { ...demo.entry, hashes } }
    await expect(writeOfflineBundle(path, { files: [file] })).rejects.toThrow(TypeError)
    const chain = { files: new Map([['../x', new Uint8Array()]]) }
    await expect(writeOfflineBundle(path, { files: [], chain })).rejects.toThrow(TypeError)
    expect(await readdir(path)).toEqual([])
  })

  test('of two files with the same bytes, of which one has attestations', async () => {
    const path = join(folder, 'new')
    const same = { ...plain, entry: { ...plain.entry, hashes: demo.entry.hashes } }
    const writing = writeOfflineBundle(path, { files: [demo, same] })
    await expect(writing).rejects.toThrow('has the bytes of another file')
    await writeOfflineBundle(path, { files: [demo, demo] })
    expect(await readdir(join(path, 'provenance'))).toHaveLength(1)
  })

  test('to its end, when the disk fails: then it is not a bundle', async () => {
    const path = join(folder, 'new')
    await mkdir(path)
    const long = { ...demo, entry: { ...demo.entry, filename: 'x' } }
    await writeOfflineBundle(path, { files: [long] })
    await rm(join(path, 'bundle.json'))
    expect(() => openOfflineBundle(path)).toThrow('was not written to its end')
  })
})
