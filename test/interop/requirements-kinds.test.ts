/**
 * Requirements files that are something else for a tool: scripts, projects, URLs. Each test runs
 * the tools without tuffet as well, so that it shows which of them install other files.
 */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { digestsOf, IndexRepository } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { makeWheel } from '../support/wheel.js'
import { buildCommand } from './built-command.js'
import { runProgram, toolEnvironment } from './lock-machine.js'
import { installCommand, openRunWorld, type RunWorld } from './run-world.js'
import { installTools, isReady, nameMissing, type ReadyTool } from './tools.js'

const tools = await installTools({ pip: ['oldest', 'newest'], uv: ['oldest', 'newest'] })
const missing = nameMissing(tools, 'requirements files that are something else')
const ready = tools.filter(isReady)

const listed = makeWheel({ name: 'listed_pkg', version: '1.0' })
const foreign = makeWheel({ name: 'foreign_pkg', version: '1.0' })
const lines = `listed-pkg==1.0 --hash=sha256:${digestsOf(listed.bytes).sha256}\n`
const script = `${lines}# /// script\n# dependencies = ["foreign-pkg"]\n# ///\n`
const project = '[project]\nname = "local"\nversion = "1"\ndependencies = ["foreign-pkg"]\n'

/** The part that a tool installs: the lines of the file, another project, or neither. */
type Installed = 'lines' | 'foreign' | 'nothing'

interface Row {
  readonly title: string
  /** Below the working folder; `DIR` is its path, `HOST` an HTTP server with other lines. */
  readonly argument: string
  readonly files: Readonly<Record<string, string>>
  /** Without tuffet; `nothing` where a tool is not named. */
  readonly installs: Readonly<Record<string, Installed>>
  readonly reason: RegExp
}

/** Read as a URL by newer uvs; uv 0.4.0 opens the file of that name. */
const oneSlash = {
  'pip 20.3.4': 'foreign',
  'pip 26.3': 'foreign',
  'uv 0.4.0': 'lines',
  'uv 0.13.9': 'foreign',
} as const
const everyTool = { ...oneSlash, 'uv 0.4.0': 'foreign' } as const
const url = /is a URL, not the path/

const rows: readonly Row[] = [
  {
    title: 'a script without extension (PEP 723)',
    argument: 'requirements',
    files: { requirements: script },
    installs: {
      'pip 20.3.4': 'lines',
      'pip 26.3': 'lines',
      'uv 0.4.0': 'lines',
      'uv 0.13.9': 'foreign',
    },
    reason: /a script block \(PEP 723\) begins/,
  },
  {
    title: 'a script called *.py',
    argument: 'requirements.py',
    files: { 'requirements.py': script },
    installs: {
      'pip 20.3.4': 'lines',
      'pip 26.3': 'lines',
      'uv 0.4.0': 'lines',
      'uv 0.13.9': 'foreign',
    },
    reason: /requirements\.py/,
  },
  {
    title: 'a project called setup.py',
    argument: 'setup.py',
    files: { 'setup.py': lines },
    // uv builds the project, or fails.
    installs: { 'pip 20.3.4': 'lines', 'pip 26.3': 'lines' },
    reason: /setup\.py/,
  },
  {
    title: 'a project called setup.cfg',
    argument: 'setup.cfg',
    files: { 'setup.cfg': lines },
    // pip 20 reads it for its own settings first, and fails.
    installs: { 'pip 26.3': 'lines' },
    reason: /setup\.cfg/,
  },
  {
    title: 'a project called pyproject.toml',
    argument: 'pyproject.toml',
    files: { 'pyproject.toml': project },
    installs: { 'uv 0.4.0': 'foreign', 'uv 0.13.9': 'foreign' },
    reason: /pyproject\.toml/,
  },
  {
    title: 'a URL of one slash, beside a file of that name',
    argument: 'file:DIR/other.txt',
    files: { 'file:DIR/other.txt': lines, 'other.txt': 'foreign-pkg==1.0\n' },
    installs: oneSlash,
    reason: url,
  },
  {
    title: 'a URL in capitals',
    argument: 'FILE://DIR/other.txt',
    files: { 'other.txt': 'foreign-pkg==1.0\n' },
    installs: { 'pip 26.3': 'foreign', 'uv 0.13.9': 'foreign' },
    reason: url,
  },
  {
    title: 'a URL of another host',
    argument: 'http://HOST/other.txt',
    files: {},
    installs: everyTool,
    reason: url,
  },
  {
    title: 'an included URL, beside a file of that name',
    argument: 'requirements.txt',
    files: {
      'requirements.txt': '-r file:DIR/other.txt\n',
      'file:DIR/other.txt': lines,
      'other.txt': 'foreign-pkg==1.0\n',
    },
    installs: oneSlash,
    reason: /is a URL/,
  },
]

let world: RunWorld
let asking: Asking
let server: Server
let host: string
beforeAll(async () => {
  buildCommand()
  world = await openRunWorld([listed, foreign])
  const index = new IndexRepository()
  for (const { filename, bytes } of [listed, foreign]) index.add(filename, bytes)
  index.publish()
  asking = await startAsking(index)
  server = createServer((_, response) => response.end('foreign-pkg==1.0\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  host = typeof address === 'object' ? `127.0.0.1:${address?.port}` : ''
}, 600_000)
afterAll(async () => {
  server.close()
  await asking.proxy.close(0)
  await world.close()
})
beforeEach(async () => {
  await rm(world.work, { recursive: true })
  await mkdir(world.work)
})

/** A tool's own behaviour, with an index that lists both projects. */
async function installedBy(tool: ReadyTool, argument: string): Promise<Installed> {
  await rm(world.site, { recursive: true, force: true })
  const { indexUrl } = asking.proxy
  const own = { PIP_INDEX_URL: indexUrl, UV_INDEX_URL: indexUrl, UV_NO_CACHE: '1' }
  const env = { ...toolEnvironment(), ...own, NO_PROXY: '127.0.0.1' }
  const [program, ...args] = installCommand(tool, world.site, '-r', argument)
  await runProgram(program, args, { env, folder: world.work })
  if (existsSync(join(world.site, 'foreign_pkg'))) return 'foreign'
  return existsSync(join(world.site, 'listed_pkg')) ? 'lines' : 'nothing'
}

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

describe.each(rows)('$title', ({ argument: template, files, installs, reason }) => {
  const filled = (text: string): string =>
    text.replaceAll('DIR', world.work).replaceAll('HOST', host)
  beforeEach(async () => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(world.work, filled(name))
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, filled(text))
    }
  })

  test('is refused by check, and by run for every tool', async () => {
    const argument = filled(template)
    const checked = await world.tuffet(['check', argument])
    expect([checked.status === 0, checked.output]).toEqual([false, expect.stringMatching(reason)])
    expect(checked.output).not.toMatch(/^match/m)
    for (const tool of ready) {
      await rm(world.site, { recursive: true, force: true })
      const command = installCommand(tool, world.site, '-r', argument)
      const ran = await world.tuffet(['run', '--', ...command])
      expect([ran.status, ran.output]).toEqual([2, expect.stringContaining('nothing was run')])
      expect(existsSync(world.site)).toBe(false)
    }
  })

  test('is installed by some tools by other rules than the lines of a file', async () => {
    const found: Record<string, Installed> = {}
    const expected: Record<string, Installed> = {}
    for (const tool of ready) {
      found[tool.label] = await installedBy(tool, filled(template))
      expected[tool.label] = installs[tool.label] ?? 'nothing'
    }
    expect(found).toEqual(expected)
  })
})

test('the same lines in requirements.txt are checked, and installed by every tool', async () => {
  await writeFile(join(world.work, 'requirements.txt'), lines)
  const checked = await world.tuffet(['check', 'requirements.txt'])
  expect([checked.status, checked.output]).toEqual([0, expect.stringMatching(/^match/m)])
  for (const tool of ready) {
    await rm(world.site, { recursive: true, force: true })
    const command = installCommand(tool, world.site, '-r', 'requirements.txt')
    const ran = await world.tuffet(['run', '--', ...command])
    expect([ran.status, ran.output]).toEqual([0, expect.any(String)])
    expect(existsSync(join(world.site, 'listed_pkg'))).toBe(true)
  }
})
