import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { FetchNotFoundError, RepositoryError } from '../../src/errors.js'
import { memoryStore, Updater, type Fetcher } from '../../src/index.js'
import { describeReal } from './folder.js'
import { changesOf as changesOfText } from './leaves.js'

describeReal('tuf-on-ci', (path) => {
  const base = 'https://real.test/'
  const now = Date.parse(readFileSync(`${path}/faketime`, 'utf8').trim())
  const targetPath = readFileSync(`${path}/targetpath`, 'utf8').trim()

  /** Serves the folder, with some files replaced. */
  function fetcherOf(replaced: ReadonlyMap<string, Uint8Array> = new Map()): Fetcher {
    return {
      fetch({ url }) {
        const name = url.slice(base.length)
        const file = `${path}/${name}`
        const bytes = replaced.get(name) ?? (existsSync(file) ? readFileSync(file) : undefined)
        if (!bytes) return Promise.reject(new FetchNotFoundError(url, 404))
        async function* body(): AsyncGenerator<Uint8Array> {
          yield await Promise.resolve(new Uint8Array(bytes ?? []))
        }
        return Promise.resolve({ offset: 0, body: body() })
      },
    }
  }

  function updaterOf(replaced?: ReadonlyMap<string, Uint8Array>): Updater {
    return new Updater({
      metadataUrl: `${base}metadata/`,
      targetsUrl: `${base}targets/`,
      root: readFileSync(`${path}/metadata/1.root.json`),
      fetcher: fetcherOf(replaced),
      store: memoryStore(),
      now: () => now,
    })
  }

  test('a target after a terminating delegation is verified down to its bytes', async () => {
    const repository = await updaterOf().refresh()
    expect((await repository.read(targetPath)).length).toBe(34)
    const { chain } = await repository.explain(targetPath)
    expect(chain.map(({ role }) => role)).toEqual([
      'root',
      'timestamp',
      'snapshot',
      'targets',
      'delegatedrole',
    ])
  })

  const files = ['timestamp', '2.snapshot', '1.targets', '2.delegatedrole']
  for (const file of files) {
    const name = `metadata/${file}.json`

    function changesOf(part: 'signed' | 'signatures'): Iterable<[string, Uint8Array]> {
      return changesOfText(readFileSync(`${path}/${name}`, 'utf8'), part)
    }

    test(`any change to a value of signed in ${file} is refused`, async () => {
      let count = 0
      for (const [leaf, bytes] of changesOf('signed')) {
        const outcome = await outcomeOf(new Map([[name, bytes]]))
        expect([leaf, outcome]).toEqual([leaf, 'refused'])
        count += 1
      }
      expect(count).toBeGreaterThan(4)
    })

    test(`a changed signature of ${file} is refused exactly when the threshold needs it`, async () => {
      const needed: string[] = []
      for (const [leaf, bytes] of changesOf('signatures')) {
        if ((await outcomeOf(new Map([[name, bytes]]))) === 'refused') needed.push(leaf)
      }
      // One key each: the second signature of the delegated role is empty and was never needed.
      expect(needed).toEqual(['signatures.0.keyid', 'signatures.0.sig'])
    })
  }

  async function outcomeOf(replaced: ReadonlyMap<string, Uint8Array>): Promise<string> {
    try {
      const repository = await updaterOf(replaced).refresh()
      await repository.find(targetPath)
      return 'accepted'
    } catch (error) {
      if (error instanceof RepositoryError) return 'refused'
      throw error
    }
  }
})
