/**
 * Lock files as the oldest and newest tools write them in this run, read by tuffet and by an
 * unrelated reader: both must see the same files and hashes.
 */
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readLock, type LockFile } from '../../../src/pypi/index.js'
import { writeLock } from '../lock-recipes.js'
import { installTools, isReady, nameMissing } from '../tools.js'
import { oddFiles, openOddIndex, sha256Of, type OddIndex } from './odd-index.js'
import { oddPins, oddRecipes, without } from './odd-recipes.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const reader = fileURLToPath(new URL('independent_reader.py', import.meta.url))
const ends = ['oldest', 'newest'] as const
const all = await installTools({
  pip: ['newest'],
  uv: ends,
  poetry: ends,
  pdm: ['2.12.4', 'newest'],
  pipenv: ends,
  'pip-tools': ends,
})
nameMissing(all, 'lock files of odd names')
const tools = all.filter(isReady)
const newPip = tools.find(({ name }) => name === 'pip')

const here = oddFiles('here')
let folder: string
const indexes: OddIndex[] = []
beforeAll(async () => {
  folder = temporaryFolder('readers')
  indexes.push(await openOddIndex(here, '127.0.0.1'))
  indexes.push(await openOddIndex(oddFiles('elsewhere'), '127.0.0.2'))
})
afterAll(async () => {
  for (const index of indexes) await index.close()
})

type Row = readonly [
  name: string,
  version: string | undefined,
  filename: string | null,
  hash: string,
  digest: string,
]

function rowsOf({ entries }: LockFile): Row[] {
  return entries.flatMap(({ name, version, files }) =>
    files.flatMap(({ filename, hashes }) =>
      [...hashes].map(([hash, digest]): Row => [name, version, filename ?? null, hash, digest]),
    ),
  )
}

function independent(format: string, path: string): unknown[] {
  const { status, stdout, stderr } = spawnSync(newPip?.python ?? '', [reader, format, path], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

const sorted = (rows: readonly unknown[]): string[] =>
  [...new Set(rows.map((row) => JSON.stringify(row)))].sort()

const cases = oddRecipes('', '').flatMap(({ tool: name, title }, at) =>
  tools
    .filter((tool) => tool.name === name)
    .filter(({ label }) => !without.some(([t, what]) => t.test(label) && what.test(title)))
    .map((tool) => ({ name: `${tool.label}: ${title}`, tool, at })),
)

if (newPip && cases.length > 0) {
  describe('a lock file', () => {
    test.each(cases)(
      'is read as by an independent reader: $name',
      async ({ tool, at }) => {
        const [index, second] = indexes.map(({ url }) => url)
        const recipe = oddRecipes(index ?? '', second ?? '')[at]
        if (!recipe) throw new RangeError('no such recipe')
        const bytes = await writeLock(recipe, tool, {})
        const path = join(folder, recipe.file)
        await writeFile(path, bytes)
        const lock = await readLock(recipe.file, bytes)
        const rows = rowsOf(lock)
        expect(sorted(rows)).toEqual(sorted(independent(recipe.file, path)))
        const names = new Set(lock.entries.map(({ name }) => name))
        const expected = Object.keys(oddPins).map((name) => name.toLowerCase().replace('.', '-'))
        expect([...names].sort()).toEqual(expected.sort())
        // The index's own digests: neither reader made them up.
        const digests = new Set(
          [here, oddFiles('elsewhere')].flatMap((files) =>
            [...files.values()].flatMap((release) => [...release.values()].map(sha256Of)),
          ),
        )
        expect(rows.filter(([, , , , digest]) => !digests.has(digest))).toEqual([])
      },
      600_000,
    )
  })
}

const checksumTools: readonly (readonly [title: string, program: string, ...args: string[]])[] = [
  ['sha256sum', 'sha256sum'],
  ['sha256sum --binary', 'sha256sum', '--binary'],
  ['sha256sum --tag', 'sha256sum', '--tag'],
  ['sha512sum', 'sha512sum'],
  ['openssl dgst -sha256', 'openssl', 'dgst', '-sha256'],
  ['openssl dgst -sha512', 'openssl', 'dgst', '-sha512'],
]
const checksums = checksumTools.filter(
  ([, program]) => spawnSync(program, ['--version']).error === undefined,
)

if (checksums.length > 0) {
  describe('checksums', () => {
    const files = [...here.values()].flatMap((release) => [...release])
    beforeAll(async () => {
      for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
    })

    test.each(checksums)(
      'of %s are those that coreutils checks',
      async (title, program, ...args) => {
        const names = files.map(([name]) => name)
        const run = spawnSync(program, [...args, ...names], { cwd: folder, encoding: 'utf8' })
        expect(run.status).toBe(0)
        const bytes = new TextEncoder().encode(run.stdout)
        const { entries } = await readLock('checksums.txt', bytes)
        expect(entries.map((entry) => entry.files[0]?.filename)).toEqual(names)
        const [hash] = entries[0]?.files[0]?.hashes.keys() ?? []
        const lines = entries.map(({ files: [file] }) => {
          return `${file?.hashes.get(hash ?? '') ?? ''}  ${file?.filename ?? ''}\n`
        })
        await writeFile(join(folder, 'read'), lines.join(''))
        const check = spawnSync(`${hash ?? ''}sum`, ['-c', 'read'], {
          cwd: folder,
          encoding: 'utf8',
        })
        expect([title, check.status, check.stdout]).toEqual([
          title,
          0,
          names.map((name) => `${name}: OK\n`).join(''),
        ])
      },
    )
  })
}
