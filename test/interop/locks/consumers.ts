/** How each tool is made to install from a lock file, into an environment of the test's own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram, toolEnvironment } from '../lock-machine.js'
import type { ToolName } from '../tool-versions.js'
import type { ReadyTool } from '../tools.js'
import { filesOf, folderOf, type Side } from './foreign-files.js'
import type { LockWorld } from './lock-world.js'

export interface Consumer {
  readonly tool: ToolName
  /** The name under which the tool looks for the lock file. */
  readonly file: string
  /** As on a shell. */
  readonly title: string
  /** Arguments after the tool's own program; several run one after the other. */
  readonly commands: readonly (readonly string[])[]
  /** Name → content of the files beside the lock file. `requires` is the project's requirement. */
  inputs?(world: LockWorld, requires: string): Readonly<Record<string, string>>
  environment?(folder: string, world: LockWorld): Readonly<Record<string, string>>
  /** Further parts of the lock file that a tool checks, in their place. */
  readonly contentHash?: string
}

export interface Installed {
  readonly status: number | null
  readonly output: string
  /** The messages of the modules `foo` and `bar`, if they are installed. */
  readonly messages: readonly string[]
}

const requirements = 'requirements.txt'
const target = ['--target', 'site']

export const consumers = {
  'pip -r': {
    tool: 'pip',
    file: requirements,
    title: 'pip install -r requirements.txt',
    commands: [['-m', 'pip', 'install', '--no-cache-dir', ...target, '-r', requirements]],
    environment: pipEnvironment,
  },
  'pip pylock': {
    tool: 'pip',
    file: 'pylock.toml',
    title: 'pip install -r pylock.toml',
    commands: [['-m', 'pip', 'install', '--no-cache-dir', ...target, '-r', 'pylock.toml']],
    environment: pipEnvironment,
  },
  'uv pip -r': {
    tool: 'uv',
    file: requirements,
    title: 'uv pip install --require-hashes -r requirements.txt',
    commands: [['pip', 'install', '--require-hashes', ...target, '-r', requirements]],
    environment: uvEnvironment,
  },
  'uv pip sync pylock': {
    tool: 'uv',
    file: 'pylock.toml',
    title: 'uv pip sync pylock.toml',
    commands: [['pip', 'sync', '--preview', ...target, 'pylock.toml']],
    environment: uvEnvironment,
  },
  'uv sync': {
    tool: 'uv',
    file: 'uv.lock',
    title: 'uv sync --frozen',
    commands: [['sync', '--frozen', '--no-install-project']],
    inputs: (_, requires) => ({
      'pyproject.toml': `[project]\nname = "demo-app"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["${requires || 'foo'}"]\n`,
    }),
    environment: uvEnvironment,
  },
  poetry: {
    tool: 'poetry',
    file: 'poetry.lock',
    title: 'poetry install',
    commands: [['install', '--no-root', '--no-interaction', '-vvv']],
    inputs: (world, requires) => ({ 'pyproject.toml': poetryProject(world, requires) }),
    environment: (folder) => ({
      ...venv(folder),
      POETRY_CACHE_DIR: join(folder, 'cache'),
      POETRY_KEYRING_ENABLED: 'false',
      POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    }),
    contentHash:
      'import sys, pathlib; from poetry.factory import Factory; l = Factory().create_poetry(pathlib.Path.cwd()).locker; print(l._get_content_hash())',
  },
  pdm: {
    tool: 'pdm',
    file: 'pdm.lock',
    title: 'pdm sync',
    commands: [['sync', '--no-self', '-v']],
    inputs: pdmInputs,
    environment: pdmEnvironment,
  },
  'pdm pylock': {
    tool: 'pdm',
    file: 'pylock.toml',
    title: 'pdm sync -L pylock.toml',
    commands: [['sync', '--no-self', '-v', '-L', 'pylock.toml']],
    inputs: pdmInputs,
    environment: (folder) => ({
      ...pdmEnvironment(folder),
      PDM_LOCK_FORMAT: 'pylock',
    }),
  },
  pipenv: {
    tool: 'pipenv',
    file: 'Pipfile.lock',
    title: 'pipenv sync',
    commands: [['sync']],
    inputs: ({ index }) => ({
      Pipfile: `[[source]]\nname = "machine"\nurl = "${index}"\nverify_ssl = false\n[packages]\nfoo = "*"\n`,
    }),
    environment: (folder) => ({
      ...venv(folder),
      PIPENV_CACHE_DIR: join(folder, 'cache'),
      PIPENV_NOSPIN: '1',
      PIPENV_VENV_IN_PROJECT: '1',
    }),
  },
  'pipenv pylock': {
    tool: 'pipenv',
    file: 'pylock.toml',
    title: 'pipenv sync, with pylock.toml',
    commands: [['sync']],
    inputs: ({ index }) => ({
      Pipfile: `[[source]]\nname = "machine"\nurl = "${index}"\nverify_ssl = false\n[packages]\nfoo = "*"\n[pipenv]\nuse_pylock = true\n`,
    }),
    environment: (folder) => ({
      ...venv(folder),
      PIPENV_CACHE_DIR: join(folder, 'cache'),
      PIPENV_NOSPIN: '1',
      PIPENV_VENV_IN_PROJECT: '1',
    }),
  },
} satisfies Readonly<Record<string, Consumer>>

export type ConsumerName = keyof typeof consumers

/**
 * Installs the lock file `text`, while index, other host and local files are those of `world.side`.
 */
export async function installLocked(
  tool: ReadyTool,
  consumer: Consumer,
  world: LockWorld,
  text: string,
  requires = '',
): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'tuffet-locked-'))
  try {
    const inputs = consumer.inputs?.(world, requires) ?? {}
    for (const [name, content] of Object.entries(inputs)) {
      await writeFile(join(folder, name), content)
    }
    await writeLocal(folder, world.side)
    const python = join(folder, '.venv', 'bin', 'python')
    const env = {
      ...toolEnvironment(),
      HOME: folder,
      PIP_INDEX_URL: world.index,
      UV_DEFAULT_INDEX: world.index,
      ...consumer.environment?.(folder, world),
    }
    // These run the pip of the environment.
    const own = /^(?:poetry 1\.1|pipenv 2020)/.test(tool.label) ? [] : ['--without-pip']
    await runProgram(tool.python, ['-m', 'venv', ...own, '.venv'], { env, folder })
    let locked = text
    if (consumer.contentHash !== undefined) {
      const args = ['-c', consumer.contentHash]
      const { output } = await runProgram(tool.python, args, { env, folder })
      locked = text.replace('CONTENT-HASH', output.trim().split('\n').at(-1) ?? '')
    }
    await writeFile(join(folder, consumer.file), locked)
    const program = tool.name === 'pip' ? tool.python : join(tool.programs, tool.name)
    let output = ''
    let status: number | null = 0
    for (const command of consumer.commands) {
      const ran = await runProgram(program, command, { env, folder })
      output += ran.output
      status = ran.status
      if (status !== 0) break
    }
    const script = [
      'for name in "foo", "bar":',
      '    try: print(__import__(name).message)',
      '    except ImportError: pass',
    ].join('\n')
    // `-P` is missing in old ones: the current folder holds no module of these names.
    const seen = await runProgram(python, ['-c', script], {
      env: { ...env, PYTHONPATH: join(folder, 'site') },
      folder: join(folder, '.venv'),
    })
    return { status, output, messages: seen.output.split('\n').filter((line) => line !== '') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `files/` holds the archives, `folder/` the project as a folder. */
async function writeLocal(folder: string, side: Side): Promise<void> {
  await mkdir(join(folder, 'files'))
  for (const [name, bytes] of filesOf[side]) await writeFile(join(folder, 'files', name), bytes)
  // A folder named like an archive, and one named like a folder.
  for (const place of ['folder', 'unpacked/foo-1.0.tar.gz', 'unpacked/foo-1.0-py3-none-any.whl']) {
    await mkdir(join(folder, place), { recursive: true })
    for (const [path, content] of folderOf('foreign')) {
      await writeFile(join(folder, place, path), content)
    }
  }
}

function venv(folder: string): Record<string, string> {
  const path = [join(folder, '.venv', 'bin'), process.env['PATH'] ?? ''].join(':')
  return { VIRTUAL_ENV: join(folder, '.venv'), PATH: path }
}

function pipEnvironment(): Record<string, string> {
  return { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_RETRIES: '0' }
}

function uvEnvironment(folder: string, { index }: LockWorld): Record<string, string> {
  return {
    UV_CACHE_DIR: join(folder, 'cache'),
    UV_DEFAULT_INDEX: index,
    UV_INDEX_URL: index,
    UV_NO_CONFIG: '1',
    UV_PYTHON: join(folder, '.venv', 'bin', 'python'),
    UV_PROJECT_ENVIRONMENT: '.venv',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_LINK_MODE: 'copy',
  }
}

function pdmInputs({ index }: LockWorld, requires: string): Record<string, string> {
  return {
    'pyproject.toml': `[project]\nname = "demo-app"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["${requires || 'foo==1.0'}"]\n[[tool.pdm.source]]\nname = "pypi"\nurl = "${index}"\nverify_ssl = false\n`,
  }
}

function pdmEnvironment(folder: string): Record<string, string> {
  return {
    ...venv(folder),
    PDM_CACHE_DIR: join(folder, 'cache'),
    PDM_CHECK_UPDATE: '0',
    PDM_IGNORE_SAVED_PYTHON: '1',
    PDM_USE_VENV: '1',
  }
}

function poetryProject({ index }: LockWorld, requires: string): string {
  return [
    '[tool.poetry]',
    'name = "demo-app"\nversion = "0.1.0"\ndescription = ""\nauthors = []',
    '[[tool.poetry.source]]',
    `name = "machine"\nurl = "${index}"`,
    '[tool.poetry.dependencies]',
    `python = ">=3.9"\nfoo = ${requires || '"1.0"'}`,
    '',
  ].join('\n')
}
