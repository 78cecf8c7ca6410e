/**
 * Options that a requirements file gives to a build. Without tuffet they reach the build; `run`
 * refuses them before it begins.
 */
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { IndexRepository } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { buildCommand } from './built-command.js'
import { runProgram, toolEnvironment } from './lock-machine.js'
import { installCommand, openRunWorld, type RunWorld } from './run-world.js'
import { makeSdist, markVariable } from './sdist.js'
import { installTools, isReady, nameMissing } from './tools.js'

const tools = await installTools({ pip: ['oldest', 'newest'] })
const missing = nameMissing(tools, 'options of builds')
const ready = tools.filter(isReady)

const modern = makeSdist({ name: 'built_pkg', version: '1.0', says: 'repr(config_settings)' })
const legacy = makeSdist({
  name: 'legacy_pkg',
  version: '1.0',
  says: 'repr(sys.argv)',
  legacy: true,
})

const rows = [
  // The pip of each option: newer releases have one, older ones the others.
  { line: 'built-pkg --config-settings=from=elsewhere', pip: 'pip 26.3' },
  { line: 'legacy-pkg --global-option=--from=elsewhere', pip: 'pip 20.3.4' },
  { line: 'legacy-pkg --install-option=--from=elsewhere', pip: 'pip 20.3.4' },
] as const

let world: RunWorld
let asking: Asking
let mark: string
beforeAll(async () => {
  buildCommand()
  world = await openRunWorld([modern, legacy])
  mark = join(world.folder, 'mark')
  const index = new IndexRepository()
  for (const { filename, bytes } of [modern, legacy]) index.add(filename, bytes)
  index.publish()
  asking = await startAsking(index)
}, 600_000)
afterAll(async () => {
  await asking.proxy.close(0)
  await world.close()
})
beforeEach(() => rm(mark, { force: true }))

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

const there = ready.length === 0 ? describe.skip : describe
there.each(rows)('$line', ({ line, pip }) => {
  const flags = ['--no-deps', '--no-build-isolation', '-r', 'requirements.txt']
  beforeEach(() => writeFile(join(world.work, 'requirements.txt'), `${line}\n`))

  test('reaches the build of a pip that knows it', async () => {
    const tool = ready.find(({ label }) => label === pip)
    // The oldest and newest that install here may be others.
    if (!tool) return
    const own = {
      PIP_INDEX_URL: asking.proxy.indexUrl,
      NO_PROXY: '127.0.0.1',
      [markVariable]: mark,
    }
    // A wheel that was built before would be taken from the cache.
    const env = { ...toolEnvironment(), ...own, PIP_NO_CACHE_DIR: '1' }
    const [program, ...args] = installCommand(tool, world.site, ...flags)
    const { output } = await runProgram(program, args, { env, folder: world.work })
    expect([existsSync(mark), output]).toEqual([true, expect.any(String)])
    expect(readFileSync(mark, 'utf8')).toContain('elsewhere')
  })

  test.each(ready)('is refused by run before $label starts', async (tool) => {
    const command = installCommand(tool, world.site, ...flags)
    const { status, output } = await world.tuffet(['run', '--', ...command], {
      [markVariable]: mark,
    })
    expect([status, output]).toEqual([2, expect.stringContaining('nothing was run')])
    expect(existsSync(mark)).toBe(false)
  })

  test('is not a match for check', async () => {
    const { status, output } = await world.tuffet(['check', 'requirements.txt'])
    expect([status === 0, output]).toEqual([false, expect.not.stringMatching(/^match/m)])
  })
})
