import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { commands } from '../../src/cli/commands.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

describe('usage', () => {
  test.each([
    [['frob'], 'tuffet: no command "frob"; tuffet help lists them\n'],
    [['fnd'], 'tuffet: no command "fnd"; did you mean find?\n'],
    [['Donwload', 'a'], 'tuffet: no command "Donwload"; did you mean download?\n'],
    [['pipy', 'check'], 'tuffet: no command "pipy"; did you mean pypi?\n'],
    [['pypi', 'chek'], 'tuffet: no command "chek"; did you mean pypi check?\n'],
    [['pypi'], /^tuffet: "pypi" alone is not a command; tuffet pypi has verify, check, pin, .*run/],
    [['pypi', 'frob'], /^tuffet: no command "frob"; tuffet pypi has verify, check, pin, .*run/],
    [['find'], 'tuffet: PATH is missing; usage: tuffet find [options] PATH\n'],
    [['verify', 'a'], 'tuffet: FILE is missing; usage: tuffet verify [options] PATH FILE\n'],
    [
      ['pypi', 'run'],
      'tuffet: COMMAND... is missing; usage: tuffet pypi run [options] -- COMMAND...\n',
    ],
    [['find', 'a', 'b'], 'tuffet: "b" is one word too many; usage: tuffet find [options] PATH\n'],
    [['init', 'a', '--root', 'b'], 'tuffet: give ROOT or --root, not both\n'],
    [['reset', 'now'], 'tuffet: PROJECT is for --publishers\n'],
    [['refresh', 'now'], 'tuffet: "now" is one word too many; usage: tuffet refresh [options]\n'],
    [['find', 'a', '--output', 'b'], 'tuffet: tuffet find has no option --output\n'],
    [['find', 'a', '--bogus'], 'tuffet: unknown option --bogus\n'],
    [['find', 'a', '-x'], 'tuffet: unknown option -x\n'],
    [['find', 'a', '--stroe', 'b'], 'tuffet: unknown option --stroe; did you mean --store?\n'],
    [['find', 'a', '--metadataUrl=b'], /^tuffet: unknown option .*; did you mean --metadata-url\?/],
    [['find', 'a', '--store'], 'tuffet: --store needs DIR\n'],
    [['download', 'a', '-o'], 'tuffet: -o needs FILE\n'],
    [['find', 'a', '--store', '--cached'], /^tuffet: --store needs DIR; one that begins with - is/],
    [['find', 'a', '--cached=yes'], /--cached/],
    [['find', 'a', '--offline', '--cached'], /two different things/],
    [['refresh', '--offline', '--now', 'today'], /--now must be a date/],
    [['download', 'a', '--offline'], 'tuffet: tuffet download has no option --offline\n'],
    [['download', 'a', 'b', '--output', 'c'], 'tuffet: --output takes one PATH\n'],
    [['download', 'a', '-o', 'c', '--folder', 'd'], /not both/],
    [['download', 'x/a', 'y/a'], 'tuffet: two of the files would be called a\n'],
    [['refresh', '--metadata-url', 'example.com'], /^tuffet: --metadata-url must be a base URL: /],
    [['refresh', '--store', ''], 'tuffet: --store must be text\n'],
    [
      ['refresh', '--metadata-url', 'file:///srv/tuf'],
      'tuffet: --metadata-url must be a URL of https or http, not file:\n',
    ],
  ])('%j is wrong usage', async (args, line) => {
    const { status, stdout, stderr } = await desk.run(args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(line)
    expect(stderr.split('\n')).toHaveLength(2)
    expect(desk.fetcher.requested).toEqual([])
  })

  test('wrong usage is JSON too, with --json', async () => {
    const { status, stdout, stderr } = await desk.run(['--json', '--bogus'])
    expect(status).toBe(2)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: { code: 'USAGE', message: 'unknown option --bogus' },
    })
  })

  test('after -- everything is a name', async () => {
    const { status, stdout, stderr } = await desk.run(['find', '--', '--json'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('there is no target "--json"')
  })
})

describe('help', () => {
  test.each([[], ['help'], ['--help'], ['-h']])('lists every command: %s', async (...args) => {
    const { status, stdout } = await desk.run(args)
    expect(status).toBe(0)
    for (const name of commands.keys()) expect(stdout).toContain(`\n  ${name} `)
    for (const { summary } of commands.values()) expect(stdout).toContain(summary)
  })

  test.each([...commands.keys()])('tuffet %s --help lists its arguments', async (name) => {
    const { status, stdout } = await desk.run([...name.split(' '), '--help'])
    expect(status).toBe(0)
    const command = await commands.get(name)?.load()
    expect(stdout).toContain(`usage: tuffet ${name} [options]`)
    for (const option of command?.options ?? []) expect(stdout).toContain(`--${option}`)
    expect(stdout).toContain('--json')
  })

  test.each(['pypi', 'vectors'])('tuffet %s --help lists its commands', async (group) => {
    const { status, stdout } = await desk.run([group, '--help'])
    expect(status).toBe(0)
    for (const [name, { summary }] of commands) {
      expect(stdout.includes(summary)).toBe(name.startsWith(`${group} `))
    }
  })

  test('explains an option for the command at hand', async () => {
    const folder = async (...words: string[]): Promise<string | undefined> => {
      const { stdout } = await desk.run([...words, '--help'])
      return /--folder DIR +(.+)/.exec(stdout)?.[1]
    }
    expect(await folder('download')).toMatch(/write/)
    expect(await folder('vectors', 'run')).toMatch(/read/)
  })

  test.each(['frobnicate', 'pypi frobnicate'])(
    'on %s, an unknown command, is refused',
    async (words) => {
      const { status, stdout, stderr } = await desk.run([...words.split(' '), '--help'])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toContain('no command "frobnicate"')
    },
  )

  test('help COMMAND is as COMMAND --help', async () => {
    for (const words of [['find'], ['pypi'], ['pypi', 'check']]) {
      expect(await desk.run(['help', ...words])).toEqual(await desk.run([...words, '--help']))
    }
    expect(await desk.run(['help', 'fnd'])).toMatchObject({ status: 2, stdout: '' })
  })

  test.each(['--version', '-V', 'version'])('%s is the version of the package', async (word) => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    expect(await desk.run([word])).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: '',
    })
    expect(await desk.json('--version')).toEqual({ ok: true, version })
  })
})

test('an interrupted command prints nothing, and does not report success', async () => {
  const interruption = new AbortController()
  desk.repository.intercept(() => {
    interruption.abort(new Error('interrupted'))
    return undefined
  })
  const { signal } = interruption
  expect(await desk.run(['refresh'], { signal })).toEqual({ status: 1, stdout: '', stderr: '' })
})
