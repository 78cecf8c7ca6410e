/** Credentials of a private repository: only their origin sees them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { run } from '../../src/cli/run.js'
import { startLoopback, type Loopback } from '../support/loopback.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk
let open: Loopback
let other: Loopback

beforeEach(async () => {
  desk = await openDesk()
  other = await startLoopback((_, response) => response.writeHead(404).end())
  open = await startLoopback((request, response) => {
    const known = request.headers.authorization === 'Bearer sesame'
    response.writeHead(known ? 302 : 401, { location: `${other.url}${request.url}` }).end()
  })
})

afterEach(async () => {
  await open.close()
  await other.close()
  await desk.clear()
})

/** Over the network: without the fetcher of the desk. */
async function refresh(...args: string[]): Promise<string> {
  const { fetcher, ...io } = desk.io()
  expect(fetcher).toBeDefined()
  let said = ''
  const write = (text: string): void => {
    said += text
  }
  const [stdout, stderr] = [io.stdout, io.stderr].map((output) => ({ ...output, write }))
  if (!stdout || !stderr) throw new Error('two outputs')
  const url = ['--metadata-url', open.url, '--root', 'root.json', '--retries', '0']
  await run(['refresh', '--verbose', ...url, ...args], { ...io, stdout, stderr })
  return said
}

const sent = (loopback: Loopback): unknown[] =>
  loopback.requests.map(({ headers }) => headers.authorization)

test('--header is sent to the origin of the metadata URL, and not after a redirect', async () => {
  const said = await refresh('--header', 'Authorization: Bearer sesame')
  expect(sent(open)).toContain('Bearer sesame')
  expect(other.requests.length).toBeGreaterThan(0)
  expect(sent(other).filter((value) => value !== undefined)).toEqual([])
  expect(said).not.toContain('sesame')
})

test('the headers of a settings file go to the origins that it names', async () => {
  const headers = { [open.url]: { Authorization: 'Bearer sesame' } }
  await writeFile(join(desk.folder, 'own.json'), JSON.stringify({ store: 's', headers }))
  const said = await refresh('--config', 'own.json')
  expect(sent(open)).toContain('Bearer sesame')
  expect(said).not.toContain('sesame')
})

test.each(['sesame', ': sesame', 'A b: sesame', 'A: ses\name', 'A:'])(
  'an invalid header is refused, and its value is not shown: %j',
  async (header) => {
    const { status, stderr } = await desk.run(['refresh', '--header', header])
    expect(status).toBe(2)
    expect(stderr).not.toContain('sesame')
  },
)

test('an origin with a path is refused', async () => {
  const headers = { 'https://a.test/path': { Authorization: 'sesame' } }
  await writeFile(join(desk.folder, 'own.json'), JSON.stringify({ headers }))
  const { status, stderr } = await desk.run(['refresh', '--config', 'own.json'])
  expect(status).toBe(2)
  expect(stderr).toContain('is not an origin')
  expect(stderr).not.toContain('sesame')
})
