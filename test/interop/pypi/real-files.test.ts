import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { parseFilename, type FileVerdict } from '../../../src/pypi/index.js'
import { digestsOf, type LayoutName } from '../../pypi/index-repository.js'
import { findDistributions } from './distributions.js'
import { list, publish, realIndex } from './real-index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const found = findDistributions()
const distributions = 'reason' in found ? [] : found
const there = 'reason' in found ? describe.skip : describe
const layouts: LayoutName[] = ['pages', 'pages-and-files', 'rstuf']

let folder: string
beforeEach(() => {
  folder = temporaryFolder('real')
})
/** The wheels and source distributions, and beside wheels their core metadata. */
async function fillFolder(): Promise<string[]> {
  const names = []
  for (const { filename, path, metadata } of distributions) {
    await cp(path, join(folder, filename))
    names.push(filename)
    if (!filename.endsWith('.whl')) continue
    await writeFile(join(folder, `${filename}.metadata`), metadata)
    names.push(`${filename}.metadata`)
  }
  return names.sort()
}

async function verdictsOf(results: AsyncIterable<FileVerdict>): Promise<Record<string, string>> {
  const verdicts: Record<string, string> = {}
  for await (const { filename, verdict } of results) verdicts[filename] = verdict
  return verdicts
}

there('pip download', () => {
  test('contains the files to test, with a yanked one', () => {
    expect(distributions.length).toBeGreaterThanOrEqual(12)
    const yanked = distributions.filter((one) => one.yanked !== undefined)
    expect(yanked.map(({ filename }) => filename)).toEqual(['attrs-21.1.0-py2.py3-none-any.whl'])
  })
})

there.each(layouts)('real distributions in the layout %s', (layout) => {
  test('are listed on verified pages with all that PyPI says of them', async () => {
    const index = realIndex(distributions, { layout })
    const view = await index.view()
    for (const { filename, bytes, requiresPython, yanked } of distributions) {
      const { project, version } = parseFilename(filename)!
      const page = await view.project(project)
      expect(page?.project).toBe(project)
      expect(page?.versions).toContain(version)
      const entry = page?.files.find((file) => file.filename === filename)
      expect(entry).toMatchObject({
        size: bytes.length,
        hashes: new Map([['sha256', digestsOf(bytes).sha256]]),
        uploadTime: expect.any(String),
      })
      expect([entry?.requiresPython, entry?.yanked]).toEqual([requiresPython, yanked])
      const ofVersion = await view.files(project, { version })
      expect(ofVersion?.map((file) => file.filename)).toContain(filename)
    }
  })

  test('are found under every spelling of their name', async () => {
    const view = await realIndex(distributions, { layout }).view()
    for (const name of ['Zope.Event', 'zope-event', 'zope_event', 'ZOPE._-event']) {
      expect((await view.files(name))?.map((file) => file.filename)).toEqual([
        'zope.event-5.0-py3-none-any.whl',
      ])
    }
  })

  test('match one by one, each with one byte changed does not', async () => {
    const index = realIndex(distributions, { layout })
    const view = await index.view()
    for (const { filename, path, bytes } of distributions) {
      expect([filename, (await view.verifyFile(path)).verdict]).toEqual([filename, 'match'])
      const changed = Uint8Array.from(bytes)
      changed[bytes.length >> 1]! ^= 1
      const verdict = await view.verifyFile(changed, { filename })
      expect([filename, verdict.verdict]).toEqual([filename, 'mismatch'])
    }
  })

  test('match in a folder; altered, renamed and foreign files do not', async () => {
    const index = realIndex(distributions, { layout })
    const names = await fillFolder()
    const view = await index.view()
    const all = Object.fromEntries(names.map((name) => [name, 'match']))
    expect(await verdictsOf(view.verifyFolder(folder))).toEqual(all)

    const altered = 'six-1.16.0-py2.py3-none-any.whl'
    const bytes = await readFile(join(folder, altered))
    bytes[100]! ^= 1
    await writeFile(join(folder, altered), bytes)
    const older = await readFile(join(folder, 'typing_extensions-4.11.0-py3-none-any.whl'))
    await writeFile(join(folder, 'typing_extensions-4.12.2-py3-none-any.whl'), older)
    await writeFile(join(folder, 'six-1.18.0-py2.py3-none-any.whl'), bytes)
    await writeFile(join(folder, 'PyJWT-2.8.0-py3-none-any.whl.metadata'), 'Name: PyJWT\n')
    expect(await verdictsOf(view.verifyFolder(folder))).toEqual({
      ...all,
      [altered]: 'mismatch',
      'typing_extensions-4.12.2-py3-none-any.whl': 'mismatch',
      'six-1.18.0-py2.py3-none-any.whl': 'unknown',
      'PyJWT-2.8.0-py3-none-any.whl.metadata': 'mismatch',
    })
  })

  test('are downloaded, and equal those that pip downloaded', async () => {
    const index = realIndex(distributions, { layout })
    const view = await index.view()
    for (const { filename, bytes } of distributions) {
      const { project, version } = parseFilename(filename)!
      const downloaded = await view.download(project, version, { filename, folder })
      expect(downloaded).toMatchObject({ path: join(folder, filename) })
      expect(bytes.equals(await readFile(join(folder, filename)))).toBe(true)
    }
  })

  test('are pinned with the hash of every file of the release', async () => {
    const index = realIndex(distributions, { layout })
    const view = await index.view()
    const releases = new Set(
      distributions.map(({ filename }) => {
        const { project, version } = parseFilename(filename)!
        return `${project}==${version}`
      }),
    )
    const pins = await view.pin(releases)
    expect(pins.map(({ verdict, left }) => [verdict, left])).toEqual(pins.map(() => ['match', []]))
    const pinned = pins.flatMap(({ files }) => files.map(({ sha256 }) => sha256)).sort()
    expect(pinned).toEqual(distributions.map(({ bytes }) => digestsOf(bytes).sha256).sort())
    for (const { text, files } of pins) {
      for (const { sha256 } of files) expect(text).toContain(`--hash=sha256:${sha256}`)
    }
  })
})

there.each(['pages-and-files', 'rstuf'] as const)('in the layout %s', (layout) => {
  test('a file that is on its page before it is a target is not covered yet', async () => {
    const [early, ...others] = distributions
    const index = realIndex(others, { layout })
    list(index, early!, { covered: false })
    publish(index)
    const view = await index.view()
    expect(await view.verifyFile(early!.path)).toMatchObject({ verdict: 'not-covered' })
    expect(await view.verifyFile(others[0]!.path)).toMatchObject({ verdict: 'match' })
  })
})
