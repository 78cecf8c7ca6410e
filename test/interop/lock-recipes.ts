/** How each tool is made to lock a small project. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { indexUrl, lastWords, runProgram, toolEnvironment } from './lock-machine.js'
import type { ToolName } from './tool-versions.js'
import type { ReadyTool } from './tools.js'

/** One way to a lock file. */
export interface LockRecipe {
  readonly tool: ToolName
  /** As on a shell, without the variables of this test alone. */
  readonly title: string
  /** The file that it writes. */
  readonly file: string
  /** Whether its files carry URLs. */
  readonly urls?: true
  /** Name → content of the files that it reads. */
  inputs(pins: Pins): Readonly<Record<string, string>>
  /** A program of the tool's environment, and its arguments; several run one after the other. */
  readonly commands: readonly (readonly [program: string, ...args: string[]])[]
  /** Besides the machine's. */
  environment?(folder: string, python: string): Readonly<Record<string, string>>
}

/** Project → version. */
export type Pins = Readonly<Record<string, string>>

const names = { in: 'requirements.in', project: 'pyproject.toml' }

export const recipes: readonly LockRecipe[] = [
  {
    tool: 'pip-tools',
    title: 'pip-compile --generate-hashes',
    file: 'requirements.txt',
    inputs: requirementsIn,
    commands: [
      [
        'pip-compile',
        ...['--quiet', '--generate-hashes', '--strip-extras', '--no-emit-index-url'],
        ...['--output-file', 'requirements.txt', names.in],
      ],
    ],
    environment: (folder) => ({ PIP_TOOLS_CACHE_DIR: join(folder, 'cache') }),
  },
  {
    tool: 'pip',
    title: 'pip lock',
    file: 'pylock.toml',
    urls: true,
    inputs: requirementsIn,
    commands: [
      ['python', '-m', 'pip', 'lock', '--quiet', '-r', names.in, '--output', 'pylock.toml'],
    ],
  },
  {
    tool: 'pipenv',
    title: 'pipenv lock',
    file: 'Pipfile.lock',
    inputs: (pins) => ({
      Pipfile: [
        `[[source]]\nname = "machine"\nurl = ${JSON.stringify(indexUrl())}\nverify_ssl = true`,
        '[packages]',
        ...Object.entries(pins).map(([name, version]) => `${name} = "==${version}"`),
      ].join('\n'),
    }),
    commands: [['pipenv', 'lock']],
    environment: (folder, python) => ({
      PIPENV_CACHE_DIR: join(folder, 'cache'),
      PIPENV_IGNORE_VIRTUALENVS: '1',
      PIPENV_NOSPIN: '1',
      PIPENV_PYTHON: python,
      WORKON_HOME: join(folder, 'environments'),
    }),
  },
  {
    tool: 'poetry',
    title: 'poetry lock',
    file: 'poetry.lock',
    inputs: (pins) => pyproject(pins, 'poetry'),
    commands: [['poetry', 'lock', '--no-interaction', '--quiet']],
    environment: (folder) => ({
      POETRY_CACHE_DIR: join(folder, 'cache'),
      POETRY_KEYRING_ENABLED: 'false',
      POETRY_VIRTUALENVS_CREATE: 'false',
    }),
  },
  {
    tool: 'pdm',
    title: 'pdm lock',
    file: 'pdm.lock',
    inputs: (pins) => pyproject(pins, 'pdm'),
    commands: [['pdm', 'lock', '--quiet']],
    environment: pdmEnvironment,
  },
  {
    tool: 'pdm',
    title: 'pdm lock --strategy static_urls',
    file: 'pdm.lock',
    urls: true,
    inputs: (pins) => pyproject(pins, 'pdm'),
    commands: [['pdm', 'lock', '--quiet', '--strategy', 'static_urls']],
    environment: pdmEnvironment,
  },
  {
    tool: 'uv',
    title: 'uv lock',
    file: 'uv.lock',
    urls: true,
    inputs: (pins) => pyproject(pins),
    commands: [['uv', 'lock', '--quiet']],
    environment: uvEnvironment,
  },
  {
    tool: 'uv',
    title: 'uv export --format pylock.toml',
    file: 'pylock.toml',
    urls: true,
    inputs: (pins) => pyproject(pins),
    commands: [['uv', 'export', '--quiet', '--format', 'pylock.toml', '-o', 'pylock.toml']],
    environment: uvEnvironment,
  },
  {
    tool: 'uv',
    title: 'uv pip compile --generate-hashes',
    file: 'requirements.txt',
    inputs: requirementsIn,
    commands: [
      ['uv', 'pip', 'compile', '--quiet', '--generate-hashes', '-o', 'requirements.txt', names.in],
    ],
    environment: uvEnvironment,
  },
]

/** The bytes that the tool wrote; its folder is removed. */
export async function writeLock(
  recipe: LockRecipe,
  tool: ReadyTool,
  pins: Pins,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'tuffet-lock-'))
  try {
    for (const [name, content] of Object.entries(recipe.inputs(pins))) {
      await writeFile(join(folder, name), content)
    }
    const env = { ...toolEnvironment(), ...recipe.environment?.(folder, tool.python) }
    for (const [program, ...args] of recipe.commands) {
      const { status, output } = await runProgram(join(tool.programs, program), args, {
        env,
        folder,
      })
      if (status !== 0) throw new Error(`${recipe.title}: ${lastWords(output)}`)
    }
    return await readFile(join(folder, recipe.file))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function requirementsIn(pins: Pins): Record<string, string> {
  return { [names.in]: `${requirementsOf(pins).join('\n')}\n` }
}

/** `tool`: the tools that need the index as an argument. */
function pyproject(pins: Pins, tool?: 'poetry' | 'pdm'): Record<string, string> {
  const lines = [
    '[project]\nname = "demo-app"\nversion = "0.1.0"\nrequires-python = ">=3.9"',
    `dependencies = ${JSON.stringify(requirementsOf(pins))}`,
  ]
  if (tool) {
    // For pdm this is the name of its default index.
    const name = tool === 'pdm' ? 'pypi' : 'machine'
    lines.push(`[[tool.${tool}.source]]`, `name = "${name}"`, `url = ${JSON.stringify(indexUrl())}`)
  }
  return { [names.project]: `${lines.join('\n')}\n` }
}

function requirementsOf(pins: Pins): string[] {
  return Object.entries(pins).map(([name, version]) => `${name}==${version}`)
}

function pdmEnvironment(folder: string, python: string): Record<string, string> {
  return {
    PDM_CACHE_DIR: join(folder, 'cache'),
    PDM_CHECK_UPDATE: '0',
    PDM_IGNORE_SAVED_PYTHON: '1',
    PDM_PYTHON: python,
    PDM_USE_VENV: '0',
  }
}

function uvEnvironment(folder: string, python: string): Record<string, string> {
  return {
    UV_CACHE_DIR: join(folder, 'cache'),
    UV_DEFAULT_INDEX: indexUrl(),
    UV_NO_CONFIG: '1',
    UV_PYTHON: python,
    UV_PYTHON_DOWNLOADS: 'never',
  }
}
