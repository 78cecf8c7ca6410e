import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { blake2bOfUrl, readLock, type LockEntry, type LockFile } from '../../src/pypi/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { serve, writeFolder } from '../../src/testing/node/index.js'
import { buildCommand, builtCommand } from './built-command.js'
import { runProgram } from './lock-machine.js'
import { recipes, writeLock, type LockRecipe } from './lock-recipes.js'
import { repositoryOf, verdictsOn, viewOf } from './lock-repository.js'
import { neededTools } from './tool-versions.js'
import { installNewest, isReady, nameMissing, type ReadyTool } from './tools.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const pins = { certifi: '2025.8.3', idna: '3.10', six: '1.17.0' }
const projects = Object.keys(pins)
const otherVersion = { ...pins, idna: '3.9' }

const tools = await installNewest()
const missing = nameMissing(tools, 'lock files of these tools')
const ready = recipes.flatMap((recipe) => {
  const tool = tools.filter(isReady).find(({ name }) => name === recipe.tool)
  return tool ? [{ recipe, tool, title: recipe.title }] : []
})

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

if (process.env['PYTHON'] !== undefined) {
  test('the required tools are installed', () => {
    const names = tools.filter(isReady).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([...neededTools]))
  })
}

/** A lock file as a tool wrote it. */
interface Written {
  readonly text: string
  readonly lock: LockFile
}

async function write(recipe: LockRecipe, tool: ReadyTool, versions: typeof pins): Promise<Written> {
  const bytes = await writeLock(recipe, tool, versions)
  return { text: new TextDecoder().decode(bytes), lock: await readLock(recipe.file, bytes) }
}

async function readAgain(file: string, text: string): Promise<LockFile> {
  return readLock(file, new TextEncoder().encode(text))
}

/** With another last digit. */
function altered(digest: string): string {
  return digest.slice(0, -1) + (digest.endsWith('0') ? '1' : '0')
}

function digestsOf({ files }: LockEntry): string[] {
  return files.flatMap(({ hashes }) => [...hashes.values()])
}

if (ready.length > 0) {
  describe.each(ready)('a lock file of $title', ({ recipe, tool }) => {
    let written: Written
    let repository: TestRepository
    beforeAll(async () => {
      written = await write(recipe, tool, pins)
      repository = repositoryOf(written.lock.entries)
    }, 300_000)

    test('is read: every project in its version, with a SHA-256 of each file', () => {
      const { entries, format } = written.lock
      expect(format).toBe(recipe.file)
      expect(new Map(entries.map(({ name, version }) => [name, version]))).toEqual(
        new Map(Object.entries(pins)),
      )
      expect(entries).toHaveLength(projects.length)
      for (const { files } of entries) {
        expect(files.length).toBeGreaterThan(0)
        for (const { hashes, url } of files) {
          expect([...hashes.keys()]).toEqual(['sha256'])
          expect(url !== undefined).toBe(recipe.urls === true)
        }
      }
    })

    test('is a match where the repository vouches for its files', async () => {
      const verdicts = await verdictsOn(await viewOf(repository), written.lock.entries)
      expect([...verdicts].map(([name, { verdict }]) => [name, verdict]).sort()).toEqual(
        projects.map((name) => [name, 'match']),
      )
    })

    test('is refused when one hash is altered, and only for that hash', async () => {
      const view = await viewOf(repository)
      let tried = 0
      for (const entry of written.lock.entries) {
        for (const digest of digestsOf(entry)) {
          expect(written.text.split(digest)).toHaveLength(2)
          const text = written.text.replace(digest, altered(digest))
          const verdicts = await verdictsOn(view, (await readAgain(recipe.file, text)).entries)
          for (const [name, verdict] of verdicts) {
            if (name !== entry.name) expect([name, verdict.verdict]).toEqual([name, 'match'])
          }
          expect(verdicts.get(entry.name)?.verdict).toBe('mismatch')
          const differences = verdicts
            .get(entry.name)
            ?.files.flatMap((file) => file.difference ?? [])
          expect(differences).toMatchObject([{ what: 'sha256', actual: altered(digest) }])
          tried++
        }
      }
      expect(tried).toBeGreaterThanOrEqual(projects.length)
    })

    if (recipe.urls === true) {
      test('is found out when the BLAKE2b in one URL is altered', async () => {
        const view = await viewOf(repository)
        for (const entry of written.lock.entries) {
          for (const { url = '' } of entry.files) {
            // An index with another form of URL means nothing by it.
            if (blake2bOfUrl(url) === undefined) continue
            const [segment = ''] = /[0-9a-f]{60}/.exec(url) ?? []
            const text = written.text.replace(segment, altered(segment))
            const verdicts = await verdictsOn(view, (await readAgain(recipe.file, text)).entries)
            expect(verdicts.get(entry.name)).toMatchObject({ verdict: 'mismatch' })
            expect(verdicts.get(entry.name)?.reason).toContain('blake2b-256')
          }
        }
        expect(written.lock.entries.flatMap(({ files }) => files).length).toBeGreaterThan(0)
      })
    }

    test('is unknown in a version that the repository does not list', async () => {
      const { lock } = await write(recipe, tool, otherVersion)
      const verdicts = await verdictsOn(await viewOf(repository), lock.entries)
      expect([...verdicts].map(([name, { verdict }]) => [name, verdict]).sort()).toEqual([
        ['certifi', 'match'],
        ['idna', 'unknown'],
        ['six', 'match'],
      ])
    }, 300_000)
  })

  describe('the command as it is built', () => {
    beforeAll(buildCommand, 300_000)

    // The last one is the richest: with uv, a lock file of its own.
    const { recipe, tool } = ready.find(({ title }) => title === 'uv lock') ?? ready[0]!
    test(`ends with 0 for the file of ${recipe.title}, and with 1 for one altered hash`, async () => {
      const { text, lock } = await write(recipe, tool, pins)
      const repository = repositoryOf(lock.entries)
      const folder = temporaryFolder('lock-cli')
      await writeFolder(repository, join(folder, 'repository'))
      const server = await serve(join(folder, 'repository'))
      try {
        const { metadataUrl, targetsUrl } = server
        const settings = {
          metadataUrl,
          targetsUrl,
          root: 'root.json',
          store: 'tuf',
          layout: 'pages',
        }
        await writeFile(join(folder, 'tuffet.json'), JSON.stringify(settings))
        await writeFile(join(folder, 'root.json'), repository.root())
        const check = async (content: string): ReturnType<typeof runProgram> => {
          await writeFile(join(folder, recipe.file), content)
          const args = [builtCommand, 'pypi', 'check', recipe.file]
          return runProgram(process.execPath, args, { env: process.env, folder })
        }
        const good = await check(text)
        expect([good.status, good.output]).toEqual([
          0,
          expect.stringContaining('3 entries: 3 match\n'),
        ])
        const idna = lock.entries.find(({ name }) => name === 'idna')
        const [digest = ''] = idna ? digestsOf(idna) : []
        const bad = await check(text.replace(digest, altered(digest)))
        expect([bad.status, bad.output]).toEqual([
          1,
          expect.stringMatching(/^mismatch {2}idna 3\.10 .*sha256/m),
        ])
        expect(bad.output).toContain('3 entries: ')
        expect(bad.output).toContain('the repository does not vouch for 1 of 3 entries')
      } finally {
        await server.close()
      }
    })
  })
}
