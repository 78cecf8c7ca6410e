import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { playground, type Ended } from '../../examples/runner/playground.js'
import { resolveLimits } from '../../src/client/limits.js'
import { documentBlocks, limitRows } from '../support/migrating.js'

const { defaultConfig } = createRequire(import.meta.url)('tuf-js/dist/config') as {
  defaultConfig: Record<string, unknown>
}

const programs = documentBlocks('ts')

/** tuf-js starts from the root in its folder; tuffet from the one beside the program. */
async function play(text = ''): Promise<Ended> {
  const place = await playground({ name: 'program', path: '', about: '', text })
  try {
    const theirs = text.includes('tuf-js')
    if (theirs) mkdirSync(join(place.folder, 'tuf'))
    if (theirs) copyFileSync(join(place.folder, 'root.json'), join(place.folder, 'tuf/root.json'))
    return await place.run()
  } finally {
    await place.close()
  }
}

describe('the guide to migrating', () => {
  test('has a program for tuffet that downloads the target', async () => {
    const { status, output, made } = await play(programs[1])
    expect([status, output]).toEqual([0, ''])
    expect(made).toContain('a.whl')
  })

  test('has a program for tuf-js that downloads the target, and is refused a second refresh', async () => {
    const again = `
await updater.refresh().then(
  () => console.log('refreshed again'),
  (error) => console.log('refused'),
)`
    const { status, output, made } = await play(`${programs[0] ?? ''}${again}`)
    expect([status, output]).toEqual([0, 'refused\n'])
    expect(made).toContain('a.whl')
  })

  test('has the limits of this client and of tuf-js as they are', () => {
    const here = new Map(Object.entries(resolveLimits()))
    for (const { there, limit, defaultThere, defaultHere } of limitRows()) {
      const name = there.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      expect([limit, here.get(limit)]).toEqual([limit, defaultHere])
      expect([name, defaultConfig[name]]).toEqual([name, defaultThere])
    }
    expect(limitRows().length).toBeGreaterThan(5)
  })

  test('names every error class of tuf-js that a repository causes', () => {
    const guide = readFileSync('docs/guides/migrating.md', 'utf8')
    const errors = createRequire(import.meta.url)('tuf-js/dist/error') as object
    const own = ['ValueError', 'RuntimeError', 'PersistError', 'EqualVersionError']
    const missing = Object.keys(errors).filter(
      (name) => !own.includes(name) && !guide.includes(name),
    )
    expect(missing).toEqual([])
  })
})
