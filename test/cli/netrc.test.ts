/** Passwords in `.netrc`: they reach the hosts they are for, and nobody else sees them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { entryFor, parseNetrc, readNetrc } from '../../src/cli/netrc.js'
import { run } from '../../src/cli/run.js'
import { startLoopback, type Loopback } from '../support/loopback.js'
import { openDesk, type Desk } from './desk.js'

describe('a .netrc', () => {
  test('has machines and a default, on as many lines as one likes', () => {
    const text = `# comment
machine a.test login alice password s3cret
Machine B.TEST
  login bob account x
  password "with \\"quotes\\", \\\\ and spaces"
macdef init
machine in.a.macro login no

default login anonymous password guest
`
    expect(parseNetrc(text)).toEqual([
      { machine: 'a.test', login: 'alice', password: 's3cret' },
      { machine: 'b.test', login: 'bob', password: 'with "quotes", \\ and spaces' },
      { machine: undefined, login: 'anonymous', password: 'guest' },
    ])
  })

  test.each([
    ['machine a login b\npassword s3cret stray', 2],
    ['login s3cret', 1],
    ['machine a\nlogin', 2],
    ['machine a\n\npassword "s3cret', 3],
  ])('that cannot be understood is refused with its line, and no word of it', (text, line) => {
    const parse = (): unknown => parseNetrc(text)
    expect(parse).toThrow(`line ${line}: `)
    expect(parse).not.toThrow(/s3cret|stray/)
  })

  test('gives the first entry of a host, by its name alone', () => {
    const entries = parseNetrc('machine a.test login 1 machine a.test login 2 default login 3')
    expect(entryFor(entries, 'A.test', true)?.login).toBe('1')
    expect(entryFor(entries, 'b.a.test', true)?.login).toBe('3')
    expect(entryFor(entries, 'b.a.test', false)).toBeUndefined()
  })
})

describe('the file', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk()
  })
  afterEach(() => desk.clear())

  test('is the one that NETRC names, or that of the home folder, or none', async () => {
    await mkdir(join(desk.folder, 'home'))
    await writeFile(join(desk.folder, 'home', '.netrc'), 'machine home login x')
    await writeFile(join(desk.folder, 'named'), 'machine named login x')
    const machines = async (environment: Record<string, string>): Promise<unknown[]> =>
      (await readNetrc(desk.io(), environment, 'linux')).map(({ machine }) => machine)
    const home = join(desk.folder, 'home')
    expect(await machines({ HOME: home })).toEqual(['home'])
    expect(await machines({ HOME: home, NETRC: 'named' })).toEqual(['named'])
    expect(await machines({ HOME: desk.folder })).toEqual([])
    expect(await machines({ HOME: home, NETRC: 'missing' })).toEqual([])
    expect(await machines({ HOME: home, NETRC: '/dev/null' })).toEqual([])
  })

  test('that is a folder is refused, and named', async () => {
    await expect(readNetrc(desk.io(), { NETRC: '.' })).rejects.toThrow(desk.folder)
  })
})

describe('a command', () => {
  const { NETRC: before } = process.env
  const basic = `Basic ${Buffer.from('alice:hunter2').toString('base64')}`
  let desk: Desk
  let repository: Loopback
  let other: Loopback

  beforeEach(async () => {
    desk = await openDesk()
    other = await startLoopback((_, response) => response.writeHead(404).end())
    repository = await startLoopback((request, response) => {
      const known = request.headers.authorization !== undefined
      const location = `${other.url.replace('127.0.0.1', 'localhost')}${request.url ?? ''}`
      response.writeHead(known ? 302 : 401, { location }).end()
    })
  })

  afterEach(async () => {
    if (before === undefined) delete process.env['NETRC']
    else process.env['NETRC'] = before
    await repository.close()
    await other.close()
    await desk.clear()
  })

  async function refresh(netrc: string, ...args: string[]): Promise<string> {
    const file = join(desk.folder, 'netrc')
    await writeFile(file, netrc)
    process.env['NETRC'] = file
    const { fetcher: _, ...io } = desk.io()
    let said = ''
    const write = (text: string): void => {
      said += text
    }
    const outputs = { stdout: { ...io.stdout, write }, stderr: { ...io.stderr, write } }
    await run(['refresh', '--verbose', '--retries', '0', ...args], { ...io, ...outputs })
    return said
  }

  const sent = (loopback: Loopback): unknown[] =>
    loopback.requests.map(({ headers }) => headers.authorization)
  const given = (): string[] => ['--metadata-url', repository.url, '--root', 'root.json']

  test('sends the password of the host, not along with a redirect, and shows it nowhere', async () => {
    const netrc =
      'machine 127.0.0.1 login alice password hunter2\nmachine localhost login eve password x'
    const said = await refresh(netrc, ...given())
    expect(sent(repository)).toContain(basic)
    expect(sent(other)).toEqual([undefined])
    expect(said).not.toContain('hunter2')
    expect(said).not.toContain(basic.slice('Basic '.length))
  })

  test('sends the default to the host that the command line names', async () => {
    await refresh('default login alice password hunter2', ...given())
    expect(sent(repository)).toContain(basic)
  })

  test('sends nothing over http to a host that only a found tuffet.json names', async () => {
    const settings = { metadataUrl: repository.url, root: 'root.json', store: 'store' }
    await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(settings))
    const netrc = 'machine 127.0.0.1 login alice password hunter2\ndefault login bob password x'
    const said = await refresh(netrc)
    expect(sent(repository)).toEqual([undefined])
    expect(said).toContain('repository wants credentials: give them by --header')
    await refresh(netrc, '--config', 'tuffet.json')
    expect(sent(repository)).toContain(basic)
  })

  test('sends a header of the command line in its place', async () => {
    const netrc = 'machine 127.0.0.1 login alice password hunter2'
    await refresh(netrc, ...given(), '--header', 'authorization: Bearer sesame')
    expect(new Set(sent(repository))).toEqual(new Set(['Bearer sesame']))
  })

  test('makes no request when the file cannot be understood, and names it', async () => {
    const said = await refresh('machine a pass hunter2', ...given())
    expect(said).toContain(`${join(desk.folder, 'netrc')}: line 1: `)
    expect(said).not.toContain('hunter2')
    expect(repository.requests).toEqual([])
  })
})
