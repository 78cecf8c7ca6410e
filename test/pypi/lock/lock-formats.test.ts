import { describe, expect, test } from '@jest/globals'
import type { LockEntry } from '../../../src/pypi/lock/entry.js'
import { filesOf, readFixture } from './reading.js'

const colorama = {
  sdist: '08695f5cb7ed6e0531a20572697297273c47b8cae5a63ffc6d6ed5c201be6e44',
  wheel: '4f1d9991f5acc0ca119f9d443620b77f9d6b33703e51011c16baf57afb285fc6',
}
const idna = {
  sdist: '12f65c9b470abda6dc35cf8e63cc574b1c52b11df2c86030af0ac09b01b13ea9',
  wheel: '946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3',
}
const six = {
  sdist: 'ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81',
  wheel: '4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274',
}
const toml = {
  sdist: 'b3bda1d108d5dd99f4a20d24d9c348e91c4db7ab1b749200bded2f839ccbe68f',
  wheel: '806143ae5bfb6a3c6e736a764057db0e6a0e05e338b5630894a5f779cabb4f9b',
}
const sixUrl =
  'https://files.pythonhosted.org/packages/b7/ce/149a00dd41f10bc29e5921b496af8b574d8413afcd5e30dfa0ed46c2cc5e/six-1.17.0-py2.py3-none-any.whl'

function digestsOf(entry: LockEntry): unknown[] {
  return filesOf(entry)
    .map(({ sha256 }) => sha256)
    .sort()
}

function summary(entries: readonly LockEntry[]): unknown[] {
  return entries.map((entry) => [entry.name, entry.version, digestsOf(entry)])
}

function both({ sdist, wheel }: { sdist: string; wheel: string }): string[] {
  return [sdist, wheel].sort()
}

const three = [
  ['colorama', '0.4.6', both(colorama)],
  ['idna', '3.10', both(idna)],
  ['six', '1.17.0', both(six)],
]

describe('lock files as their tools wrote them', () => {
  test.each([
    ['Pipfile.lock', 'Pipfile.lock', '6', [...three, ['toml', '0.10.2', both(toml)]]],
    ['pdm.lock', 'pdm.lock', '4.5.0', three],
    ['pdm.static.lock', 'pdm.lock', '4.5.0', three],
    ['poetry.lock', 'poetry.lock', '2.1', three],
    ['pylock.pdm.toml', 'pylock.toml', '1.0', three],
    ['pip-tools.txt', 'requirements.txt', undefined, three.slice(1)],
    ['uv.lock', 'uv.lock', '1.5', three],
    [
      'pylock.toml',
      'pylock.toml',
      '1.0',
      [
        ['idna', '3.10', [idna.wheel]],
        ['six', '1.16.0', ['8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254']],
      ],
    ],
  ])('%s', async (name, format, formatVersion, expected) => {
    const lock = await readFixture(`from-index/${name}`)
    expect(lock.format).toBe(format)
    expect(lock.formatVersion).toBe(formatVersion)
    expect(summary(lock.entries)).toEqual(expected)
    expect([lock.skipped, lock.constraints, lock.options]).toEqual([[], [], []])
  })

  test.each(['pdm.static.lock', 'pylock.pdm.toml', 'uv.lock'])(
    '%s contains the URL and the name of each file, and lines',
    async (name) => {
      const { entries } = await readFixture(`from-index/${name}`)
      const entry = entries.find((one) => one.name === 'six')
      expect(entry && filesOf(entry)).toContainEqual({
        filename: 'six-1.17.0-py2.py3-none-any.whl',
        url: sixUrl,
        sha256: six.wheel,
      })
      expect(entries.every(({ line = 0 }) => line > 3)).toBe(true)
    },
  )

  test.each(['Pipfile.lock', 'pip-tools.txt'])('%s contains hashes without names', async (name) => {
    const { entries } = await readFixture(`from-index/${name}`)
    expect(entries.every(({ anyFile }) => anyFile === true)).toBe(true)
    expect(entries.flatMap(filesOf).some((file) => 'filename' in file)).toBe(false)
  })

  test.each([
    ['Pipfile.lock', "sys_platform == 'win32'"],
    ['pdm.lock', 'sys_platform == "win32"'],
    ['poetry.lock', 'sys_platform == "win32"'],
    ['pylock.pdm.toml', 'sys_platform == "win32" and "default" in dependency_groups'],
  ])('%s contains markers', async (name, marker) => {
    const { entries } = await readFixture(`from-index/${name}`)
    expect(entries[0]?.marker).toBe(marker)
  })

  test.each(['Pipfile.lock', 'poetry.lock', 'uv.lock'])('%s names its index', async (name) => {
    const { entries, indexes } = await readFixture(`from-index/${name}`)
    expect(indexes).toEqual(['https://pypi.org/simple'])
    expect(entries.find((one) => one.name === 'six')?.index).toBe('https://pypi.org/simple')
  })
})

describe('entries from other places, as the tools wrote them', () => {
  test.each([
    // pipenv, and for archives some readers of pylock.toml, do not compare theirs; pdm does not
    // compare those of a path.
    ['Pipfile.lock', [], []],
    ['pdm.lock', [six.wheel], []],
    ['poetry.lock', [six.wheel], [idna.wheel]],
    ['pylock.uv.toml', [], []],
    ['uv.lock', [six.wheel], [idna.wheel]],
    ['uv-export.txt', [six.wheel], [idna.wheel]],
  ])('%s', async (name, ofSix, ofIdna) => {
    const { entries } = await readFixture(`from-elsewhere/${name}`)
    const origins = entries
      .filter((entry) => entry.location !== '.')
      .map((entry) => [entry.origin, entry.location, digestsOf(entry)])
    expect(origins).toHaveLength(4)
    expect(origins).toContainEqual(['url', sixUrl, ofSix])
    expect(origins).toContainEqual(['path', '../files/idna-3.10-py3-none-any.whl', ofIdna])
    expect(origins).toContainEqual(['path', '../lib', []])
    expect(origins).toContainEqual([undefined, undefined, both(colorama)])
  })

  test('poetry-export.txt', async () => {
    const { entries, options } = await readFixture('from-elsewhere/poetry-export.txt')
    expect(options).toMatchObject([{ name: '--index-url', line: 1 }])
    expect(entries.map(({ name, origin, line }) => [name, origin, line])).toEqual([
      ['colorama', undefined, 3],
      ['idna', 'url', 6],
      ['local-lib', 'url', 8],
      ['six', 'url', 9],
    ])
    expect(entries.map(digestsOf)).toEqual([both(colorama), [idna.wheel], [], [six.wheel]])
  })

  test('a project itself is not a file of an index', async () => {
    const { entries, own } = await readFixture('from-index/uv.lock')
    expect(own).toMatchObject({ name: 'demo-app', files: [], origin: 'path', location: '.' })
    expect(entries.map(({ name }) => name)).not.toContain('demo-app')
  })
})
