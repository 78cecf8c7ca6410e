/**
 * `pip install --no-index --find-links FOLDER`, and uv, over folders that were judged before. Each
 * entry holds a project whose build backend leaves a mark when it runs.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { IndexRepository } from '../pypi/index-repository.js'
import { makeWheel } from '../support/wheel.js'
import { basePython, runProgram, toolEnvironment } from './lock-machine.js'
import { installTools, isReady, nameMissing, type ReadyTool } from './tools.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const good = makeWheel({ name: 'demo_pkg', version: '1.0' })
const tools = await installTools({ pip: ['oldest', 'newest'], uv: ['oldest', 'newest'] })
const missing = nameMissing(tools, 'folders that --find-links names')
const ready = tools.filter(isReady)

let folder: string
let mark: string
beforeEach(async () => {
  folder = temporaryFolder('links')
  mark = join(folder, 'mark')
  const project = join(folder, 'demo_pkg-9.0')
  await mkdir(project)
  await mkdir(join(folder, 'wheels'))
  const build = '[build-system]\nrequires = []\nbuild-backend = "mark"\nbackend-path = ["."]\n'
  await writeFile(join(project, 'pyproject.toml'), build)
  await writeFile(join(project, 'mark.py'), `open(${JSON.stringify(mark)}, "w").close()\n`)
})

/** Makes an entry below `wheels`. */
type Plant = (project: string, wheels: string) => Promise<void> | void

interface Row {
  readonly title: string
  readonly plant: Plant
  /** The tools that run it without a verdict. */
  readonly ranBy: readonly string[]
}

const pip20 = ['pip 20.3.4']
const pips = [...pip20, 'pip 26.3']
const all = [...pips, 'uv 0.4.0', 'uv 0.13.9']

function asFolder(name: string, ...ranBy: readonly string[]): Row {
  const plant: Plant = (project, wheels) => copy(project, join(wheels, name))
  return { title: `a folder called ${name}`, plant, ranBy }
}

function copy(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true })
}

function packed(name: string, flag: string, ...ranBy: readonly string[]): Row {
  const plant: Plant = (project, wheels) => {
    execFileSync('tar', [flag, join(wheels, name), '-C', join(project, '..'), 'demo_pkg-9.0'])
  }
  return { title: `an archive called ${name}`, plant, ranBy }
}

const rows: readonly Row[] = [
  asFolder('demo_pkg-9.0.tar.gz', ...pips),
  asFolder('demo_pkg-9.0.zip', ...pips),
  asFolder('demo_pkg-9.0-py3-none-any.whl'),
  asFolder('demo_pkg-9.0.tar.bz2', ...pip20),
  asFolder('demo_pkg-9.0.tgz', ...pip20),
  asFolder('demo_pkg-9.0.egg'),
  asFolder('demo_pkg-9.0'),
  packed('demo_pkg-9.0.tar.gz', '-czf', ...all),
  packed('demo_pkg-9.0.tar.bz2', '-cjf', ...pip20, 'uv 0.4.0'),
  packed('demo_pkg-9.0.tar.xz', '-cJf', ...pip20, 'uv 0.4.0'),
  packed('demo_pkg-9.0.tgz', '-czf', ...pip20),
  packed('demo_pkg-9.0.tbz', '-cjf', ...pip20),
  packed('demo_pkg-9.0.tar', '-cf', ...pip20),
  packed('demo_pkg-9.0.TAR.GZ', '-czf'),
  {
    title: 'a link to a folder',
    plant: (project, wheels) => symlink(project, join(wheels, 'demo_pkg-9.0.tar.gz')),
    ranBy: pips,
  },
  {
    title: 'a page with a link',
    plant: async (project, wheels) => {
      const outside = join(project, '../demo_pkg-9.0.tar.gz')
      await copy(project, outside)
      const page = `<!DOCTYPE html><a href="${pathToFileURL(outside).href}">demo_pkg-9.0.tar.gz</a>`
      await writeFile(join(wheels, 'index.html'), page)
    },
    ranBy: pips,
  },
  {
    title: 'an archive in a folder',
    plant: (project, wheels) => copy(project, join(wheels, 'sub/demo_pkg-9.0.tar.gz')),
    ranBy: [],
  },
]

/** Whatever the tool does, the mark says whether it ran the project. */
async function install(tool: ReadyTool): Promise<{ status: number | null; output: string }> {
  const site = ['--target', join(folder, 'site')]
  const links = ['--no-index', '--find-links', join(folder, 'wheels')]
  const cache = ['--cache-dir', join(folder, 'cache')]
  const args = ['install', ...site, ...links, ...cache, 'demo-pkg']
  const env = toolEnvironment()
  if (tool.name === 'pip') return runProgram(tool.python, ['-m', 'pip', ...args], { env })
  const uv = join(tool.programs, 'uv')
  return runProgram(uv, ['pip', ...args, '--python', basePython()], { env })
}

/** The entries with a verdict, and whether each is a match. */
async function verdicts(): Promise<Map<string, boolean>> {
  const index = new IndexRepository({ layout: 'pages' })
  index.add(good.filename, good.bytes)
  index.publish()
  const view = await index.view()
  const found = new Map<string, boolean>()
  for await (const { filename, verdict } of view.verifyFolder(join(folder, 'wheels'))) {
    found.set(filename, verdict === 'match')
  }
  return found
}

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

const there = ready.length === 0 ? describe.skip : describe
// A table without any row is an error.
there.each(ready.length === 0 ? [{ label: 'nothing' } as never] : ready)('$label', (tool) => {
  test.each(rows)('$title does not run before its refusal', async ({ plant, ranBy }) => {
    await plant(join(folder, 'demo_pkg-9.0'), join(folder, 'wheels'))
    const judged = await verdicts()
    await install(tool)
    // Otherwise the mark would prove nothing.
    expect(existsSync(mark)).toBe(ranBy.includes(tool.label))
    expect([...judged.values()]).not.toContain(true)
    if (existsSync(mark)) expect(judged.size).toBeGreaterThan(0)
  })

  test('installs from a folder in which every verdict is a match', async () => {
    await writeFile(join(folder, 'good'), good.bytes)
    await symlink('../good', join(folder, 'wheels', good.filename))
    expect([...(await verdicts())]).toEqual([[good.filename, true]])
    const { status, output } = await install(tool)
    expect([status, existsSync(mark), output]).toEqual([0, false, expect.any(String)])
    expect(existsSync(join(folder, 'site/demo_pkg/__init__.py'))).toBe(true)
  })
})
