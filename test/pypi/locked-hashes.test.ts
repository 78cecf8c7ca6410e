/** What an entry of a lock file says of a file, against what a repository knows of it. */
import { describe, expect, test } from '@jest/globals'
import type { LockedFile, LockEntry, LockVerdict, PypiView } from '../../src/pypi/index.js'
import { IndexRepository } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'
const zeros = '00'.repeat(32)
const sha512 = ['sha512', '00'.repeat(64)] as const

async function check(
  view: PypiView,
  files: readonly LockedFile[],
  more: Partial<LockEntry> = {},
): Promise<LockVerdict> {
  const entry = { name: 'foo-bar', version: '1.0', files, ...more }
  for await (const verdict of view.checkLock([entry])) return verdict
  throw new Error('the verdict is missing')
}

describe('one of several bare hashes that the repository does not list', () => {
  const about = { anyFile: true }

  test('keeps the others from being enough, and it alone is named', async () => {
    const index = new IndexRepository()
    const { sha256 } = index.add(wheel, 'wheel')
    index.add(sdist, 'sdist')
    index.publish()
    const hashes = new Map([['sha256', sha256], sha512])
    expect(await check(await index.view(), [{ hashes }], about)).toMatchObject({
      ...{ verdict: 'no-hash', reason: 'the repository does not know its sha512' },
      files: [{ verdict: 'no-hash' }],
    })
  })

  test('is named once, with those of other files of the release', async () => {
    const index = new IndexRepository()
    const sha384 = '11'.repeat(48)
    const { sha256 } = index.add(wheel, 'wheel')
    index.add(sdist, 'sdist', { hashes: new Map([['sha384', sha384]]) })
    index.publish()
    const hashes = new Map([['sha256', sha256], ['sha384', sha384], sha512])
    expect(await check(await index.view(), [{ hashes }], about)).toMatchObject({
      reason: 'the repository does not know its sha384, sha512, sha256',
    })
  })

  test('says nothing of a file whose other hash differs', async () => {
    const index = new IndexRepository()
    const { sha256 } = index.add(wheel, 'wheel')
    index.publish()
    const hashes = new Map([['sha256', zeros], sha512])
    expect(await check(await index.view(), [{ hashes }], about)).toMatchObject({
      ...{ verdict: 'mismatch', reason: `no file of the release has sha256 ${zeros}` },
      files: [{ difference: { what: 'sha256', expected: sha256, actual: zeros } }],
    })
  })
})

describe('a file', () => {
  test('matches in any length where the repository states none', async () => {
    const index = new IndexRepository({ form: 'html' })
    const { sha256 } = index.add(wheel, 'wheel')
    index.publish()
    const file = { filename: wheel, size: 7, hashes: new Map([['sha256', sha256]]) }
    expect(await check(await index.view(), [file])).toMatchObject({ verdict: 'match' })
  })

  test('is compared by the BLAKE2b in its URL with that of its target', async () => {
    const index = new IndexRepository({ layout: 'rstuf' })
    const { sha256, blake2b } = index.add(wheel, 'wheel', { url: 'https://files.test/wheel' })
    index.publish()
    const view = await index.view()
    const locked = (digest: string): LockedFile => ({
      url: `https://pypi.test/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${wheel}`,
      hashes: new Map([['sha256', sha256]]),
    })
    expect(await check(view, [locked(blake2b)])).toMatchObject({ verdict: 'match' })
    expect(await check(view, [locked(zeros)])).toMatchObject({
      verdict: 'mismatch',
      files: [{ difference: { what: 'blake2b-256', expected: blake2b, actual: zeros } }],
    })
  })

  test('that differs is the first one, where several do', async () => {
    const index = new IndexRepository()
    const { sha256 } = index.add(wheel, 'wheel')
    index.add(sdist, 'sdist')
    index.publish()
    const ones = '11'.repeat(32)
    const file = (filename: string, digest: string): LockedFile => ({
      ...{ filename, hashes: new Map([['sha256', digest]]) },
    })
    const files = [file(wheel, sha256), file(sdist, zeros), file(wheel, ones)]
    const verdict = await check(await index.view(), files)
    expect(verdict).toMatchObject({ verdict: 'mismatch', reason: expect.stringContaining(zeros) })
    expect(verdict.reason).not.toContain(ones)
  })

  test.each<readonly [worse: LockedFile, better: LockedFile, string]>([
    [{ filename: sdist, hashes: new Map([['sha256', zeros]]) }, { hashes: new Map() }, 'mismatch'],
    [{ hashes: new Map() }, { filename: wheel, hashes: new Map() }, 'unknown'],
  ])('that is worse decides, wherever it stands: %#', async (worse, better, expected) => {
    const index = new IndexRepository()
    index.add(wheel, 'wheel')
    index.add(sdist, 'sdist')
    index.publish()
    const view = await index.view()
    for (const files of [
      [worse, better],
      [better, worse],
    ]) {
      expect(await check(view, files)).toMatchObject({ verdict: expected })
    }
  })

  test('that is not covered yet is worse than one without a hash, and better than an unknown one', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files' })
    const { sha256 } = index.add(wheel, 'wheel', { covered: false })
    index.add(sdist, 'sdist')
    index.publish()
    const view = await index.view()
    const early = { filename: wheel, hashes: new Map([['sha256', sha256]]) }
    const bare = { filename: sdist, hashes: new Map() }
    const unknown = { filename: 'foo_bar-1.0.zip', hashes: new Map([['sha256', sha256]]) }
    expect(await check(view, [bare, early])).toMatchObject({ verdict: 'not-covered' })
    expect(await check(view, [early, unknown])).toMatchObject({ verdict: 'unknown' })
  })
})

test('bytes are not fetched for a hash any more when the check is called off', async () => {
  const index = new IndexRepository({ layout: 'pages-and-files' })
  index.add(wheel, 'wheel')
  index.publish()
  const view = await index.view()
  // The page is kept, so that the next target is the file.
  expect((await view.find(wheel)).vouched).toBeDefined()
  const caller = new AbortController()
  index.repo.intercept((kind) => {
    if (kind === 'target') caller.abort(new Error('enough'))
    return undefined
  })
  const files = [{ filename: wheel, hashes: new Map([sha512]) }]
  const options = { download: true, signal: caller.signal }
  const checked = view.checkLock([{ name: 'foo-bar', version: '1.0', files }], options)
  await expect(checked.next()).rejects.toThrow('enough')
})
