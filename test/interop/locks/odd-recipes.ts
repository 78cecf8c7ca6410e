/** Makes each tool lock a project with odd names, and use most features of its format. */
import { join } from 'node:path'
import type { LockRecipe } from '../lock-recipes.js'

export const oddPins = {
  MarkupSafe: '3.0.2',
  'zope.interface': '7.0',
  'local-app': '1.0+cpu',
  epoch: '1!2.0',
  Builds: '1.0',
  'With.Extra': '2.0',
} as const

const requirements = [
  ...Object.entries(oddPins)
    .filter(([name]) => name !== 'With.Extra' && name !== 'epoch')
    .map(([name, version]) => `${name}==${version}`),
  `epoch==1!2.0 ; python_version > '3'`,
  'With.Extra==2.0',
]

const project = [
  '[project]\nname = "Demo.App"\nversion = "0.1.0"\nrequires-python = ">=3.9"',
  `dependencies = ${JSON.stringify(requirements)}`,
  '[project.optional-dependencies]\na = ["MarkupSafe"]\nb = ["epoch"]',
].join('\n')

/** `second` holds files of the same names with other bytes. */
export function oddRecipes(index: string, second: string): readonly LockRecipe[] {
  const pip = { PIP_INDEX_URL: index, PIP_CONFIG_FILE: '/dev/null' }
  const uv = (folder: string, python: string): Record<string, string> => ({
    UV_CACHE_DIR: join(folder, 'cache'),
    UV_DEFAULT_INDEX: index,
    UV_INDEX_URL: index,
    UV_NO_CONFIG: '1',
    UV_PYTHON: python,
    UV_PYTHON_DOWNLOADS: 'never',
  })
  const requirementsIn = (): Record<string, string> => ({ 'r.in': `${requirements.join('\n')}\n` })
  const uvProject = (): Record<string, string> => ({
    'pyproject.toml': [
      project,
      '[tool.uv]\nenvironments = ["sys_platform == \'linux\'", "sys_platform == \'win32\'"]',
      'constraint-dependencies = ["epoch<2!1"]\noverride-dependencies = ["builds==1.0"]',
      'dev-dependencies = ["zope.interface"]\nprerelease = "allow"\nresolution = "highest"',
      'conflicts = [[{ extra = "a" }, { extra = "b" }]]',
    ].join('\n'),
  })
  return [
    {
      tool: 'uv',
      title: 'uv lock',
      file: 'uv.lock',
      inputs: uvProject,
      commands: [['uv', 'lock', '--quiet']],
      environment: uv,
    },
    {
      tool: 'uv',
      title: 'uv export --format pylock.toml',
      file: 'pylock.toml',
      inputs: uvProject,
      commands: [
        [
          'uv',
          'export',
          '--quiet',
          '--no-emit-project',
          '--format',
          'pylock.toml',
          '-o',
          'pylock.toml',
        ],
      ],
      environment: uv,
    },
    {
      tool: 'uv',
      title: 'uv pip compile --generate-hashes',
      file: 'requirements.txt',
      inputs: requirementsIn,
      commands: [
        [
          ...([
            'uv',
            'pip',
            'compile',
            '--quiet',
            '--generate-hashes',
            '--emit-index-url',
          ] as const),
          ...['--annotation-style', 'line', '-o', 'requirements.txt', 'r.in'],
        ],
      ],
      environment: uv,
    },
    {
      tool: 'poetry',
      title: 'poetry lock',
      file: 'poetry.lock',
      inputs: () => ({
        'pyproject.toml': [
          '[tool.poetry]\nname = "demo-app"\nversion = "0.1.0"\ndescription = ""\nauthors = []',
          '[tool.poetry.dependencies]\npython = ">=3.9"',
          'MarkupSafe = { version = "3.0.2", optional = true }\n"zope.interface" = "7.0"',
          'local-app = "1.0+cpu"\n"With.Extra" = "2.0"',
          `epoch = { version = "1!2.0", markers = "sys_platform == 'linux'" }`,
          '[tool.poetry.extras]\nsafe = ["MarkupSafe"]',
          '[tool.poetry.dev-dependencies]\nBuilds = "1.0"',
          `[[tool.poetry.source]]\nname = "machine"\nurl = "${index.replace(/\/$/, '')}"`,
        ].join('\n'),
      }),
      commands: [['poetry', 'lock', '--no-interaction', '--quiet']],
      environment: (folder) => ({
        POETRY_CACHE_DIR: join(folder, 'cache'),
        POETRY_KEYRING_ENABLED: 'false',
        POETRY_VIRTUALENVS_CREATE: 'false',
      }),
    },
    ...[[], ['--strategy', 'static_urls']].map((more): LockRecipe => ({
      tool: 'pdm',
      title: ['pdm lock', ...more].join(' '),
      file: 'pdm.lock',
      inputs: () => ({
        'pyproject.toml': [
          project,
          '[tool.pdm.dev-dependencies]\ndev = ["zope.interface"]',
          `[[tool.pdm.source]]\nname = "pypi"\nurl = "${index}"`,
          `[[tool.pdm.source]]\nname = "second"\nurl = "${second}"\nverify_ssl = false`,
        ].join('\n'),
      }),
      commands: [['pdm', 'lock', '--quiet', ...more]],
      environment: (folder, python) => ({
        PDM_CACHE_DIR: join(folder, 'cache'),
        PDM_CHECK_UPDATE: '0',
        PDM_IGNORE_SAVED_PYTHON: '1',
        PDM_PYTHON: python,
        PDM_USE_VENV: '0',
      }),
    })),
    ...['Pipfile.lock', 'pylock.toml'].map((file): LockRecipe => ({
      tool: 'pipenv',
      title: `pipenv lock, ${file}`,
      file,
      inputs: () => ({
        Pipfile: [
          `[[source]]\nname = "machine"\nurl = "${index}"\nverify_ssl = false\n[packages]`,
          'MarkupSafe = "==3.0.2"\n"zope.interface" = "==7.0"\nlocal-app = "==1.0+cpu"',
          `epoch = { version = "==1!2.0", sys_platform = "== 'linux'" }\n"With.Extra" = "==2.0"`,
          '[dev-packages]\nBuilds = "*"',
          ...(file === 'pylock.toml' ? ['[pipenv]\nuse_pylock = true'] : []),
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
    })),
    {
      tool: 'pip',
      title: 'pip lock',
      file: 'pylock.toml',
      inputs: requirementsIn,
      commands: [
        ['python', '-m', 'pip', 'lock', '--quiet', '-r', 'r.in', '--output', 'pylock.toml'],
      ],
      environment: () => pip,
    },
    {
      tool: 'pip-tools',
      title: 'pip-compile --generate-hashes',
      file: 'requirements.txt',
      inputs: requirementsIn,
      commands: [
        [
          'pip-compile',
          '--quiet',
          '--generate-hashes',
          '--output-file',
          'requirements.txt',
          'r.in',
        ],
      ],
      environment: (folder) => ({ ...pip, PIP_TOOLS_CACHE_DIR: join(folder, 'cache') }),
    },
  ]
}

/** Tools that lack the command or the format. */
export const without: readonly (readonly [tool: RegExp, title: RegExp])[] = [
  [/^uv 0\.4/, /pylock/],
  [/^pdm 2\.4/, /./], // pdm.lock 4.2, which is refused: its hashes are not where new pdm looks.
  [/^pipenv 20(?:20|22)/, /pylock/],
  [/^pip (?:20|23|24)/, /./],
]
