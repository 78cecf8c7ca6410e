/** The scripts are run by the shells themselves, where they are installed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { commands } from '../../src/cli/commands.js'
import { declarations } from '../../src/cli/options.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0
}

const ifInstalled = (shell: string): typeof test.skip => (isInstalled(shell) ? test : test.skip)

/** bash's suggestions for the last word. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout } = await desk.run(['completion', 'bash'])
  const line = words.map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(tuffet ${line}); COMP_CWORD=${words.length}; _tuffet; `
  const script = `${stdout}\n${ask}printf '%s\\n' "\${COMPREPLY[@]}"`
  const out = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
  return out.split('\n').filter((word) => word !== '')
}

describe('in bash', () => {
  const inBash = ifInstalled('bash')

  inBash('commands and groups come first', async () => {
    const first = new Set([...commands.keys()].map((name) => name.split(' ')[0]))
    expect((await offered('')).sort()).toEqual([...first].sort())
    expect(await offered('dow')).toEqual(['download'])
  })

  inBash('then the commands of the group', async () => {
    expect(await offered('pypi', 'ver')).toEqual(['verify'])
  })

  inBash('each command has its own options', async () => {
    expect(await offered('find', 'a', '--of')).toEqual(['--offline'])
    expect(await offered('download', 'a', '--of')).toEqual([])
    expect(await offered('pypi', 'check', '--fe')).toEqual(['--fetch'])
  })

  inBash('a value is left to the shell, and is not taken for a command', async () => {
    expect(await offered('find', '--store', '')).toEqual([])
    expect(await offered('--store', 'pypi', 'find', '--cach')).toEqual(['--cached'])
  })
})

ifInstalled('zsh')('zsh can read its script', async () => {
  const { stdout } = await desk.run(['completion', 'zsh'])
  execFileSync('zsh', ['-f', '-c', `autoload -U compinit && compinit -u -D\n${stdout}`])
})

ifInstalled('fish')('fish can read its script', async () => {
  const { stdout } = await desk.run(['completion', 'fish'])
  execFileSync('fish', ['--no-config', '-c', stdout])
})

test('fish knows every command and option', async () => {
  const { stdout } = await desk.run(['completion', 'fish'])
  for (const name of commands.keys()) expect(stdout).toContain(` -a ${name.split(' ').at(-1)}`)
  for (const name of Object.keys(declarations)) expect(stdout).toContain(` -l ${name}`)
})

test('another shell is wrong usage', async () => {
  expect(await desk.run(['completion', 'tcsh'])).toMatchObject({ status: 2 })
})
