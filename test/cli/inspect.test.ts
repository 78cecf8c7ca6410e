import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

async function inspect(bytes: Uint8Array | string, ...options: string[]) {
  await writeFile(join(desk.folder, 'file.json'), bytes)
  return desk.run(['inspect', 'file.json', ...options])
}

test('it never says that a file may be believed, and sends no request', async () => {
  const { status, stdout } = await inspect(desk.repository.file('timestamp.json'))
  expect(status).toBe(0)
  expect(stdout).toMatch(/^file\.json: its content, which is not verified\n/)
  expect(stdout).toContain('timestamp 1, specification 1.0.34\nexpires in 24 hours')
  expect(stdout).toContain('snapshot.json: version 1\n')
  expect(desk.fetcher.requested).toEqual([])
  const { stdout: json } = await inspect(desk.repository.file('timestamp.json'), '--json')
  expect(JSON.parse(json)).toMatchObject({ ok: true, trusted: false, type: 'timestamp' })
})

test('the signatures of a root are counted by its own keys', async () => {
  const { stdout } = await inspect(desk.repository.root())
  expect(stdout).toContain('consistent snapshots: yes\n')
  expect(stdout).toContain(' ed25519, ed25519\n')
  expect(stdout).toContain('  role root: 2 of 3 keys\n  role timestamp: 1 of 1 key\n')
  expect(stdout).toContain('by its own table signed by 3 of 3 keys, 2 needed\n  ✓ ')
  const { stdout: json } = await inspect(desk.repository.root(), '--json')
  expect(JSON.parse(json)).toMatchObject({
    consistentSnapshot: true,
    roles: { root: { threshold: 2 } },
    ownSignatures: { signed: 3, threshold: 2 },
  })
})

test('an invalid signature is shown as invalid', async () => {
  const text = new TextDecoder().decode(desk.repository.root())
  const { status, stdout } = await inspect(text.replace('"version":1', '"version":2'))
  expect(status).toBe(0)
  expect(stdout).toContain('signed by 0 of 3 keys, 2 needed\n  ✗ ')
})

test('a snapshot says how many files it lists', async () => {
  const { stdout } = await inspect(desk.repository.file('1.snapshot.json'))
  expect(stdout).toContain('2 files listed\ntargets.json: version 1\n')
})

describe('targets', () => {
  test('delegations are listed with their thresholds', async () => {
    const { stdout } = await inspect(desk.repository.file('1.targets.json'))
    expect(stdout).toContain('0 targets\ndelegates to 1 role; 1 key listed\n')
    expect(stdout).toContain('  role pkgs: 1 of 1 key, 1 pattern\n')
  })

  test('targets are counted, and so are many roles', async () => {
    desk.repository.delegateHashBins('pkgs', { bins: 32 })
    desk.repository.publish()
    const { stdout } = await inspect(desk.repository.file('2.pkgs.json'))
    expect(stdout).toContain('1 target\ndelegates to 32 roles; 1 key listed\n')
    expect(stdout).toContain('  role 00-07: 1 of 1 key, 8 hash prefixes\n')
    expect(stdout).toContain('  and 12 roles more\n')
  })

  test('succinct bins are one delegation', async () => {
    desk.repository.delegateSuccinct('pkgs', { bitLength: 14, namePrefix: 'bin' })
    desk.repository.publish()
    const file = desk.repository.file('2.pkgs.json')
    const { stdout } = await inspect(file)
    expect(stdout).toContain('delegates to 16,384 bins bin-…, 1 of 1 key; 1 key listed\n')
    const { stdout: json } = await inspect(file, '--json')
    expect(JSON.parse(json)).toMatchObject({ delegations: { succinct: { bins: 16384 } } })
  })

  test('a role that ends the search says so, and one without delegations too', async () => {
    desk.repository.delegate('targets', { name: 'last', terminating: true })
    desk.repository.publish()
    const { stdout } = await inspect(desk.repository.file('2.targets.json'))
    expect(stdout).toContain('  role last: 1 of 1 key, 1 pattern, terminating\n')
    const { stdout: leaf } = await inspect(desk.repository.file('1.last.json'))
    expect(leaf).toContain('0 targets\nno delegations\n')
  })
})

test('lengths and hashes that are listed are shown', async () => {
  const { stdout } = await inspect(
    JSON.stringify({
      signatures: [],
      signed: {
        _type: 'timestamp',
        spec_version: '1.0.34',
        version: 3,
        expires: '2025-12-30T00:00:00Z',
        meta: { 'snapshot.json': { version: 7, length: 1234, hashes: { sha256: 'ab' } } },
      },
    }),
  )
  expect(stdout).toContain('expired 2 days ago')
  expect(stdout).toContain('snapshot.json: version 7, 1,234 bytes, sha256 ab\n0 signatures')
})

test('standard input is a file too', async () => {
  const stdin = new TextDecoder().decode(desk.repository.root())
  const { status, stdout } = await desk.run(['inspect', '-'], { stdin })
  expect(status).toBe(0)
  expect(stdout).toContain('root 1, ')
})

test.each([
  ['{', /file\.json: .* \(step 4\.3\)/],
  ['{"signed":{"_type":"mirrors"}}', /signed\._type: must be one of root, timestamp,/],
  ['[]', /signed\._type: must be one of/],
  ['{"signed":{"_type":"root","spec_version":"2.0"}}', /\[ERR_TUF_SPEC_VERSION_UNSUPPORTED\]/],
])('%s is refused', async (text, line) => {
  const { status, stdout, stderr } = await inspect(text)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(line)
})

test('expiry is judged at the time that --now names', async () => {
  const timestamp = desk.repository.file('timestamp.json')
  const { stdout } = await inspect(timestamp, '--now', '2099-01-01T00:00:00Z')
  expect(stdout).toMatch(/^expired [\d,]+ days ago/m)
  const { status, stderr } = await inspect(timestamp, '--now', 'tomorrow')
  expect([status, stderr]).toEqual([2, expect.stringContaining('--now must be a date')])
})
