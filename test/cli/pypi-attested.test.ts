import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { FetchFailedError, FetchNotFoundError } from '../../src/errors.js'
import {
  demoPublisher,
  indexUrl,
  openAttestedDesk,
  otherClaims,
  otherPublisher as other,
  plain,
  sha256,
  wheel,
  type AttestedDesk,
} from './attested-desk.js'
import { gitHubClaims } from '../support/sigstore/instance.js'
import { fakePip, fillFolder } from './pypi-desk.js'

let desk: AttestedDesk
beforeEach(async () => {
  desk = await openAttestedDesk()
})
afterEach(() => desk.clear())

async function lock(...lines: string[]): Promise<string> {
  await writeFile(join(desk.folder, 'requirements.txt'), `${lines.join('\n')}\n`)
  return 'requirements.txt'
}

const demoLine = `demo-pkg==1.0 --hash=sha256:${sha256('a wheel')}`
const plainLine = `plain==2.0 --hash=sha256:${sha256('plain')}`

describe('tuffet pypi check on an index without signatures', () => {
  test('a file that its pinned publisher signed is a match', async () => {
    desk.publish(wheel, 'a wheel', {})
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(demoLine))
    expect(stdout).toMatch(/^match +demo-pkg 1\.0 .*signed by its pinned publisher, GitHub demo/m)
    expect(status).toBe(0)
  })

  test('a file without an attestation of a project that is not pinned counts as accepted', async () => {
    desk.publish(wheel, 'a wheel', {})
    desk.publish(plain, 'plain')
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(demoLine, plainLine))
    expect(stdout).toMatch(/^no-attestation +plain 2\.0 /m)
    expect(stdout).toContain(
      '1 match, 1 no-attestation; 1 without a pinned publisher, and accepted',
    )
    expect(status).toBe(0)
  })

  test('--attestations all refuses it', async () => {
    desk.publish(plain, 'plain')
    const args = ['pypi', 'check', '--attestations', 'all', await lock(plainLine)]
    const { status, stdout } = await desk.ask(...args)
    expect(stdout).toMatch(/^no-attestation +plain 2\.0 /m)
    expect(status).toBe(1)
  })

  test('a signed file of a project that is not pinned is not called a match', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(demoLine))
    expect(stdout).toMatch(/^signed +demo-pkg 1\.0 .*signed by GitHub demo\/demo publish\.yml/m)
    expect(status).toBe(0)
  })

  test('file and attestation swapped together for those of another publisher are refused', async () => {
    desk.publish(wheel, 'harm', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    const line = `demo-pkg==1.0 --hash=sha256:${sha256('harm')}`
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(line))
    expect(stdout).toMatch(/^mismatch +demo-pkg 1\.0 .*signed by GitHub evil\/demo/m)
    expect(status).toBe(1)
  })

  test('an attestation of other bytes is refused', async () => {
    desk.publish(wheel, 'harm', { content: 'a wheel' })
    const line = `demo-pkg==1.0 --hash=sha256:${sha256('harm')}`
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(line))
    expect(stdout).toMatch(/^mismatch .*check "statement"/m)
    expect(status).toBe(1)
  })

  test('an attestation does not vouch for another hash that the index lists beside its SHA-256', async () => {
    desk.publish(wheel, 'a wheel', {})
    const sha512 = createHash('sha512').update('harm').digest('hex')
    const page = String(desk.server.served.get(`${indexUrl}demo-pkg/`))
    const both = page.replace('"hashes":{', `"hashes":{"sha512":"${sha512}",`)
    desk.server.served.set(`${indexUrl}demo-pkg/`, both)
    const name = await lock(`demo-pkg==1.0 --hash=sha512:${sha512}`)
    const { status, stdout } = await desk.ask('pypi', 'check', name)
    expect(stdout).toMatch(/^no-hash +demo-pkg 1\.0 .*its attestation is about the SHA-256/m)
    expect(status).toBe(1)
  })

  test('--fetch compares another hash with the bytes that were signed', async () => {
    desk.publish(wheel, 'a wheel', {})
    const hashes = ['a wheel', 'harm'].map((bytes) =>
      createHash('sha512').update(bytes).digest('hex'),
    )
    const outcomes = []
    for (const hash of hashes) {
      const name = await lock(`demo-pkg==1.0 --hash=sha512:${hash}`)
      outcomes.push((await desk.ask('pypi', 'check', '--fetch', name)).status)
    }
    expect(outcomes).toEqual([0, 1])
  })

  test('a pinned project whose attestation is gone is refused', async () => {
    desk.publish(wheel, 'a wheel')
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(demoLine))
    expect(stdout).toMatch(/^no-attestation +demo-pkg 1\.0 .*its project has a pinned publisher/m)
    expect(status).toBe(1)
  })

  test('a server that fails where the attestation should be is not an answer', async () => {
    desk.publish(wheel, 'a wheel', {})
    const { fetch } = desk.server
    desk.server.fetch = function (request) {
      if (request.url.endsWith('/provenance')) return Promise.reject(new Error('reset'))
      return fetch.call(desk.server, request)
    }
    const { status } = await desk.ask('pypi', 'check', await lock(demoLine))
    expect(status).not.toBe(0)
  })

  test('a publisher that changes after its first use is refused and named', async () => {
    await desk.settings({})
    desk.publish(wheel, 'a wheel', {})
    expect(await desk.ask('pypi', 'check', await lock(demoLine))).toMatchObject({ status: 0 })
    desk.publish(wheel, 'harm', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    const line = `demo-pkg==1.0 --hash=sha256:${sha256('harm')}`
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(line))
    expect(stdout).toMatch(
      /^mismatch .*signed by GitHub evil\/demo .*demo-pkg was signed by GitHub demo\/demo/m,
    )
    expect(status).toBe(1)
  })

  test('a page that lists no SHA-256 does not undo the first use', async () => {
    await desk.settings({})
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'check', await lock(demoLine))
    const page = JSON.parse(String(desk.server.served.get(`${indexUrl}demo-pkg/`))) as {
      files: Record<string, unknown>[]
    }
    const sha512 = createHash('sha512').update('harm').digest('hex')
    for (const file of page.files) Object.assign(file, { hashes: { sha512 }, size: 4 })
    desk.server.served.set(`${indexUrl}demo-pkg/`, JSON.stringify(page))
    await fillFolder(desk, { [wheel]: 'harm' })
    const { status, stdout } = await desk.ask('pypi', 'verify', 'wheels')
    expect(stdout).toMatch(/^mismatch /)
    expect(status).toBe(1)
  })

  test.each([403, 500])('status %d where the attestation should be is not "none"', async (code) => {
    await desk.settings({})
    desk.publish(wheel, 'a wheel', {})
    const { fetch } = desk.server
    desk.server.fetch = function (request) {
      if (!request.url.endsWith('/provenance')) return fetch.call(desk.server, request)
      return Promise.reject(
        code === 403
          ? new FetchNotFoundError(request.url, 403)
          : new FetchFailedError(request.url, 'unexpected status 500', { status: 500 }),
      )
    }
    const { status, stdout } = await desk.ask('pypi', 'check', await lock(demoLine))
    expect(stdout).toMatch(/^failed /)
    expect(status).toBe(1)
  })

  test('a page and an attestation that fail once, for a passing reason, are asked for again', async () => {
    desk.publish(wheel, 'a wheel', {})
    const { fetch } = desk.server
    const failed = new Set<string>()
    desk.server.fetch = function (request) {
      if (failed.has(request.url)) return fetch.call(desk.server, request)
      failed.add(request.url)
      return Promise.reject(new FetchFailedError(request.url, 'busy', { status: 503 }))
    }
    expect(await desk.ask('pypi', 'check', await lock(demoLine))).toMatchObject({ status: 0 })
    expect(failed.size).toBe(2)
  })

  test('a found settings file that others can write ends the call: its pins would not count', async () => {
    desk.publish(wheel, 'a wheel')
    await chmod(join(desk.folder, 'tuffet.json'), 0o666)
    const args = ['pypi', 'check', '--attested', '--index-url', indexUrl, await lock(demoLine)]
    const { status, stderr } = await desk.ask(...args)
    expect(stderr).toContain('its pins would not count; --config')
    expect(status).toBe(2)
  })

  test.each<[string, object, string, number]>([
    ['match', demoPublisher, 'match', 0],
    ['another publisher', other, 'mismatch', 1],
    ['an unknown kind', { kind: 'Forge', name: 'demo' }, 'cannot-be-judged', 1],
  ])('the identities of pylock.toml are pins: %s', async (_, identity, verdict, expected) => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    const fields = Object.entries(identity).map(([name, value]) => `${name} = "${String(value)}"`)
    const text = [
      'lock-version = "1.0"\ncreated-by = "test"\n[[packages]]\nname = "demo-pkg"\nversion = "1.0"',
      `wheels = [{ name = "${wheel}", url = "https://files.test/${wheel}", hashes = { sha256 = "${sha256('a wheel')}" } }]`,
      '[[packages.attestation-identities]]',
      ...fields,
    ]
    await writeFile(join(desk.folder, 'pylock.toml'), text.join('\n'))
    const { status, stdout } = await desk.ask('pypi', 'check', 'pylock.toml')
    expect(stdout.split(' ')[0]).toBe(verdict)
    expect(status).toBe(expected)
  })

  test('the identities of pylock.toml are pins of the bare hashes of pipenv too', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    const fields = Object.entries(other).map(([name, value]) => `${name} = "${value}"`)
    const text = [
      'lock-version = "1.0"\ncreated-by = "test"\n[[packages]]\nname = "demo-pkg"\nversion = "1.0"',
      `[packages.tool.pipenv]\nhashes = ["sha256:${sha256('a wheel')}"]`,
      '[[packages.attestation-identities]]',
      ...fields,
    ]
    await writeFile(join(desk.folder, 'pylock.toml'), text.join('\n'))
    const { status, stdout } = await desk.ask('pypi', 'check', 'pylock.toml')
    expect(stdout).toMatch(/^mismatch +demo-pkg 1\.0 /)
    expect(status).toBe(1)
  })

  test('--json has the verdict, and whether the policy takes it', async () => {
    desk.publish(plain, 'plain')
    const { stdout } = await desk.ask('pypi', 'check', '--json', await lock(plainLine))
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      counts: { 'no-attestation': 1 },
      entries: [{ name: 'plain', verdict: 'no-attestation', accepted: true }],
    })
  })

  test('asks for JSON pages, and for provenance by its media type', async () => {
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'check', await lock(demoLine))
    expect(desk.server.asked).toEqual([
      {
        url: `${indexUrl}demo-pkg/`,
        accept: expect.stringMatching(/^application\/vnd\.pypi\.simple\.v1\+json, /),
      },
      {
        url: `https://index.test/integrity/${wheel}/provenance`,
        accept: 'application/vnd.pypi.integrity.v1+json',
      },
    ])
  })

  test.each(['--offline', '--now=2026-01-01T00:00:00Z'])(
    '%s needs a TUF repository',
    async (option) => {
      const { status, stderr } = await desk.ask('pypi', 'check', option, await lock(demoLine))
      expect(stderr).toContain('needs a TUF repository')
      expect(status).toBe(2)
    },
  )
})

describe('tuffet pypi verify on an index without signatures', () => {
  test('judges files on disk', async () => {
    desk.publish(wheel, 'a wheel', {})
    desk.publish(plain, 'plain')
    await fillFolder(desk, { [wheel]: 'a wheel', [plain]: 'plain' })
    const { status, stdout } = await desk.ask('pypi', 'verify', 'wheels')
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
      'match',
      'no-attestation',
      '2 files: 1 match, 1 no-attestation; 1 without a pinned publisher, and accepted',
      '',
    ])
    expect(status).toBe(0)
  })

  test('other bytes on disk are a mismatch, whatever the policy', async () => {
    desk.publish(plain, 'plain')
    await fillFolder(desk, { [plain]: 'other' })
    const { status, stdout } = await desk.ask(
      'pypi',
      'verify',
      '--attestations',
      'report',
      'wheels',
    )
    expect(stdout).toMatch(/^mismatch /)
    expect(status).toBe(1)
  })
})

describe('tuffet pypi pin on an index without signatures', () => {
  test('pins signed files, and leaves out one whose attestation is refused', async () => {
    desk.publish(wheel, 'a wheel', {})
    desk.publish('demo_pkg-1.0.tar.gz', 'harm', { content: 'an sdist' })
    const { stdout } = await desk.ask('pypi', 'pin', 'demo-pkg==1.0')
    expect(stdout).toContain(`--hash=sha256:${sha256('a wheel')}`)
    expect(stdout).not.toContain(sha256('harm'))
  })

  test('names each file that is accepted without a pinned publisher', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    desk.publish('demo_pkg-1.0.tar.gz', 'an sdist')
    const { stdout } = await desk.ask('pypi', 'pin', 'demo-pkg==1.0')
    expect(stdout).toMatch(/^# accepted, signed: demo_pkg-1\.0-py3-none-any\.whl: /m)
    expect(stdout).toMatch(/^# accepted, no-attestation: demo_pkg-1\.0\.tar\.gz: /m)
    const { stdout: json } = await desk.ask('pypi', 'pin', '--json', 'demo-pkg==1.0')
    expect(JSON.parse(json)).toMatchObject({
      pins: [{ verdict: 'no-attestation', accepted: true }],
    })
  })
})

describe('tuffet pypi run on an index without signatures', () => {
  test('gives its child a file of a pinned publisher, and counts the others', async () => {
    desk.publish(wheel, 'a wheel', {})
    desk.publish(plain, 'plain')
    const pip = await fakePip(
      desk,
      `const page = await (await get('demo-pkg/')).text()
       const file = await get('../files/demo-pkg/${wheel}')
       const rest = await get('../files/plain/${plain}')
       writeFileSync('got', page + (await file.text()) + (await rest.text()))`,
    )
    const outcome = await desk.ask('pypi', 'run', '--', pip, 'install', 'demo-pkg')
    expect(outcome.status).toBe(0)
    expect(await readFile(join(desk.folder, 'got'), 'utf8')).toContain('a wheelplain')
    expect(outcome.stderr).toContain(
      'attestations of 2 files: 1 match, 1 no-attestation; 1 without a pinned publisher',
    )
  })

  test('refuses a file that another publisher signed', async () => {
    desk.publish(wheel, 'harm', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    const pip = await fakePip(
      desk,
      `const file = await get('../files/demo-pkg/${wheel}')
       writeFileSync('got', String(file.status) + (await file.text()))`,
    )
    const { stderr } = await desk.ask('pypi', 'run', '--', pip, 'install', 'demo-pkg')
    const got = await readFile(join(desk.folder, 'got'), 'utf8')
    expect(got).toMatch(/^403/)
    expect(got).not.toContain('harm')
    expect(stderr).toContain('signed by GitHub evil/demo')
  })

  test('counts a file that report lets through apart from those without a pin', async () => {
    desk.publish(wheel, 'harm', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    desk.publish(plain, 'plain')
    const pip = await fakePip(
      desk,
      `for (const path of ['demo-pkg/${wheel}', 'plain/${plain}']) await (await get('../files/' + path)).text()`,
    )
    const args = ['pypi', 'run', '--attestations', 'report', '--', pip, 'install', 'demo-pkg']
    const { stderr } = await desk.ask(...args)
    expect(stderr).toMatch(
      /of 2 files: 1 mismatch, 1 no-attestation; 1 without a pinned .*; 1 taken only by .* report$/m,
    )
  })

  test('offers no core metadata: no attestation is about it', async () => {
    desk.publish(wheel, 'a wheel', {})
    const page = JSON.parse(String(desk.server.served.get(`${indexUrl}demo-pkg/`))) as {
      files: Record<string, unknown>[]
    }
    for (const file of page.files) file['core-metadata'] = { sha256: sha256('false metadata') }
    desk.server.served.set(`${indexUrl}demo-pkg/`, JSON.stringify(page))
    const pip = await fakePip(
      desk,
      `const page = await (await get('demo-pkg/')).text()
       const metadata = await get('../files/demo-pkg/${wheel}.metadata')
       writeFileSync('got', page + metadata.status)`,
    )
    await desk.ask('pypi', 'run', '--', pip, 'install', 'demo-pkg')
    const got = await readFile(join(desk.folder, 'got'), 'utf8')
    expect(got).not.toMatch(/metadata="/)
    expect(got).toMatch(/404$/)
  })
})

describe('tuffet pypi publishers', () => {
  test('shows who signed, with the tag', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    desk.publish(plain, 'plain')
    const { status, stdout } = await desk.ask(
      ...['pypi', 'publishers', await lock(demoLine, plainLine)],
    )
    expect(stdout).toBe(
      [
        'demo-pkg ← GitHub demo/demo publish.yml @ v1.0',
        `plain ← ?  ${plain}: the index has no attestation of it`,
        '',
      ].join('\n'),
    )
    expect(status).toBe(0)
  })

  test('--write pins those that are not pinned, and check then holds them to it', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'publishers', '--write', await lock(demoLine))
    const settings: unknown = JSON.parse(await readFile(join(desk.folder, 'tuffet.json'), 'utf8'))
    expect(settings).toMatchObject({
      index: indexUrl,
      attestations: { firstUse: false, publishers: { 'demo-pkg': [demoPublisher] } },
    })
    const { stdout } = await desk.ask('pypi', 'check', 'requirements.txt')
    expect(stdout).toMatch(/^match /)
  })

  test('--write pins the numbers of repository and owner, so that a name registered anew does not pass', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'publishers', '--write', await lock(demoLine))
    const pin = { ...demoPublisher, repository_id: '1001', owner_id: '2002' }
    expect(JSON.parse(await readFile(join(desk.folder, 'tuffet.json'), 'utf8'))).toMatchObject({
      attestations: { publishers: { 'demo-pkg': [pin] } },
    })
    const claims = { ...gitHubClaims, 15: '1002', 17: '2003' }
    desk.publish(wheel, 'a wheel', { fields: { leaf: { claims } } })
    const { status, stdout } = await desk.ask('pypi', 'check', 'requirements.txt')
    expect(stdout).toMatch(
      /^mismatch .*the repository_id of the certificate is not that of the pin/m,
    )
    expect(status).toBe(1)
  })

  test('--write pins both, where two files are of repositories with different numbers', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    const claims = { ...gitHubClaims, 17: '2003' }
    desk.publish('demo_pkg-1.0.tar.gz', 'sdist', { fields: { leaf: { claims } } })
    const line = `${demoLine} --hash=sha256:${sha256('sdist')}`
    const { stdout } = await desk.ask('pypi', 'publishers', '--write', '--json', await lock(line))
    expect(JSON.parse(stdout)).toMatchObject({
      projects: [{ publishers: [{ owner_id: '2002' }, { owner_id: '2003' }] }],
    })
    expect(await desk.ask('pypi', 'check', 'requirements.txt')).toMatchObject({ status: 0 })
  })

  test('--write does not pin the signer of a file that the lock file contradicts', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'harm', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    const { status } = await desk.ask('pypi', 'publishers', '--write', await lock(demoLine))
    expect(status).toBe(1)
    expect(await readFile(join(desk.folder, 'tuffet.json'), 'utf8')).not.toContain('evil')
  })

  test('--write does not pin the signer of a file that the lock file does not name', async () => {
    await desk.settings({ firstUse: false })
    desk.publish(wheel, 'a wheel', {})
    const added = { publisher: other, fields: { leaf: { claims: otherClaims } } }
    desk.publish('demo_pkg-1.0.tar.gz', 'harm', added)
    await desk.ask('pypi', 'publishers', '--write', await lock(demoLine))
    const text = await readFile(join(desk.folder, 'tuffet.json'), 'utf8')
    expect(text).toContain('demo/demo')
    expect(text).not.toContain('evil')
  })

  test.each([
    ['another publisher', { publisher: other, fields: { leaf: { claims: otherClaims } } }],
    ['nobody', undefined],
  ])('a file of a pinned project that %s signed has status 1', async (_, by) => {
    desk.publish(wheel, 'a wheel', by)
    const { status, stdout, stderr } = await desk.ask('pypi', 'publishers', await lock(demoLine))
    expect(stdout).toContain(`demo-pkg ← ?  ${wheel}: `)
    expect(stderr).toContain(`${wheel} is refused: `)
    expect(status).toBe(1)
  })

  test('a publisher that changed since its first use has status 1', async () => {
    await desk.settings({})
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'check', await lock(demoLine))
    desk.publish(wheel, 'a wheel', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    const { status } = await desk.ask('pypi', 'publishers', await lock(demoLine))
    expect(status).toBe(1)
  })

  test('--write keeps a requirement that is written as one word', async () => {
    const given = { index: indexUrl, trustedRoot: 'trusted_root.json', store: 'store' }
    const text = JSON.stringify({ ...given, attestations: 'all' })
    await writeFile(join(desk.folder, 'tuffet.json'), text)
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'publishers', '--write', await lock(demoLine))
    expect(JSON.parse(await readFile(join(desk.folder, 'tuffet.json'), 'utf8'))).toMatchObject({
      attestations: { require: 'all', publishers: { 'demo-pkg': [demoPublisher] } },
    })
  })

  test('remembers nobody: a report is not a use', async () => {
    await desk.settings({})
    desk.publish(wheel, 'harm', { publisher: other, fields: { leaf: { claims: otherClaims } } })
    const line = `demo-pkg==1.0 --hash=sha256:${sha256('harm')}`
    await desk.ask('pypi', 'publishers', await lock(line))
    desk.publish(wheel, 'a wheel', {})
    expect(await desk.ask('pypi', 'check', await lock(demoLine))).toMatchObject({ status: 0 })
  })

  test('--format pylock prints tables for pylock.toml', async () => {
    desk.publish(wheel, 'a wheel', {})
    const { stdout } = await desk.ask(
      'pypi',
      'publishers',
      '--format',
      'pylock',
      await lock(demoLine),
    )
    expect(stdout).toBe(
      [
        '# demo-pkg',
        '[[packages.attestation-identities]]',
        'kind = "GitHub"',
        'repository = "demo/demo"',
        'workflow = "publish.yml"',
        '',
        '',
      ].join('\n'),
    )
  })
})

describe('a setting for attestations', () => {
  test.each<[string, object]>([
    ['.require must be all, pinned or report', { require: 'some' }],
    ['.publishers: demo: names no publisher', { publishers: { demo: [] } }],
    ['.publisher is not a setting; did you mean publishers?', { publisher: {} }],
    ['.firstUse must be true or false', { firstUse: 'no' }],
    ['.integrityUrl must be text', { integrityUrl: 1 }],
    ['.origins must be a list', { origins: 'https://pypi.org' }],
    ['.origins: "pypi.org" is not an origin', { origins: ['pypi.org'] }],
  ])('%s', async (message, attestations) => {
    await desk.settings(attestations)
    const { status, stderr } = await desk.ask('pypi', 'check', await lock(demoLine))
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })
})
