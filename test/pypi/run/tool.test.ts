import { describe, expect, test } from '@jest/globals'
import { readCommand } from '../../../src/pypi/run/tool.js'

describe('a command', () => {
  test.each([
    ['pip install a', 'pip', 'install', ['a']],
    ['pip3 install a', 'pip', 'install', ['a']],
    ['pip3.12 download a', 'pip', 'download', ['a']],
    ['/usr/bin/pip wheel a', 'pip', 'wheel', ['a']],
    ['C:\\venv\\Scripts\\pip.exe lock a', 'pip', 'lock', ['a']],
    ['pip -q --timeout 5 install a', 'pip', 'install', ['a']],
    ['python -m pip install a', 'pip', 'install', ['a']],
    ['python3.11 -I -m pip install a', 'pip', 'install', ['a']],
    ['python3 -Im pip install a', 'pip', 'install', ['a']],
    ['python3 -mpip install a', 'pip', 'install', ['a']],
    ['python3 -W ignore -X utf8 -m pip install a', 'pip', 'install', ['a']],
    ['py -3.11 -m pip install a', 'pip', 'install', ['a']],
    ['uv pip install a', 'uv', 'install', ['a']],
    ['uv --no-config pip sync r.txt', 'uv', 'sync', ['r.txt']],
    ['uv pip compile r.in', 'uv', 'compile', ['r.in']],
    ['python -m uv pip install a', 'uv', 'install', ['a']],
  ])('%s', (command, tool, subcommand, words) => {
    expect(readCommand(command.split(' '))).toMatchObject({
      tool,
      subcommand,
      arguments: { words },
    })
  })

  test.each([
    'poetry install',
    'sh -c pip',
    'env pip install a',
    'python setup.py install',
    'python -c import pip',
    'python -m venv x',
    'python -m',
    'python pip install a',
    'pip',
    'pip config set global.index-url U',
    'pip search a',
    'uv sync',
    'uv add a',
    'uv run pip install a',
    'uv tool install a',
    'uv pip uninstall a',
    'pipx install a',
  ])('%s is not supported', (command) => {
    expect(readCommand(command.split(' '))).toBeUndefined()
  })
})
