import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

test('the chain is a tree down to the file', async () => {
  const { status, stdout } = await desk.run(['explain', 'pkgs/a.whl'])
  expect(status).toBe(0)
  const titles = stdout.split('\n').filter((line) => /^ *(└─ )?[\w/.]+( \d+,|:) /.test(line))
  expect(titles).toEqual([
    'root 1, expires in 365 days (2027-01-01T00:00:00Z)',
    '└─ timestamp 1, expires in 24 hours (2026-01-02T00:00:00Z)',
    '   └─ snapshot 1, expires in 7 days (2026-01-08T00:00:00Z)',
    '      └─ targets 1, expires in 365 days (2027-01-01T00:00:00Z)',
    '         └─ pkgs 1, expires in 365 days (2027-01-01T00:00:00Z)',
    '            └─ pkgs/a.whl: 5 bytes',
  ])
  expect(stdout).toContain('│  signed by 3 of 3 keys, 2 needed\n│  ✓ ')
})

test('a target that no role lists is explained too, and refused', async () => {
  const { status, stdout, stderr } = await desk.run(['explain', 'pkgs/b.whl'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/└─ pkgs\/b\.whl: not listed\n +asked: targets, pkgs\n$/)
  expect(stderr).toMatch(/\[ERR_TUF_TARGET_NOT_FOUND\]\n$/)
  expect(await desk.json('explain', 'pkgs/b.whl')).toMatchObject({
    ok: false,
    error: { code: 'ERR_TUF_TARGET_NOT_FOUND' },
    searched: ['targets', 'pkgs'],
  })
})

test('a program gets every key, and times as text', async () => {
  const { signers } = { signers: desk.repository.signers('pkgs') }
  expect(await desk.json('explain', 'pkgs/a.whl')).toMatchObject({
    ok: true,
    path: 'pkgs/a.whl',
    now: '2026-01-01T00:00:00Z',
    target: { length: 5 },
    chain: [
      { role: 'root' },
      { role: 'timestamp' },
      { role: 'snapshot' },
      { role: 'targets', delegator: 'root' },
      {
        role: 'pkgs',
        delegator: 'targets',
        version: 1,
        expires: '2027-01-01T00:00:00Z',
        threshold: 1,
        signed: 1,
        keys: [{ keyid: signers[0]?.keyid, verdict: 'signed' }],
      },
    ],
  })
})

test('when a role is refused, the roles trusted before it are shown, and each key', async () => {
  desk.repository.attack.forged('pkgs')
  const { status, stdout, stderr } = await desk.run(['explain', 'pkgs/a.whl'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/^root 1, /)
  expect(stdout).toMatch(
    /\n {9}└─ ✗ pkgs: refused\n {15}signed by 0 of 1 key, 1 needed\n {15}✗ .* has an invalid signature\n$/,
  )
  expect(stderr).toMatch(
    /^tuffet: pkgs: signed by 0 of the 1 keys .*\[ERR_TUF_THRESHOLD_NOT_MET\]\n$/,
  )
})

test('a top-level role that is refused hangs in its place, with the reason', async () => {
  desk.repository.expire('snapshot')
  const { stdout } = await desk.run(['explain', 'pkgs/a.whl'])
  expect(stdout).toMatch(/\n {3}└─ ✗ snapshot: refused\n {9}snapshot: expired 2025-12-31.*\n$/)
  expect(await desk.json('explain', 'pkgs/a.whl')).toMatchObject({
    ok: false,
    error: { role: 'snapshot' },
    trusted: [{ role: 'root' }, { role: 'timestamp' }],
  })
})

test('a stored state is explained as of the requested time', async () => {
  await desk.run(['find', 'pkgs/a.whl'])
  const { status, stdout } = await desk.run([
    ...['explain', 'pkgs/a.whl', '--offline', '--now', '2026-06-01T00:00:00Z'],
  ])
  expect(status).toBe(1)
  expect(stdout).toMatch(/^root 1, expires in 214 days/)
  expect(stdout).toMatch(/✗ timestamp: refused/)
})

test('an unreachable repository gives no verdict about a role', async () => {
  const fetcher = { fetch: () => Promise.reject(new Error('out of order')) }
  const { status, stdout, stderr } = await desk.run(['explain', 'pkgs/a.whl'], { fetcher })
  expect(status).toBe(1)
  expect(stdout).toMatch(/^root 1, /)
  expect(stdout).not.toContain('refused')
  expect(stderr).toMatch(/the request failed: out of order\. .* \[ERR_TUF_FETCH_FAILED\]\n$/)
})
