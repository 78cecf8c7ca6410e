import { describe, expect, test } from '@jest/globals'
import { NameUnsafeError } from '../../src/errors.js'
import { blake2bOfUrl } from '../../src/pypi/index.js'
import type { CheckLockOptions, LockedFile, LockEntry, LockVerdict } from '../../src/pypi/index.js'
import { IndexRepository, type LayoutName } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'
const zeros = '00'.repeat(32)

function filled(layout: LayoutName, hashes?: Map<string, string>): IndexRepository {
  const index = new IndexRepository({ layout })
  index.add(wheel, 'wheel', hashes ? { hashes } : {})
  index.add(sdist, 'sdist', hashes ? { hashes } : {})
  index.publish()
  return index
}

function entry(files: LockedFile[], more: Partial<LockEntry> = {}): LockEntry {
  return { name: 'foo-bar', version: '1.0', files, ...more }
}

function sha256(digest: string): Map<string, string> {
  return new Map([['sha256', digest]])
}

async function check(
  index: IndexRepository,
  one: LockEntry,
  options?: CheckLockOptions,
): Promise<LockVerdict> {
  const verdicts = []
  for await (const verdict of (await index.view()).checkLock([one], options)) verdicts.push(verdict)
  expect(verdicts).toHaveLength(1)
  return verdicts[0]!
}

describe.each<LayoutName>(['pages', 'pages-and-files', 'rstuf'])('a lock file and %s', (layout) => {
  test('agree on named files', async () => {
    const index = filled(layout)
    const files = [wheel, sdist].map((filename) => {
      const { sha256: digest, bytes, url } = index.distributions.get(filename)!
      return { filename, url, size: bytes.length, hashes: sha256(digest.toUpperCase()) }
    })
    const verdict = await check(index, entry(files))
    expect(verdict).toMatchObject({ verdict: 'match', files: [{}, {}] })
    const { url, ...unnamed } = { ...files[0]!, filename: undefined }
    expect(unnamed.filename).toBeUndefined()
    expect(await check(index, entry([{ url, hashes: files[0]!.hashes }]))).toMatchObject({
      verdict: 'match',
    })
  })

  test('differ, and the verdict names the difference', async () => {
    const index = filled(layout)
    const { sha256: digest, bytes, url } = index.distributions.get(wheel)!
    const good = { filename: wheel, url, size: bytes.length, hashes: sha256(digest) }
    const otherUrl = url.replace(/packages\/../, 'packages/00')
    const cases: [what: string, file: LockedFile, actual: string][] = [
      ['sha256', { ...good, hashes: sha256(zeros) }, zeros],
      ['length', { ...good, size: 1 }, '1'],
      ['blake2b-256', { ...good, url: otherUrl }, blake2bOfUrl(otherUrl)!],
    ]
    for (const [what, file, actual] of cases) {
      const verdict = await check(index, entry([good, file]))
      expect(verdict).toMatchObject({
        verdict: 'mismatch',
        files: [{ verdict: 'match' }, { verdict: 'mismatch', difference: { what, actual } }],
      })
      expect(verdict.reason).toContain(what)
    }
    expect(await check(index, entry([good], { version: '2.0' }))).toMatchObject({
      verdict: 'mismatch',
      files: [{ difference: { what: 'version', expected: '1.0', actual: '2.0' } }],
    })
    expect(await check(index, entry([good], { name: 'evil' }))).toMatchObject({
      verdict: 'mismatch',
      files: [{ difference: { what: 'project' } }],
    })
  })

  test('are compared by bare hashes, each that of some file of the release', async () => {
    const index = filled(layout)
    const hash = (name: string): LockedFile => ({
      hashes: sha256(index.distributions.get(name)!.sha256),
    })
    const both = [hash(wheel), hash(sdist)]
    const bare = (files: LockedFile[]): LockEntry => entry(files, { anyFile: true })
    expect(await check(index, bare(both))).toMatchObject({ verdict: 'match' })
    expect(await check(index, bare([hash(sdist)]))).toMatchObject({ verdict: 'match' })
    const altered = await check(index, bare([...both, { hashes: sha256(zeros) }]))
    expect(altered).toMatchObject({
      verdict: 'mismatch',
      files: [{ verdict: 'match' }, { verdict: 'match' }, { difference: { actual: zeros } }],
    })
    expect(await check(index, { ...bare(both), version: '2.0' })).toMatchObject({
      verdict: 'unknown',
      reason: 'its page lists no file of this version',
    })
    expect(await check(index, { ...bare(both), name: 'nothing' })).toMatchObject({
      verdict: 'unknown',
    })
    expect(
      await check(index, bare([{ hashes: new Map([['md5', '00'.repeat(16)]]) }])),
    ).toMatchObject({ verdict: 'no-hash', files: [{ verdict: 'no-hash' }] })
  })

  test('do not match by one hash when there is another', async () => {
    const index = filled(layout)
    const { sha256: digest } = index.distributions.get(wheel)!
    const hashes = new Map([
      ['sha256', digest],
      ['sha512', '00'.repeat(64)],
    ])
    const files = [{ filename: wheel, hashes }]
    expect(await check(index, entry(files))).toMatchObject({ verdict: 'no-hash' })
    expect(await check(index, entry(files), { download: true })).toMatchObject({
      verdict: 'mismatch',
      files: [{ difference: { what: 'sha512' } }],
    })
  })

  test('do not match where an installer may use an unusable hash', async () => {
    const index = filled(layout)
    const { sha256: digest } = index.distributions.get(wheel)!
    // pip and uv take any of those in a pylock.toml, and pip any after a URL.
    const hashes = new Map([
      ['sha256', digest],
      ['md5', '00'.repeat(16)],
    ])
    for (const more of [{}, { anyFile: true }]) {
      const verdict = await check(index, entry([{ filename: wheel, hashes }], more))
      expect(verdict).toMatchObject({
        verdict: 'no-hash',
        reason: 'the repository does not know its md5',
      })
      const others = new Map([...hashes, ['md4', '00'.repeat(16)]])
      expect(await check(index, entry([{ filename: wheel, hashes: others }], more))).toMatchObject({
        reason: 'the repository does not know its md5, md4',
      })
    }
  })

  test('contain no hash to compare', async () => {
    const index = filled(layout)
    expect(await check(index, entry([]))).toMatchObject({ verdict: 'no-hash', files: [] })
    expect(await check(index, entry([{ filename: wheel, hashes: new Map() }]))).toMatchObject({
      verdict: 'no-hash',
    })
    expect(await check(index, entry([{ hashes: sha256(zeros) }]))).toMatchObject({
      verdict: 'unknown',
    })
    expect(
      await check(index, entry([{ filename: 'foo_bar-1.0.zip', hashes: sha256(zeros) }])),
    ).toMatchObject({ verdict: 'unknown' })
  })

  test('are judged as far as they can be', async () => {
    const index = filled(layout)
    index.repo.serve(
      index.repo.targetNames(index.pagePath('foo-bar'))[0]!,
      { status: 500 },
      'target',
    )
    const file = { filename: wheel, hashes: sha256(zeros) }
    expect(await check(index, entry([file]))).toMatchObject({
      verdict: 'failed',
      error: { code: 'ERR_TUF_FETCH_FAILED' },
    })
  })

  test('are not judged when the check is called off, whatever the reason', async () => {
    const index = filled(layout)
    const { sha256: digest } = index.distributions.get(wheel)!
    const file = { filename: wheel, hashes: sha256(digest) }
    for (const reason of [new Error('enough'), new NameUnsafeError(wheel, 'enough')]) {
      for (const more of [{}, { anyFile: true }]) {
        const view = await index.view()
        const caller = new AbortController()
        const end = index.repo.intercept((kind) => {
          if (kind === 'target') caller.abort(reason)
          return undefined
        })
        const checked = view.checkLock([entry([file], more)], { signal: caller.signal })
        await expect(checked.next()).rejects.toBe(reason)
        end()
      }
    }
  })

  test('name no project where the file names none', async () => {
    const index = filled(layout)
    const { sha256: digest } = index.distributions.get(wheel)!
    const nameless = { name: '', version: undefined }
    const checkName = (filename: string): Promise<LockVerdict> =>
      check(index, entry([{ filename, hashes: sha256(digest) }], nameless))
    expect(await checkName(wheel)).toMatchObject({ verdict: 'match' })
    expect(await checkName('NEWS.txt')).toMatchObject({
      verdict: 'unknown',
      reason: 'it is not the name of a wheel or a source distribution',
    })
    const bare = entry([{ hashes: sha256(digest) }], { ...nameless, anyFile: true })
    expect(await check(index, bare)).toMatchObject({
      verdict: 'unknown',
      reason: 'its project is unknown',
    })
  })

  test('agree on a file that comes from elsewhere, when there is a hash of it', async () => {
    const index = filled(layout)
    const { sha256: digest, url } = index.distributions.get(wheel)!
    const files = [{ filename: wheel, hashes: sha256(digest) }]
    for (const [origin, location] of [
      ['url', url],
      ['path', `./${wheel}`],
    ] as const) {
      const one = entry(files, { origin, location })
      expect(await check(index, one)).toMatchObject({ verdict: 'match' })
      const altered = { ...one, files: [{ filename: wheel, hashes: sha256(zeros) }] }
      expect(await check(index, altered)).toMatchObject({ verdict: 'mismatch' })
    }
  })

  test('do not agree on fields without a hash, whatever files are listed', async () => {
    const index = filled(layout)
    const { sha256: digest } = index.distributions.get(wheel)!
    const good = [{ filename: wheel, hashes: sha256(digest) }]
    for (const [origin, location, files, reason] of [
      ['vcs', 'https://git.test/foo', good, /version control system/],
      ['path', './foo', good, /folder/],
      ['path', '.', [], /folder/],
      ['path', `./${wheel}`, [], /from a file of its own, and .* no hash/],
      ['url', 'https://files.test/foo.whl', [], /from a URL, and .* no hash/],
    ] as const) {
      const verdict = await check(index, entry([...files], { origin, location }))
      expect(verdict).toMatchObject({ verdict: 'no-hash', files: [] })
      expect(verdict.reason).toMatch(reason)
    }
  })

  test('do not agree on a folder inside an archive, whose own hash is right', async () => {
    const index = filled(layout)
    const { sha256: digest, url } = index.distributions.get(sdist)!
    const one = entry([{ filename: sdist, url, hashes: sha256(digest) }])
    expect(await check(index, one)).toMatchObject({ verdict: 'match' })
    for (const [origin, location] of [
      ['url', url],
      ['path', `./${sdist}`],
    ] as const) {
      const inside = { ...one, origin, location, subdirectory: 'tests/other' }
      expect(await check(index, inside)).toMatchObject({
        verdict: 'no-hash',
        reason: 'the folder "tests/other" of it is installed, and no hash is of that alone',
      })
    }
  })

  test('no hash is compared where the build gets options', async () => {
    const index = filled(layout)
    const { sha256: digest } = index.add('foo_bar-1.0.tar.gz', 'source')
    index.publish()
    const one = entry([{ hashes: sha256(digest) }], { anyFile: true })
    expect(await check(index, { ...one, buildOptions: true })).toMatchObject({
      verdict: 'no-hash',
      reason: 'it gives options to its build, which can name files that no hash covers',
    })
  })

  if (layout !== 'pages') {
    test('a file that is not covered yet is neither right nor wrong', async () => {
      const index = filled(layout)
      const { sha256: digest } = index.add('foo_bar-1.0.zip', 'early', { covered: false })
      index.publish()
      const file = { filename: 'foo_bar-1.0.zip', hashes: sha256(digest) }
      expect(await check(index, entry([file]))).toMatchObject({ verdict: 'not-covered' })
      const bare = entry([{ hashes: sha256(digest) }], { anyFile: true })
      expect(await check(index, bare)).toMatchObject({ verdict: 'not-covered' })
    })
  }
})

describe('a repository that knows BLAKE2b alone', () => {
  const index = (): IndexRepository => filled('rstuf', new Map())

  test('shares no hash with a lock file of SHA-256 hashes alone', async () => {
    const one = index()
    const { sha256: digest } = one.distributions.get(wheel)!
    const file = { filename: wheel, hashes: sha256(digest) }
    const bare = entry([{ hashes: sha256(digest) }], { anyFile: true })
    expect(await check(one, entry([file]))).toMatchObject({ verdict: 'no-hash' })
    expect(await check(one, bare)).toMatchObject({
      verdict: 'no-hash',
      reason: 'the repository does not know its sha256',
    })
  })

  test('is not compared by the URL in the lock file alone, which nobody installs by', async () => {
    const one = index()
    const { url } = one.distributions.get(wheel)!
    const file = { filename: wheel, url, hashes: sha256(zeros) }
    expect(await check(one, entry([file]))).toMatchObject({ verdict: 'no-hash' })
    const elsewhere = { ...file, url: url.replace(/packages\/../, 'packages/00') }
    expect(await check(one, entry([elsewhere]))).toMatchObject({ verdict: 'mismatch' })
  })

  test('is compared by bytes that are fetched for it', async () => {
    const one = index()
    const { sha256: digest } = one.distributions.get(wheel)!
    const file = { filename: wheel, hashes: sha256(digest) }
    const download = { download: true }
    const bare = (hash: string): LockEntry => entry([{ hashes: sha256(hash) }], { anyFile: true })
    expect(await check(one, entry([file]), download)).toMatchObject({ verdict: 'match' })
    expect(await check(one, bare(digest), download)).toMatchObject({ verdict: 'match' })
    expect(await check(one, bare(zeros), download)).toMatchObject({ verdict: 'mismatch' })
    expect(
      await check(one, entry([{ filename: wheel, hashes: sha256(zeros) }]), download),
    ).toMatchObject({ verdict: 'mismatch', files: [{ difference: { what: 'sha256' } }] })
  })
})
