/** `tuffet pypi verify --asc` with the machine's own programs, and with some that misbehave. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Desk, Outcome } from '../desk.js'
import { contents, fillFolder, openPypiDesk, sdist, uncovered, wheel } from '../pypi-desk.js'
import { isInstalled, KeyMaker, pathWith, pathWithFake } from './open-pgp.js'

/** Without gpg and gpgv, each of these is reported as skipped. */
const withPrograms = isInstalled ? describe : describe.skip
const content = contents[wheel]!
/** No page states the length and the hash of another content. */
const filesAlone = ['--layout', 'rstuf', '--file', 'files/{filename}', '--hash-prefix']

let keys: KeyMaker
const address = { demo: '', other: '', old: '', revoked: '' }
let desk: Desk
const path = process.env['PATH']

beforeAll(() => {
  if (!isInstalled) return
  keys = new KeyMaker()
  address.demo = keys.make('demo', { time: '20200101T000000' })
  address.other = keys.make('other')
  address.old = keys.make('old', { time: '20200101T000000', lasts: '1y' })
  address.revoked = keys.make('revoked')
})

beforeEach(async () => {
  desk = await openPypiDesk()
  await fillFolder(desk, { [wheel]: content })
})

afterEach(async () => {
  process.env['PATH'] = path
  await desk.clear()
})

function publish(keyring: Uint8Array, target = 'keyrings/demo-pkg.gpg'): void {
  desk.repository.addTarget(target, keyring)
  desk.repository.publish()
}

function put(signature: Uint8Array | string, name = `${wheel}.asc`): Promise<void> {
  return writeFile(join(desk.folder, 'wheels', name), signature)
}

function verify(...options: readonly string[]): Promise<Outcome> {
  return desk.run(['pypi', 'verify', '--asc', ...options, `wheels/${wheel}`])
}

/** The answer, and the reason why the signature does not count. */
async function refusal(): Promise<string> {
  const { status, stdout, stderr } = await verify()
  expect([status, stderr]).toEqual([
    1,
    'tuffet: the repository vouches for 1 file, and 1 of them has no good signature\n',
  ])
  const [repository = '', signature = ''] = stdout
    .split('\n')
    .filter((line) => line.includes(wheel))
  expect(repository).toMatch(/^match /)
  expect(signature).toMatch(/^(refused|missing) /)
  return signature.slice(signature.indexOf(wheel) + wheel.length).trim()
}

withPrograms.each(['gpgv', 'gpg'])('with %s', (program) => {
  beforeEach(() => {
    process.env['PATH'] = pathWith(program)
    publish(keys.keyring(address.demo, address.old, address.revoked))
  })

  test('a good signature beside a match ends with 0', async () => {
    await put(keys.sign(address.demo, content))
    const { status, stdout, stderr } = await verify()
    expect([status, stderr]).toEqual([0, ''])
    const print = keys.fingerprint(address.demo)
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      `match  wheels/${wheel}  its page and its target vouch for it`,
      '1 file: 1 match',
      expect.stringMatching(
        new RegExp(`^good  wheels/${wheel}  ${print} demo <demo@example\\.com>, 20\\d\\d-.*Z$`),
      ),
      '1 signature: 1 good',
    ])
  })

  test('a binary signature is found as .sig', async () => {
    await put(keys.sign(address.demo, content, ['--no-armor']), `${wheel}.sig`)
    expect((await verify()).status).toBe(0)
  })

  test('a file without a signature is refused', async () => {
    expect(await refusal()).toBe(`no signature: ${wheel}.asc or .sig beside it does not exist`)
  })

  test('a signature by a key outside the keyring is refused', async () => {
    await put(keys.sign(address.other, content))
    expect(await refusal()).toBe('its key is not in the keyring')
  })

  test('a signature of other bytes is refused', async () => {
    await put(keys.sign(address.demo, 'other bytes'))
    expect(await refusal()).toBe('it is a signature of other bytes')
  })

  test('a signature that was cut is refused', async () => {
    const armored = keys.sign(address.demo, content)
    await put(armored.subarray(0, armored.length / 2))
    expect(await refusal()).toMatch(/no detached signature/)
    await put(keys.sign(address.demo, content, ['--no-armor']).subarray(0, 60))
    expect(await refusal()).toMatch(/no detached signature/)
    await put('')
    expect(await refusal()).toMatch(/no detached signature/)
  })

  test('a signature by an expired key is refused', async () => {
    await put(keys.sign(address.old, content, [], '20200201T000000'))
    expect(await refusal()).toBe('the key has expired')
  })

  test('a signature that has expired is refused', async () => {
    const options = ['--armor', '--default-sig-expire', '1d']
    await put(keys.sign(address.demo, content, options, '20200201T000000'))
    expect(await refusal()).toBe('the signature has expired')
  })

  test('a signature by a revoked key is refused', async () => {
    const signature = keys.sign(address.revoked, content)
    await put(signature)
    expect((await verify()).status).toBe(0)
    keys.revoke(address.revoked)
    publish(keys.keyring(address.revoked))
    expect(await refusal()).toBe('the key was revoked')
    address.revoked = keys.make(`revoked-${program}-next`)
  })

  test('two signatures in one file are refused', async () => {
    for (const options of [['--armor'], ['--no-armor']]) {
      const one = keys.sign(address.demo, content, options)
      await put(Buffer.concat([one, one]))
      expect(await refusal()).toBe('it contains 2 signatures, and one is expected')
    }
  })

  test('a signed message in place of the signature is refused, whatever it signs', async () => {
    for (const how of [
      ['--clear-sign'],
      ['--armor', '--sign'],
      ['--sign'],
      ['--armor', '--store'],
    ]) {
      await put(keys.gpg(['--local-user', address.demo, ...how], content))
      expect(await refusal()).toMatch(/found no detached signature|said|no detached/)
    }
  })

  test('the signature of a signed text is refused, also when it is cut out', async () => {
    await put(keys.sign(address.demo, content, ['--armor', '--textmode']))
    expect(await refusal()).toBe('it is a signature of a text, not of these bytes')
  })

  test('a signature by SHA-1 is refused', async () => {
    await put(keys.sign(address.demo, content, ['--armor', '--digest-algo', 'SHA1']))
    expect(await refusal()).toMatch(/^its hash is MD5, SHA-1, .* no longer counts$/)
  })

  test('an armored keyring is refused, with the way to publish it', async () => {
    publish(keys.gpg(['--armor', '--export', address.demo]))
    await put(keys.sign(address.demo, content))
    expect(await refusal()).toMatch(/^the keyring .* is armored text: publish what gpg --dearmor/)
  })

  test('a keyring that is not one is refused', async () => {
    publish(Buffer.from('not a keyring'))
    await put(keys.sign(address.demo, content))
    expect(await refusal()).toBe('its key is not in the keyring')
  })
})

withPrograms('tuffet pypi verify --asc', () => {
  beforeEach(async () => {
    publish(keys.keyring(address.demo))
    await put(keys.sign(address.demo, content))
  })

  test('a file that is not the repository’s is refused, however well it is signed', async () => {
    await fillFolder(desk, { [wheel]: 'harm', [uncovered]: contents[uncovered]! })
    await put(keys.sign(address.demo, 'harm'))
    await put(keys.sign(address.demo, contents[uncovered]!), `${uncovered}.asc`)
    const { status, stdout, stderr } = await desk.run(['pypi', 'verify', '--asc', 'wheels'])
    expect([status, stderr]).toEqual([
      1,
      'tuffet: the repository does not vouch for 2 of 2 files\n',
    ])
    expect(stdout.match(/^\S+/gm)).toEqual([
      ...['mismatch', 'not-covered', '2', 'not-asked', 'not-asked', '2'],
    ])
  })

  test('in a folder each file needs its own signature', async () => {
    await fillFolder(desk, { [sdist]: contents[sdist]! })
    const first = await desk.run(['pypi', 'verify', '--asc', 'wheels'])
    expect([first.status, first.stderr]).toEqual([
      1,
      'tuffet: the repository vouches for 2 files, and 1 of them has no good signature\n',
    ])
    await put(keys.sign(address.demo, contents[sdist]!), `${sdist}.asc`)
    const second = await desk.run(['pypi', 'verify', '--asc', 'wheels'])
    expect([second.status, second.stdout]).toEqual([
      0,
      expect.stringContaining('2 signatures: 2 good'),
    ])
  })

  test('--json names the signer beside the verdict', async () => {
    const fingerprint = keys.fingerprint(address.demo)
    expect(await desk.json('pypi', 'verify', '--asc', `wheels/${wheel}`)).toMatchObject({
      ok: true,
      counts: { match: 1 },
      files: [
        {
          verdict: 'match',
          signature: {
            verdict: 'good',
            keyring: 'keyrings/demo-pkg.gpg',
            signer: {
              fingerprint,
              primary: fingerprint,
              userId: 'demo <demo@example.com>',
              time: expect.stringMatching(/^20\d\d-\d\d-\d\dT/),
              hash: expect.stringMatching(/^SHA/),
            },
          },
        },
      ],
    })
  })

  test('--signature and --keyring name other files', async () => {
    publish(keys.keyring(address.other), 'keys/demo-pkg')
    await writeFile(join(desk.folder, 'a.sig'), keys.sign(address.other, content))
    const named = ['--signature', 'a.sig', '--keyring', 'keys/{project}']
    expect((await verify(...named)).status).toBe(0)
    expect((await verify('--signature', 'a.sig')).stdout).toContain('not in the keyring')
    expect((await verify('--signature', 'b.sig')).stdout).toMatch(/b\.sig does not exist/)
  })

  test('a project without a keyring in the repository is refused', async () => {
    const { status, stdout } = await verify('--keyring', 'keys/{project}')
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining('the repository has no keyring: keys/demo-pkg is not a target'),
    ])
  })

  test('a keyring that was altered on its way is refused by the repository’s metadata', async () => {
    const altered = keys.keyring(address.demo)
    altered[100]! ^= 1
    const stop = desk.repository.intercept((kind, name) =>
      kind === 'target' && name.endsWith('demo-pkg.gpg') ? altered : undefined,
    )
    const { status, stderr } = await verify()
    stop()
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/keyrings\/demo-pkg\.gpg.*\[ERR_TUF_HASH_MISMATCH\]/),
    ])
  })

  test('a keyring that was verified once serves offline', async () => {
    expect((await verify()).status).toBe(0)
    expect((await verify('--offline')).status).toBe(0)
  })

  test('files that are too long are refused', async () => {
    await put(Buffer.alloc(65_537))
    expect(await refusal()).toMatch(/\.asc is longer than 65536 bytes/)
    publish(Buffer.alloc(8_000_001))
    expect(await refusal()).toMatch(/^the keyring .* is longer than 8000000 bytes/)
  })

  test('a file of many megabytes is read in pieces', async () => {
    const long = 'x'.repeat(5_000_000)
    desk.repository.addTarget(`files/${wheel}`, long)
    desk.repository.publish()
    await fillFolder(desk, { [wheel]: long })
    await put(keys.sign(address.demo, long))
    const { status, stdout } = await verify(...filesAlone)
    expect([status, stdout]).toEqual([0, expect.stringContaining('1 signature: 1 good')])
  })

  test('the file that gpg read is the one that the repository vouched for', async () => {
    // The program swaps the file while it is asked, and finds the signature good all the same.
    const swapped = join(desk.folder, 'wheels', wheel)
    const script = `
      const { truncateSync } = require('node:fs')
      truncateSync(${JSON.stringify(swapped)}, 5000000)
      process.stdin.resume().on('end', () => console.log('[GNUPG:] GOODSIG'))`
    const long = 'y'.repeat(6_000_000)
    desk.repository.addTarget(`files/${wheel}`, long)
    await fillFolder(desk, { [wheel]: long })
    desk.repository.publish()
    process.env['PATH'] = pathWithFake(script)
    const { stdout } = await verify(...filesAlone)
    expect(stdout).toMatch(/refused .* the file changed after the repository vouched for it/)
  })
})

describe('tuffet pypi verify --asc, and the program', () => {
  test('without gpgv and gpg it says which package to install, before any request', async () => {
    process.env['PATH'] = pathWith()
    await rm(join(desk.folder, 'root.json'))
    const { status, stderr } = await verify()
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^tuffet: --asc needs gpgv or gpg, .*install GnuPG \(Debian: gpgv/),
    ])
  })

  test('a program that floods is ended, and counts as no signature', async () => {
    const script = `
      const { writeSync } = require('node:fs')
      for (;;) writeSync(1, '[GNUPG:] SIG_ID x\\n'.repeat(1000))`
    process.env['PATH'] = pathWithFake(script)
    publish(Buffer.from('keys'))
    await put('signature')
    expect(await refusal()).toBe('gpgv wrote more than 65536 bytes, and was ended')
  })

  test('options that do not fit are wrong usage', async () => {
    process.env['PATH'] = pathWithFake('')
    const lines = [
      ['pypi', 'verify', '--keyring', 'x', `wheels/${wheel}`],
      ['pypi', 'verify', '--signature', 'x', `wheels/${wheel}`],
      ['pypi', 'verify', '--asc', '--signature', 'x', 'wheels'],
      ['pypi', 'verify', '--asc', '--signature', 'x', `wheels/${wheel}`, `wheels/${sdist}`],
    ]
    for (const line of lines) expect((await desk.run(line)).status).toBe(2)
  })
})
