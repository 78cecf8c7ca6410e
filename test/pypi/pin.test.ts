import { describe, expect, test } from '@jest/globals'
import { NameUnsafeError } from '../../src/errors.js'
import type { Pin } from '../../src/pypi/index.js'
import { digestsOf, IndexRepository, type LayoutName } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'

async function pinOne(index: IndexRepository, requirement: string): Promise<Pin> {
  const [pin] = await (await index.view()).pin([requirement])
  return pin!
}

describe.each<LayoutName>(['pages', 'pages-and-files', 'rstuf'])(
  'pins in the layout %s',
  (layout) => {
    function filled(hashes?: Map<string, string>): IndexRepository {
      const index = new IndexRepository({ layout })
      index.add(wheel, 'wheel', hashes ? { hashes } : {})
      index.add(sdist, 'sdist', hashes ? { hashes } : {})
      index.add('foo_bar-1.0+cpu-py3-none-any.whl', 'local', hashes ? { hashes } : {})
      index.add('foo_bar-2.0.tar.gz', 'newer')
      index.add('evil-1.0.tar.gz', 'evil', { page: 'foo-bar' })
      index.publish()
      return index
    }
    const lines = (index: IndexRepository, ...names: string[]): string[] =>
      names.map((name) => `--hash=sha256:${index.distributions.get(name)!.sha256}`).sort()

    test('contain the hash of every file of the release, and no other', async () => {
      const index = filled()
      const pin = await pinOne(index, 'Foo.Bar==1.0')
      expect(pin).toMatchObject({ project: 'foo-bar', version: '1.0', verdict: 'match', left: [] })
      expect(pin.reason).toBe('every file is verified')
      const [first, ...hashes] = pin.text!.split(' \\\n').map((line) => line.trim())
      expect(first).toBe('foo-bar==1.0')
      expect(hashes).toEqual(lines(index, wheel, sdist, 'foo_bar-1.0+cpu-py3-none-any.whl'))
    })

    test('of invalid names are refused at once, however long', async () => {
      const view = await filled().view()
      const requirement = `foo${' '.repeat(300_000)}x`
      await expect(view.pin([requirement])).rejects.toThrow(TypeError)
    })

    test('keep extras and markers', async () => {
      const index = filled()
      const pin = await pinOne(index, ' foo_bar [a, b] == 2.0 ; python_version < "4"  # why')
      const [hash] = lines(index, 'foo_bar-2.0.tar.gz')
      expect(pin.text).toBe(`foo-bar[a,b]==2.0 ; python_version < "4" \\\n    ${hash}`)
    })

    test('name the files that the repository does not vouch for', async () => {
      const index = filled()
      for (const [requirement, reason] of [
        [
          'nothing==1.0',
          `the repository has no page of nothing (no target ${index.pagePath('nothing')})`,
        ],
        ['foo-bar==9', 'there is no verified file of 9'],
      ] as const) {
        const pin = await pinOne(index, requirement)
        expect(pin).toMatchObject({ verdict: 'unknown', reason, files: [], left: [] })
        expect(pin.text).toBeUndefined()
      }
    })

    test.each([
      'foo',
      'foo>=1',
      'foo==1.*',
      'foo===1',
      'foo==1,==2',
      'foo==1.0.',
      'foo[a,,b]==1',
      'foo==1 ; python_version',
      'foo==1 ; nothing == "1"',
      '../../x==1',
      'foo @ https://x',
      '',
    ])('are not made of %j', async (requirement) => {
      await expect(pinOne(filled(), requirement)).rejects.toThrow(TypeError)
    })

    test.each([
      ['foo', '"foo" is not NAME==VERSION'],
      ['foo-==1', '"foo-==1": it is not the name of a project'],
      ['foo==1.0.', '"foo==1.0.": it is not a version'],
      ['foo[a,,b]==1', '"foo[a,,b]==1": its extras are not names'],
      ['foo[-a]==1', '"foo[-a]==1": its extras are not names'],
      ['foo[,]==1', '"foo[,]==1": its extras are not names'],
      ['foo[ a b ]==1', '"foo[ a b ]==1": its extras are not names'],
      ['foo==1;x', '"foo==1;x": its marker is not one'],
      ...['\n', '\r', '\v', '\f', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'].map(
        (end): readonly [string, string] => {
          const requirement = `foo==1;os_name=="${end}--index-url=x"`
          return [requirement, `${JSON.stringify(requirement)}: its marker is not one line`]
        },
      ),
    ])('are not made of %j, with the reason', async (requirement, reason) => {
      await expect(pinOne(filled(), requirement)).rejects.toThrow(new TypeError(reason))
    })

    test('keep one extra, many extras and empty ones, however they are spaced', async () => {
      const index = filled()
      for (const [written, first] of [
        ['foo-bar[a]==2.0', 'foo-bar[a]==2.0'],
        ['foo-bar[a,b , c,  d]==2.0;', 'foo-bar[a,b,c,d]==2.0'],
        ['foo-bar[ ]==2.0 ;  ', 'foo-bar[]==2.0'],
        ['foo-bar[]==2.0', 'foo-bar[]==2.0'],
        ['foo-bar\t[ a1 ]\t==\t2.0\t;\tos_name == "x"', 'foo-bar[a1]==2.0 ; os_name == "x"'],
        ['foo-bar==2.0;python_version<"4" ', 'foo-bar==2.0 ; python_version<"4"'],
      ] as const) {
        expect((await pinOne(index, written)).text?.split(' \\\n')[0]).toBe(first)
      }
    })

    test('are not made when they are called off, whatever the reason', async () => {
      const index = filled()
      for (const reason of [new Error('enough'), new NameUnsafeError('foo', 'enough')]) {
        const view = await index.view()
        const caller = new AbortController()
        const end = index.repo.intercept((kind) => {
          if (kind === 'target') caller.abort(reason)
          return undefined
        })
        await expect(view.pin(['foo-bar==1.0'], { signal: caller.signal })).rejects.toBe(reason)
        end()
      }
    })

    if (layout === 'rstuf') {
      test('contain the SHA-256 of verified bytes where the repository lists BLAKE2b alone', async () => {
        const index = filled(new Map())
        const pin = await pinOne(index, 'foo-bar==1.0')
        const names = [wheel, sdist, 'foo_bar-1.0+cpu-py3-none-any.whl']
        for (const line of lines(index, ...names)) expect(pin.text).toContain(line)
        expect(pin.files).toHaveLength(3)
      })

      test('are not made from other bytes', async () => {
        const index = filled(new Map())
        index.repo.intercept((kind, name) =>
          kind === 'target' && name.endsWith(wheel) ? new TextEncoder().encode('WHEEL') : undefined,
        )
        const pin = await pinOne(index, 'foo-bar==1.0')
        expect(pin).toMatchObject({ verdict: 'failed', error: { code: 'ERR_TUF_HASH_MISMATCH' } })
        expect(pin).not.toHaveProperty('text')
      })
    }

    if (layout !== 'pages') {
      test('leave files out that are not covered yet', async () => {
        const index = filled()
        index.add('foo_bar-2.0.zip', 'early', { covered: false })
        index.publish()
        const pin = await pinOne(index, 'foo-bar==2.0')
        expect(pin).toMatchObject({
          verdict: 'match',
          reason: '1 are not verified',
          left: [{ filename: 'foo_bar-2.0.zip', verdict: 'not-covered' }],
        })
        expect(pin.text).not.toContain(digestsOf(new TextEncoder().encode('early')).sha256)
      })
    }
  },
)

describe('pins of a page with odd entries', () => {
  const sha256 = 'ab'.repeat(32)
  const good = { filename: 'foo-1.0.tar.gz', url: 'foo-1.0.tar.gz', hashes: { sha256 } }

  /** The pin of a page with these files beside a good one. */
  function pinWith(...files: readonly object[]): Promise<Pin> {
    const index = new IndexRepository({ layout: 'pages' })
    const page = { meta: { 'api-version': '1.1' }, name: 'foo', files: [good, ...files] }
    index.repo.addTarget(index.pagePath('foo'), JSON.stringify(page))
    index.repo.publish()
    return pinOne(index, 'foo==1.0')
  }

  test('name those that the page lists wrongly, if they are distributions', async () => {
    const wrong = (filename: string): object => ({ filename, url: 5, hashes: {} })
    const pin = await pinWith(
      wrong('foo-1.0.zip'),
      wrong('foo-1.0.txt'),
      wrong('../'),
      wrong('folder/foo-1.1.zip'),
      wrong('line\nfeed/foo-1.2.zip'),
    )
    expect(pin).toMatchObject({ verdict: 'match', reason: '3 are not verified' })
    expect(pin.left.map(({ filename, verdict }) => [filename, verdict])).toEqual([
      ['foo-1.0.zip', 'unknown'],
      ['folder/foo-1.1.zip', 'unknown'],
      ['line\nfeed/foo-1.2.zip', 'unknown'],
    ])
    expect(pin.left[0]?.reason).toMatch(/^its page lists it wrongly \(files\[1\]\.url: .+\)$/)
  })

  test('leave out no file whose link to attestations alone is wrong', async () => {
    const pin = await pinWith({ ...good, filename: 'foo-1.0.zip', provenance: 5 })
    expect(pin).toMatchObject({ left: [], reason: 'every file is verified' })
    expect(pin.files).toHaveLength(2)
  })

  test('name those whose release their names do not tell', async () => {
    const pin = await pinWith({ ...good, filename: 'foo.zip' })
    expect(pin.left).toEqual([
      {
        ...{ filename: 'foo.zip', verdict: 'unknown' },
        reason: 'its name does not tell which release of foo it is',
      },
    ])
    expect(pin.reason).toBe('1 are not verified')
  })

  test('list a hash once that two files share', async () => {
    const pin = await pinWith({ ...good, filename: 'foo-1.0.zip', url: 'foo-1.0.zip' })
    expect(pin.files).toHaveLength(2)
    expect(pin.text).toBe(`foo==1.0 \\\n    --hash=sha256:${sha256}`)
  })
})
