import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { withoutCurrentFolder } from '../../../src/pypi/run/python-module.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('python -m pip', () => {
  test.each([
    ['python -m pip install a', ['python'], ['install', 'a']],
    ['python3 -mpip install a', ['python3'], ['install', 'a']],
    ['/usr/bin/python3.11 -I -m pip install -m', ['/usr/bin/python3.11', '-I'], ['install', '-m']],
    ['python -Im pip install a', ['python', '-I'], ['install', 'a']],
    [
      'python -W ignore -X utf8 -m uv pip sync a',
      ['python', '-W', 'ignore', '-X', 'utf8'],
      ['pip', 'sync', 'a'],
    ],
    ['py -3.11 -m pip wheel a', ['py', '-3.11'], ['wheel', 'a']],
  ])('%s runs it without the current folder', (command, before, after) => {
    const changed = withoutCurrentFolder(command.split(' '))
    const at = before.length
    expect(changed.slice(0, at)).toEqual(before)
    expect(changed.slice(at, at + 2)).toEqual(['-c', expect.stringContaining('run_module')])
    expect(changed.slice(at + 2)).toEqual(after)
  })

  test.each(['pip install a', 'uv pip install -m pip', 'python -m venv x', 'python x.py -m pip'])(
    '%s is as it was',
    (command) => {
      expect(withoutCurrentFolder(command.split(' '))).toEqual(command.split(' '))
    },
  )

  test('finds no module in the folder that it runs in, where Python is at hand', () => {
    const folder = temporaryFolder('module')
    if (spawnSync('python3', ['-c', ''], { stdio: 'ignore' }).status !== 0) return
    mkdirSync(join(folder, 'pip'))
    for (const file of ['pip/__init__.py', 'pip/__main__.py', 'runpy.py', 'tempfile.py']) {
      writeFileSync(join(folder, file), "open('RAN', 'w').close()\n")
    }
    const [program = '', ...args] = withoutCurrentFolder(['python3', '-m', 'pip', '--version'])
    const ran = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
    expect(ran.stdout + ran.stderr).toMatch(/^pip \d|No module named/m)
    expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout).not.toContain('RAN')
    execFileSync('python3', ['-m', 'pip', '--version'], { cwd: folder, stdio: 'ignore' })
    expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout).toContain('RAN')
  })
})
