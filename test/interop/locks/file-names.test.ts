/** Which files pip and uv take from an index and from a folder, by their names. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseFilename } from '../../../src/pypi/index.js'
import { IndexRepository } from '../../pypi/index-repository.js'
import { runProgram, toolEnvironment } from '../lock-machine.js'
import { makeSdist, markVariable } from '../sdist.js'
import { installTools, isReady, nameMissing, type ReadyTool } from '../tools.js'
import { openOddIndex, type OddIndex } from './odd-index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const all = await installTools({ pip: ['all'], uv: ['oldest', 'newest'] })
nameMissing(all, 'names of files')
const tools = all.filter(isReady)

const endings = [
  ...['whl', 'tar.gz', 'zip', 'tgz', 'tar', 'tar.bz2', 'tbz', 'tbz2', 'tar.xz', 'txz', 'tlz'],
  ...['tar.lz', 'tar.lzma', 'tar.zst', 'tar.Z', 'egg', 'exe', 'msi', 'rpm', 'dmg', 'deb'],
]
const nameOf = (ending: string, at: number): string => {
  const base = `ending${at}-1.0`
  if (ending === 'whl') return `${base}-py3-none-any.whl`
  return ending === 'egg' ? `${base}-py3.9.egg` : `${base}.${ending}`
}

let index: OddIndex
let folder: string
beforeAll(async () => {
  folder = temporaryFolder('names')
  index = await openOddIndex(
    new Map(
      endings.map((ending, at) => [
        `ending${at}`,
        new Map([[nameOf(ending, at), Buffer.from('not an archive')]]),
      ]),
    ),
    '127.0.0.1',
  )
})
afterAll(async () => {
  await index.close()
})

/** Installs into a folder of its own. */
async function install(
  { name, python, programs }: ReadyTool,
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const scratch = await mkdtemp(join(folder, 'run-'))
  const env = {
    ...toolEnvironment(),
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: index.url,
    UV_CACHE_DIR: join(scratch, 'cache'),
    UV_NO_CONFIG: '1',
    UV_PYTHON: python,
    UV_PYTHON_DOWNLOADS: 'never',
    [markVariable]: join(scratch, 'built'),
  }
  const target = ['--no-deps', '--target', join(scratch, 'site'), ...args]
  return name === 'pip'
    ? runProgram(python, ['-m', 'pip', 'install', '--no-cache-dir', ...target], { env })
    : runProgram(join(programs, 'uv'), ['pip', 'install', ...target], { env })
}

if (tools.length > 0) {
  const ends = tools.filter(({ version }) => !/^2[34]/.test(version))
  describe('an index', () => {
    test.each(ends)(
      'lists no file that $label takes and that is not a file of a release here',
      async (tool) => {
        const taken: string[] = []
        for (const [at, ending] of endings.entries()) {
          const before = index.asked.length
          await install(tool, ['--index-url', index.url, `ending${at}`])
          if (index.asked.slice(before).some((path) => path.startsWith('/files/'))) {
            taken.push(ending)
          }
        }
        expect(taken).toEqual(expect.arrayContaining(['whl', 'tar.gz', 'zip']))
        const kinds = endings.flatMap((ending, at) => {
          const kind = parseFilename(nameOf(ending, at))?.kind
          return kind === 'wheel' || kind === 'sdist' ? [ending] : []
        })
        expect(taken.filter((ending) => !kinds.includes(ending))).toEqual([])
      },
      600_000,
    )
  })

  describe('my-app-2-1.tar.gz in a folder', () => {
    test.each(tools)(
      'is not verified as it is, whatever $label takes it for',
      async (tool) => {
        // The content that a publisher of my-app-2 can choose.
        const { bytes } = makeSdist({ name: 'my_app', version: '2.post1' })
        const name = 'my-app-2-1.tar.gz'
        const links = await mkdtemp(join(folder, 'links-'))
        await writeFile(join(links, name), bytes)
        const repository = new IndexRepository()
        repository.add(name, bytes)
        repository.publish()
        const verdicts = []
        const view = await repository.view()
        for await (const { verdict } of view.verifyFolder(links)) verdicts.push(verdict)
        expect(verdicts).toEqual(['unknown'])
        const { status } = await install(tool, ['--no-index', '--find-links', links, 'my-app'])
        const takesIt = tool.name === 'pip' && /^2[03]\./.test(tool.version)
        expect([tool.label, status === 0]).toEqual([tool.label, takesIt])
        // Under the name that can be read in one way only, no tool takes it for my-app.
        const renamed = join(links, 'renamed')
        await mkdir(renamed)
        await writeFile(join(renamed, 'my_app_2-1.tar.gz'), bytes)
        for await (const { verdict } of view.verifyFolder(renamed)) expect(verdict).toBe('match')
        const again = await install(tool, ['--no-index', '--find-links', renamed, 'my-app'])
        expect([tool.label, again.status === 0]).toEqual([tool.label, false])
      },
      600_000,
    )
  })
}
