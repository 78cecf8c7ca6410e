/** The files in docs/deploy: their commands are those of this program, and systemd and compose read them. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { parseCommandLine, refuseOthers } from '../src/cli/command-line.js'
import { findCommand } from '../src/cli/commands.js'
import { temporaryFolder } from './support/temporary-folder.js'

const folder = 'docs/deploy'
const units = readdirSync(folder).filter((name) => /\.(service|timer)$/.test(name))

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly command?: readonly string[]; readonly volumes?: readonly string[] }>
  >
  readonly volumes: Readonly<Record<string, unknown>>
}

function compose(): Compose {
  return parse(readFileSync(join(folder, 'compose.yaml'), 'utf8')) as Compose
}

/** Every command line of tuffet, as the shell or the system would split it. */
function commandLines(): (readonly [file: string, words: string[]])[] {
  const ofUnits = units.flatMap((unit) =>
    [...readFileSync(join(folder, unit), 'utf8').matchAll(/^ExecStart=\S*\/tuffet (.*)$/gm)].map(
      ([, words = '']) => [unit, words.split(' ')] as const,
    ),
  )
  const ofServices = Object.values(compose().services).flatMap(({ command = [] }) => {
    if (command[0] === 'tuffet') return [['compose.yaml', command.slice(1)] as const]
    return [...command.join('\n').matchAll(/^ *tuffet ([^&\n]*)/gm)].map(
      ([, words = '']) => ['compose.yaml', words.trim().split(' ')] as const,
    )
  })
  return [...ofUnits, ...ofServices]
}

describe('docs/deploy', () => {
  test('has commands in two units and two services', () => {
    expect(commandLines().map(([file]) => file)).toEqual([
      ...['tuffet-mirror.service', 'tuffet-serve.service', 'compose.yaml', 'compose.yaml'],
    ])
  })

  test.each(commandLines())('%s: %j is a command line of this program', async (_, args) => {
    const { options, words } = parseCommandLine(args)
    const found = findCommand(words)
    const command = await found?.entry.load()
    expect(command).toBeDefined()
    if (!found || !command) return
    refuseOthers(found.name, options, command.options)
    expect(found.rest.length).toBeGreaterThanOrEqual(command.words.least)
    expect(found.rest.length).toBeLessThanOrEqual(command.words.most)
  })

  test('a volume of the compose file is declared, and only one service writes the mirror', () => {
    const { services, volumes } = compose()
    const used = Object.values(services).flatMap((service) => service.volumes ?? [])
    const named = used.filter((one) => !one.startsWith('.'))
    expect(new Set(named.map((one) => one.split(':')[0]))).toEqual(new Set(Object.keys(volumes)))
    expect(named.filter((one) => /^mirror:.*(?<!:ro)$/.test(one))).toHaveLength(1)
  })

  test('a timer is for a service that is there', () => {
    for (const timer of units.filter((name) => name.endsWith('.timer'))) {
      expect(units).toContain(timer.replace('.timer', '.service'))
    }
  })
})

/** A program that is not on this machine says nothing about the files. */
function testWith(name: string, ...args: string[]): typeof test | typeof test.skip {
  const { status } = spawnSync(name, args, { stdio: 'ignore' })
  if (status === 0) return test
  process.stderr.write(`Skipped: ${[name, ...args].join(' ')} does not run here.\n`)
  return test.skip
}

testWith('systemd-analyze', '--version')('systemd finds nothing to complain of', () => {
  const place = temporaryFolder('units')
  for (const unit of units) {
    const text = readFileSync(join(folder, unit), 'utf8')
    // The command is not installed where tests run.
    writeFileSync(join(place, unit), text.replace('/usr/local/bin/tuffet', process.execPath))
  }
  const { status, stdout, stderr } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', ...units.map((unit) => join(place, unit))],
    { encoding: 'utf8' },
  )
  expect([status, stdout, stderr]).toEqual([0, '', ''])
})

testWith(
  'docker',
  'compose',
  'version',
)('docker compose reads the file', () => {
  const args = ['compose', '--file', join(folder, 'compose.yaml'), 'config', '--quiet']
  const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})
