/**
 * A hash that pip finds in the next line, where uv finds a requirement. Each test runs the tools
 * without tuffet as well, so that it shows which of them read other things.
 */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { digestsOf, IndexRepository } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { makeWheel } from '../support/wheel.js'
import { buildCommand } from './built-command.js'
import { runProgram, toolEnvironment } from './lock-machine.js'
import { installCommand, openRunWorld, type RunWorld } from './run-world.js'
import { installTools, isReady, nameMissing } from './tools.js'

const tools = await installTools({ pip: ['oldest', 'newest'], uv: ['oldest', 'newest'] })
const missing = nameMissing(tools, 'lines that only pip joins')
const ready = tools.filter(isReady)

const listed = makeWheel({ name: 'listed_pkg', version: '1.0' })
const hash = `sha256:${digestsOf(listed.bytes).sha256}`
const project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'

let world: RunWorld
let asking: Asking
let mark: string
beforeAll(async () => {
  buildCommand()
  world = await openRunWorld([listed])
  mark = join(world.folder, 'mark')
  const index = new IndexRepository()
  index.add(listed.filename, listed.bytes)
  index.publish()
  asking = await startAsking(index)
}, 600_000)
afterAll(async () => {
  await asking.proxy.close(0)
  await world.close()
})
beforeEach(async () => {
  for (const path of [world.work, world.site, mark])
    await rm(path, { recursive: true, force: true })
  // A folder with the name of the hash.
  const folder = join(world.work, hash)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'pyproject.toml'), project)
  await writeFile(join(folder, 'backend.py'), `open(${JSON.stringify(mark)}, 'w').close()\n`)
})

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

const there = ready.length === 0 ? describe.skip : describe
there.each([
  ['behind a space', `listed-pkg==1.0 --hash \\\n${hash}\n`],
  ['behind the sign', `listed-pkg==1.0 --hash=\\\n${hash}\n`],
  ['behind another hash', `listed-pkg==1.0 --hash=sha256:${'0'.repeat(64)} --hash \\\n  ${hash}\n`],
])('a hash in the next line, %s,', (_, lines) => {
  beforeEach(() => writeFile(join(world.work, 'requirements.txt'), lines))

  test('is a hash for pip, and a folder to build for uv', async () => {
    const { indexUrl } = asking.proxy
    const own = { PIP_INDEX_URL: indexUrl, UV_INDEX_URL: indexUrl, UV_NO_CACHE: '1' }
    const env = { ...toolEnvironment(), ...own, NO_PROXY: '127.0.0.1' }
    const found: Record<string, unknown> = {}
    for (const tool of ready) {
      const [program, ...args] = installCommand(tool, world.site, '-r', 'requirements.txt')
      const compile = ['pip', 'compile', ...args.slice(2, 4), 'requirements.txt']
      const words = tool.name === 'pip' ? args : compile
      await runProgram(program, words, { env, folder: world.work })
      found[tool.label] = [existsSync(join(world.site, 'listed_pkg')), existsSync(mark)]
      for (const path of [world.site, mark]) await rm(path, { recursive: true, force: true })
    }
    const expected = ready.map(({ name, label }) => [label, [name === 'pip', name === 'uv']])
    expect(found).toEqual(Object.fromEntries(expected))
  })

  test('is refused by check, and by run for every tool', async () => {
    const reason = 'uv reads a requirement here, pip a part of the option above'
    const checked = await world.tuffet(['check', 'requirements.txt'])
    expect([checked.status, checked.output]).toEqual([1, expect.stringContaining(reason)])
    for (const tool of ready) {
      const command = installCommand(tool, world.site, '-r', 'requirements.txt')
      const { status, output } = await world.tuffet(['run', '--', ...command])
      expect([status, output]).toEqual([2, expect.stringContaining(reason)])
      expect([existsSync(world.site), existsSync(mark)]).toEqual([false, false])
    }
  })
})

test('hashes that begin each line are checked, and installed by every tool', async () => {
  const lines = `listed-pkg==1.0 \\\n    --hash=sha256:${'0'.repeat(64)} \\\n    --hash=${hash}\n`
  await writeFile(join(world.work, 'requirements.txt'), lines)
  for (const tool of ready) {
    await rm(world.site, { recursive: true, force: true })
    const command = installCommand(tool, world.site, '-r', 'requirements.txt')
    const { status, output } = await world.tuffet(['run', '--', ...command])
    expect([status, output]).toEqual([0, expect.any(String)])
    expect(existsSync(join(world.site, 'listed_pkg'))).toBe(true)
  }
})
