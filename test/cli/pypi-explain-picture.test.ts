/** `tuffet pypi explain --svg`: the chain down to a file, its attestation beside it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/index.js'
import { boxesOf, collisions, unescaped } from '../picture/boxes.js'
import {
  bothServers,
  openAttestedDesk,
  otherClaims,
  otherPublisher,
  publishBeside,
  sha256,
  wheel,
  type AttestedBy,
  type AttestedDesk,
} from './attested-desk.js'
import type { Outcome } from './desk.js'

let desk: AttestedDesk
beforeEach(async () => {
  desk = await openAttestedDesk()
})
afterEach(() => desk.clear())

const byOther: AttestedBy = {
  publisher: otherPublisher,
  fields: { leaf: { claims: otherClaims } },
}

function draw(fetcher: Fetcher, ...more: string[]): Promise<Outcome> {
  return desk.run(['pypi', 'explain', wheel, '--svg', 'a.svg', ...more], { fetcher })
}

function read(name = 'a.svg'): string {
  return readFileSync(join(desk.folder, name), 'utf8')
}

/** Title → state and texts, in order. */
function cards(): Map<string, { readonly state: string; readonly text: string }> {
  const groups = read().matchAll(/<g class="(\w+)" data-card="([^"]*)">(.*?)<\/g>/gs)
  return new Map(
    [...groups].map(([, state = '', title = '', inner = '']) => {
      const texts = boxesOf(inner).map(({ text }) => text)
      return [unescaped(title), { state, text: texts.join('\n') }]
    }),
  )
}

function states(): string[] {
  return [...cards()].map(([title, { state }]) => `${state} ${title}`)
}

const top = ['root', 'timestamp', 'snapshot', 'targets']

describe('beside a TUF repository', () => {
  test('the attestation is drawn beside the file that the page lists', async () => {
    await publishBeside(desk, {})
    const { status, stdout } = await draw(bothServers(desk), '--html', 'a.html')
    expect(status).toBe(0)
    expect(stdout).toContain(`${join(desk.folder, 'a.svg')}: the chain as a picture\n`)
    expect(states()).toEqual(
      [...top, 'demo-pkg', wheel, 'attestation'].map((title) => `good ${title}`),
    )
    const { text = '' } = cards().get('attestation') ?? {}
    expect(text).toMatch(/^attestation\nmatch\nsigned by its pinned publisher/)
    expect(text.replaceAll('\n', ' ')).toContain('GitHub demo/demo publish.yml refs/tags/v1.0')
    expect(text).toMatch(/signed at\n\d{4}-\d\d-\d\dT/)
    expect(text).toMatch(/entry \d+ of rekor\.test/)
    expect(text.replaceAll('\n', '')).toContain('commit 0123456789012345678901234567890123456789')
    const file = cards().get(wheel)?.text.replaceAll('\n', '')
    expect(file).toContain(`sha256 ${sha256('a wheel')}`)
    expect(file).toContain('7 bytes')
    expect(read()).toContain(`<title>${wheel}: the repository vouches for it</title>`)
    expect(collisions(read())).toEqual([])
    expect(read('a.html')).toMatch(/^<!doctype html>/)
  })

  test('a refused one is red, and the chain stays good', async () => {
    await publishBeside(desk, byOther)
    expect(await draw(bothServers(desk))).toMatchObject({ status: 1 })
    expect(states().slice(-2)).toEqual([`good ${wheel}`, 'refused attestation'])
    expect(read()).toContain(`<title>${wheel}: attestation refused</title>`)
    expect(cards().get('attestation')?.text).toContain('mismatch')
  })

  test('one that does not arrive is open, and the command fails', async () => {
    await publishBeside(desk, {})
    const { fetch } = bothServers(desk)
    const fetcher: Fetcher = {
      fetch: (request) =>
        request.url.startsWith('https://index.test/')
          ? Promise.reject(new Error('no connection'))
          : fetch(request),
    }
    const { status, stderr } = await draw(fetcher)
    expect([status, stderr]).toEqual([1, expect.stringContaining('ERR_TUF_FETCH_FAILED')])
    expect(states().slice(-2)).toEqual([`good ${wheel}`, 'open attestation'])
    expect(cards().get('attestation')?.text).toContain('not obtained')
  })

  test('a refused role is red, and the file was not reached', async () => {
    await publishBeside(desk, {})
    desk.repository.attack.forged('targets')
    expect(await draw(bothServers(desk))).toMatchObject({ status: 1 })
    expect(states()).toEqual([
      ...['good root', 'good timestamp', 'good snapshot', 'refused targets'],
      `open ${wheel}`,
    ])
  })

  test('a refused page is red, with its step', async () => {
    await publishBeside(desk, {})
    desk.repository.attack.arbitraryInstallation('demo-pkg')
    expect(await draw(bothServers(desk))).toMatchObject({ status: 1 })
    expect(states().slice(-2)).toEqual(['refused demo-pkg', `open ${wheel}`])
    expect(cards().get('demo-pkg')?.text).toContain('refused, step 5.7.3')
  })

  test("the judge's own repository is not blamed on this one", async () => {
    await publishBeside(desk, {})
    writeFileSync(join(desk.folder, 'trusted_root.json'), '{}')
    expect(await draw(bothServers(desk))).toMatchObject({ status: 1 })
    expect(states()).toEqual([
      ...top.map((one) => `good ${one}`),
      `open ${wheel}`,
      'open attestation',
    ])
  })

  test('a file that its page does not list is open, below a page that is good', async () => {
    await publishBeside(desk)
    const other = 'demo_pkg-9.0-py3-none-any.whl'
    const args = ['pypi', 'explain', other, '--svg', 'a.svg']
    expect(await desk.run(args, { fetcher: bothServers(desk) })).toMatchObject({ status: 1 })
    expect(states().slice(-2)).toEqual(['good demo-pkg', `open ${other}`])
    expect(cards().get(other)?.text).toContain('does not list it')
  })
})

describe('on an index without signatures', () => {
  test('an attestation by the pinned publisher vouches for the file', async () => {
    desk.publish(wheel, 'a wheel', {})
    expect(await draw(desk.server)).toMatchObject({ status: 0 })
    expect(states()).toEqual(['open index page', `good ${wheel}`, 'good attestation'])
    expect(cards().get('index page')?.text).toContain('without signatures')
    expect(read()).toContain(`<title>${wheel}: the attestation vouches for it</title>`)
  })

  test('without one nobody does', async () => {
    desk.publish(wheel, 'a wheel')
    expect(await draw(desk.server)).toMatchObject({ status: 1 })
    expect(states()).toEqual(['open index page', `open ${wheel}`, 'refused attestation'])
  })

  test('a page that cannot be read is red', async () => {
    desk.server.served.set('https://index.test/simple/demo-pkg/', '{"nonsense":')
    expect(await draw(desk.server)).toMatchObject({ status: 1 })
    expect(states()).toEqual(['refused index page', `open ${wheel}`])
  })
})

test('a picture that cannot be written is refused before the first request', async () => {
  await publishBeside(desk, {})
  desk.fetcher.requests.length = 0
  const args = ['pypi', 'explain', wheel, '--html', 'missing/a.html']
  const { status, stderr } = await desk.run(args, { fetcher: bothServers(desk) })
  expect([status, stderr]).toEqual([1, expect.stringContaining('[ERR_TUF_DESTINATION]')])
  expect(desk.fetcher.requests).toEqual([])
})
