/** Commands with which pip and uv write the address of their index into a file. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { childEnvironment } from '../../src/pypi/run/child-environment.js'
import { IndexRepository } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { makeWheel } from '../support/wheel.js'
import { buildCommand } from './built-command.js'
import { findPython } from './find-python.js'
import { runProgram } from './lock-machine.js'
import { openRunWorld, type RunWorld } from './run-world.js'
import { installTools, isReady, nameMissing, type ReadyTool } from './tools.js'

const tools = await installTools({ pip: ['newest'], uv: ['oldest', 'newest'] })
const missing = nameMissing(tools, 'addresses in files that pip and uv write')
const wheel = makeWheel({ name: 'demo_pkg', version: '1.0' })

interface Writing {
  readonly title: string
  /** Its label. */
  readonly tool: string
  readonly args: readonly string[]
  /** The file that it writes; default: its output. */
  readonly file?: string
}

const writings: readonly Writing[] = [
  { title: 'pip lock', tool: 'pip 26.3', args: ['lock', 'demo-pkg'], file: 'pylock.toml' },
  {
    title: 'pip install --report',
    tool: 'pip 26.3',
    args: ['install', '--dry-run', '--report', 'r.json', '--target', 'site', 'demo-pkg'],
    file: 'r.json',
  },
  { title: 'uv pip compile --emit-index-url', tool: 'uv 0.4.0', args: ['--emit-index-url'] },
  { title: 'uv pip compile --emit-index-url', tool: 'uv 0.13.9', args: ['--emit-index-url'] },
  {
    title: 'uv pip compile --emit-index-annotation',
    tool: 'uv 0.13.9',
    args: ['--emit-index-annotation'],
  },
  {
    title: 'uv pip compile -o pylock.toml',
    tool: 'uv 0.13.9',
    args: ['-o', 'pylock.toml'],
    file: 'pylock.toml',
  },
  {
    title: 'uv pip compile --format pylock.toml',
    tool: 'uv 0.13.9',
    args: ['--format', 'pylock.toml'],
  },
]

const rows = writings.flatMap((writing) => {
  const tool = tools.filter(isReady).find(({ label }) => label === writing.tool)
  return tool ? [{ ...writing, label: writing.tool, tool }] : []
})

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

beforeAll(buildCommand, 600_000)

let world: RunWorld
let asking: Asking
beforeEach(async () => {
  world = await openRunWorld([wheel])
  const index = new IndexRepository()
  index.add(wheel.filename, wheel.bytes)
  index.publish()
  asking = await startAsking(index)
  await writeFile(join(world.work, 'in.txt'), 'demo-pkg\n')
})
afterEach(async () => {
  await asking.proxy.close(0)
  await world.close()
})

function commandOf(tool: ReadyTool, args: readonly string[]): readonly [string, ...string[]] {
  if (tool.name === 'pip') return [tool.python, '-m', 'pip', ...args]
  const python = ['--python', findPython() ?? 'python3']
  return [join(tool.programs, 'uv'), 'pip', 'compile', ...python, 'in.txt', ...args]
}

const each = rows.length === 0 ? test.skip : test
each.each(rows.length === 0 ? [{ title: 'nothing' } as never] : rows)(
  '$title of $label is refused, because it would write the address of the proxy',
  async ({ tool, args, file }) => {
    const command = commandOf(tool, args)
    const refused = await world.tuffet(['run', '--', ...command])
    expect([refused.status, refused.output]).toEqual([
      2,
      expect.stringContaining('writes the address of a proxy that ends with the command'),
    ])
    // The tool's own behaviour.
    const env = childEnvironment(process.env, asking.proxy, true)
    const [program, ...rest] = command
    const { output } = await runProgram(program, rest, { env, folder: world.work })
    const written = file === undefined ? output : readFileSync(join(world.work, file), 'utf8')
    expect(written).toContain(asking.proxy.origin)
  },
)
