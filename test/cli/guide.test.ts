import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { commands } from '../../src/cli/commands.js'
import { memoryFetcher } from '../../src/testing/index.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

async function blocks(language: string): Promise<string[]> {
  const guide = await readFile('docs/guides/command-line.md', 'utf8')
  const found = guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))
  return [...found].map(([, text = '']) => text)
}

describe('the guide to the command line', () => {
  test('shows commands that work with its settings', async () => {
    const [settings = ''] = await blocks('json')
    await writeFile(join(desk.folder, 'tuffet.json'), settings)
    await mkdir(join(desk.folder, 'wheels'))
    const { metadataUrl, targetsUrl } = JSON.parse(settings) as Record<string, string>
    const fetcher = memoryFetcher(desk.repository, {
      metadataUrl: metadataUrl!,
      targetsUrl: targetsUrl!,
    })
    const lines = (await blocks('sh')).join('').trim().split('\n')
    expect(lines.length).toBeGreaterThan(6)
    for (const line of lines) {
      const [program, ...args] = line.split(' ')
      const { status, stderr } = await desk.run(args, { fetcher })
      expect([program, line, status, stderr]).toEqual(['tuffet', line, 0, ''])
    }
  })

  test('lists every command in a row', async () => {
    const guide = await readFile('docs/guides/command-line.md', 'utf8')
    const rows = guide.match(/^\| `[a-z]+[^|]*\| /gm) ?? []
    for (const [name, { load }] of commands) {
      const { parameters } = await load()
      expect(rows).toContain(`| \`${`${name} ${parameters}`.trimEnd()}\` | `)
    }
  })
})
