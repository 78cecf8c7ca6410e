/** Publishers are remembered for files whose bytes agreed, and an index cannot take that back. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  indexUrl,
  openAttestedDesk,
  plain,
  sha256,
  wheel,
  type AttestedDesk,
} from './attested-desk.js'
import { otherClaims, otherPublisher as other } from './attested-desk.js'
import { fakePip, fillFolder } from './pypi-desk.js'

let desk: AttestedDesk
beforeEach(async () => {
  desk = await openAttestedDesk()
  await desk.settings({})
})
afterEach(() => desk.clear())

const byOther = { publisher: other, fields: { leaf: { claims: otherClaims } } }

async function lock(...lines: string[]): Promise<string> {
  await writeFile(join(desk.folder, 'requirements.txt'), `${lines.join('\n')}\n`)
  return 'requirements.txt'
}

function lineOf(content: string): string {
  return `demo-pkg==1.0 --hash=sha256:${sha256(content)}`
}

/** The kinds of publishers in the store, as text. */
async function remembered(): Promise<string> {
  return readFile(join(desk.folder, 'store', 'state', 'publishers'), 'utf8').catch(() => 'nobody')
}

async function run(script: string): Promise<string> {
  const pip = await fakePip(desk, script)
  const { stderr } = await desk.ask('pypi', 'run', '--', pip, 'install', 'demo-pkg')
  return stderr
}

describe('a publisher is remembered', () => {
  test('for a file that was installed', async () => {
    desk.publish(wheel, 'a wheel', {})
    await run(`await (await get('../files/demo-pkg/${wheel}')).text()`)
    expect(await remembered()).toContain('demo/demo')
  })

  test('for a file on disk whose bytes agreed', async () => {
    desk.publish(wheel, 'a wheel', {})
    await fillFolder(desk, { [wheel]: 'a wheel' })
    await desk.ask('pypi', 'verify', 'wheels')
    expect(await remembered()).toContain('demo/demo')
  })

  test('for a file whose SHA-256 a lock file has', async () => {
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))
    expect(await remembered()).toContain('demo/demo')
  })
})

describe('a publisher is not remembered', () => {
  test('for a file on disk that is another', async () => {
    desk.publish(wheel, 'harm', byOther)
    await fillFolder(desk, { [wheel]: 'a wheel' })
    expect(await desk.ask('pypi', 'verify', 'wheels')).toMatchObject({ status: 1 })
    expect(await remembered()).toBe('nobody')
  })

  test('for a file that a lock file contradicts', async () => {
    desk.publish(wheel, 'harm', byOther)
    expect(await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))).toMatchObject({
      status: 1,
    })
    expect(await remembered()).toBe('nobody')
  })

  test('for a file beside the one that a lock file names', async () => {
    desk.publish(wheel, 'a wheel')
    desk.publish('demo_pkg-1.0.tar.gz', 'harm', byOther)
    await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))
    expect(await remembered()).toBe('nobody')
  })

  test('for a download whose bytes differ', async () => {
    desk.publish(wheel, 'harm', byOther)
    desk.server.served.set(`https://files.test/${wheel}`, 'bytes')
    const stderr = await run(`await (await get('../files/demo-pkg/${wheel}')).text()`)
    expect(await remembered()).toBe('nobody')
    expect(stderr).toContain(
      'attestations of 0 files: none; 1 more file differed or did not arrive',
    )
  })

  test('for a file in a folder whose name pip may read as that of another project', async () => {
    const name = 'demo_pkg-2-1.tar.gz'
    desk.publish(name, 'a file', {})
    const page = String(desk.server.served.get(`${indexUrl}demo-pkg/`))
    desk.server.served.set(
      `${indexUrl}demo-pkg-2/`,
      page.replace('"name":"demo-pkg"', '"name":"demo-pkg-2"'),
    )
    await fillFolder(desk, { [name]: 'a file' })
    const { status, stdout } = await desk.ask('pypi', 'verify', 'wheels')
    expect(stdout).toContain('pip before 24 may take it for demo-pkg')
    expect(status).toBe(1)
    expect(await remembered()).toBe('nobody')
  })

  test('for a page that was only read, or pinned from', async () => {
    desk.publish(wheel, 'harm', byOther)
    await run(`await (await get('demo-pkg/')).text()`)
    await desk.ask('pypi', 'pin', 'demo-pkg==1.0')
    expect(await remembered()).toBe('nobody')
  })
})

test('two publishers in one run: the first whose file was used stays, the second is refused', async () => {
  desk.publish(wheel, 'a wheel', {})
  desk.publish('demo_pkg-1.0.tar.gz', 'harm', byOther)
  const stderr = await run(
    `const answers = await Promise.all(['${wheel}', 'demo_pkg-1.0.tar.gz'].map(async (name) => {
       const answer = await get('../files/demo-pkg/' + name)
       return answer.status
     }))
     writeFileSync('got', answers.sort().join())`,
  )
  expect(await readFile(join(desk.folder, 'got'), 'utf8')).toBe('200,403')
  expect(stderr).toContain('before')
  expect(stderr).toMatch(/attestations of 2 files: .*1 mismatch/)
})

test('two commands at once cannot remember two publishers', async () => {
  desk.publish(wheel, 'a wheel', {})
  desk.publish('demo_pkg-1.0.tar.gz', 'harm', byOther)
  await fillFolder(desk, { [wheel]: 'a wheel', 'demo_pkg-1.0.tar.gz': 'harm' })
  const outcomes = await Promise.all(
    [wheel, 'demo_pkg-1.0.tar.gz'].map((name) => desk.ask('pypi', 'verify', `wheels/${name}`)),
  )
  expect(outcomes.map(({ status }) => status).sort()).toEqual([0, 1])
  expect((await remembered()).match(/"kind"/g)).toHaveLength(1)
})

test('a file that was asked for again counts once', async () => {
  desk.publish(wheel, 'a wheel', {})
  desk.publish(plain, 'plain')
  const stderr = await run(
    `for (const path of ['demo-pkg/${wheel}', 'plain/${plain}', 'demo-pkg/${wheel}', 'plain/${plain}'])
       await (await get('../files/' + path)).text()`,
  )
  expect(stderr).toContain('attestations of 2 files: 1 signed, 1 no-attestation')
})

describe('tuffet reset', () => {
  beforeEach(async () => {
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))
    expect(await remembered()).toContain('demo/demo')
  })

  test('keeps the publishers, and says so', async () => {
    const { status, stdout } = await desk.ask('reset', '--root', 'root.json')
    expect(stdout).toContain('kept the publishers of projects: --publishers forgets them')
    expect(status).toBe(0)
    expect(await remembered()).toContain('demo/demo')
  })

  test('--publishers forgets those of every project', async () => {
    expect(await desk.ask('reset', '--publishers')).toMatchObject({
      status: 0,
      stdout: 'forgot the publishers of every project\n',
    })
    expect(await remembered()).toBe('nobody')
  })

  test('--publishers PROJECT forgets those of that project', async () => {
    const { stdout } = await desk.ask('reset', '--publishers', 'Demo.Pkg', 'other')
    expect(stdout).toBe('forgot the publishers of demo-pkg\nno publisher of other was remembered\n')
    expect(await remembered()).not.toContain('demo/demo')
  })

  test('a project without --publishers is a mistake', async () => {
    expect(await desk.ask('reset', 'demo-pkg')).toMatchObject({ status: 2 })
  })

  test('forgets the metadata of the repository of Sigstore too', async () => {
    const folder = join(desk.folder, 'store', 'sigstore')
    await mkdir(join(folder, 'state'), { recursive: true })
    for (const name of ['state/anchor', 'state/clock', 'timestamp.json', 'root.json']) {
      await writeFile(join(folder, name), 'x')
    }
    const { stdout } = await desk.ask('reset')
    expect(stdout).toContain('deleted sigstore/state/clock')
    expect(await readdir(folder)).toEqual(['state'])
  })

  test('touches no folder called sigstore that is not a store', async () => {
    const folder = join(desk.folder, 'store', 'sigstore')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'root.json'), 'mine')
    await desk.ask('reset', '--root', 'root.json')
    expect(await readdir(folder)).toEqual(['root.json'])
  })
})

test('an entry that cannot be read refuses every file, until reset forgets it', async () => {
  await mkdir(join(desk.folder, 'store', 'state'), { recursive: true })
  await writeFile(join(desk.folder, 'store', 'state', 'publishers'), '{')
  desk.publish(wheel, 'a wheel', {})
  const args = ['pypi', 'check', await lock(lineOf('a wheel'))]
  expect(await desk.ask(...args)).toMatchObject({ status: 1 })
  await desk.ask('reset', '--publishers')
  expect(await desk.ask(...args)).toMatchObject({ status: 0 })
})

describe('a link to an attestation that cannot be used', () => {
  function link(provenance: unknown): void {
    const url = 'https://index.test/simple/demo-pkg/'
    const page = JSON.parse(String(desk.server.served.get(url))) as { files: object[] }
    for (const file of page.files) Object.assign(file, { provenance })
    desk.server.served.set(url, JSON.stringify(page))
  }

  test.each([
    ['not a text', 7],
    ['not a URL', 'https://'],
    ['a file', 'file:///etc/passwd'],
    ['another host', 'https://evil.test/provenance'],
    ['an address inside', 'http://169.254.169.254/provenance'],
    ['http', 'http://index.test/integrity/provenance'],
    ['nothing', 'https://index.test/gone'],
  ])('(%s) is not "no attestation"', async (_, provenance) => {
    desk.publish(wheel, 'a wheel', {})
    link(provenance)
    const { stdout } = await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))
    expect(stdout).toMatch(/^cannot-be-judged +demo-pkg 1\.0 .*its page links to/m)
    const asked = desk.server.asked.map(({ url }) => url)
    expect(asked.filter((url) => !url.startsWith('https://index.test/'))).toEqual([])
  })

  test('is refused for a pinned project, with --attestations all, and after its first use', async () => {
    desk.publish(wheel, 'a wheel', {})
    await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))
    link('https://evil.test/provenance')
    expect(await desk.ask('pypi', 'check', 'requirements.txt')).toMatchObject({ status: 1 })
    await desk.settings({ firstUse: false, require: 'all' })
    expect(await desk.ask('pypi', 'check', 'requirements.txt')).toMatchObject({ status: 1 })
    await desk.settings({
      publishers: { 'demo-pkg': [{ ...other, repository: 'demo/demo' }] },
    })
    const { status, stdout } = await desk.ask('pypi', 'check', 'requirements.txt')
    expect(stdout).toMatch(/^cannot-be-judged /)
    expect(status).toBe(1)
  })

  test('is followed to an origin in "origins"', async () => {
    await desk.settings({ origins: ['https://mirrored.test'] })
    desk.publish(wheel, 'a wheel', {})
    const here = `https://index.test/integrity/${wheel}/provenance`
    desk.server.served.set('https://mirrored.test/p', desk.server.served.get(here) ?? '')
    link('https://mirrored.test/p')
    const { stdout } = await desk.ask('pypi', 'check', await lock(lineOf('a wheel')))
    expect(stdout).toMatch(/^signed /)
  })
})
