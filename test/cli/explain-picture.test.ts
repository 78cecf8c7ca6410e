import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/index.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

const explain = ['explain', 'pkgs/a.whl']

function read(name: string): string {
  return readFileSync(join(desk.folder, name), 'utf8')
}

/** A fetcher during whose requests a folder vanishes. */
function removing(name: string): Fetcher {
  const folder = join(desk.folder, name)
  mkdirSync(folder)
  return {
    fetch(request) {
      rmSync(folder, { recursive: true, force: true })
      return desk.fetcher.fetch(request)
    },
  }
}

test('the chain is drawn into both files, and the tree is printed as without', async () => {
  const plain = await desk.run(explain)
  const { status, stdout } = await desk.run([...explain, '--svg', 'a.svg', '--html', 'a.html'])
  expect(status).toBe(0)
  const files = ['a.svg', 'a.html'].map((name) => join(desk.folder, name))
  expect(stdout).toBe(
    plain.stdout + files.map((file) => `${file}: the chain as a picture\n`).join(''),
  )
  expect(read('a.svg')).toMatch(/^<svg .*\n<title>a\.whl: the repository vouches for it<\/title>/)
  expect(read('a.svg').match(/<g class="good"/g)).toHaveLength(6)
  expect(read('a.html')).toMatch(/^<!doctype html>/)
  expect(readdirSync(desk.folder).filter((name) => /^\.|tmp|part/.test(name))).toEqual([])
})

test('a program is told the files', async () => {
  const file = join(desk.folder, 'a.svg')
  expect(await desk.json(...explain, '--svg', 'a.svg')).toMatchObject({
    ok: true,
    pictures: [file],
  })
})

test('a refused cycle draws the role that refused, with code and step', async () => {
  desk.repository.attack.forged('pkgs')
  const { status, stderr } = await desk.run([...explain, '--svg', 'a.svg'])
  expect(status).toBe(1)
  expect(stderr).toContain('[ERR_TUF_THRESHOLD_NOT_MET]')
  const card = /<g class="refused" data-card="pkgs">.*?<\/g>/s.exec(read('a.svg'))?.[0]
  expect(card).toContain('ERR_TUF_THRESHOLD_NOT_MET')
  expect(card).toContain('step 5.6.3')
  expect(card).toContain('has an invalid signature')
})

test('a target that no role lists is drawn as open', async () => {
  const { status } = await desk.run(['explain', 'pkgs/b.whl', '--svg', 'a.svg'])
  expect(status).toBe(1)
  expect(read('a.svg')).toContain('<g class="open" data-card="b.whl">')
})

test('a file that exists is replaced; a link is refused before the first request', async () => {
  writeFileSync(join(desk.folder, 'a.svg'), 'old')
  await desk.run([...explain, '--svg', 'a.svg'])
  expect(read('a.svg')).toContain('<svg ')
  symlinkSync('a.svg', join(desk.folder, 'link.svg'))
  desk.fetcher.requests.length = 0
  const { status, stderr } = await desk.run([...explain, '--svg', 'link.svg'])
  expect(status).toBe(1)
  expect(stderr).toContain('[ERR_TUF_DESTINATION]')
  expect(desk.fetcher.requests).toEqual([])
  expect(lstatSync(join(desk.folder, 'link.svg')).isSymbolicLink()).toBe(true)
})

test.each(['missing/a.svg', 'file/a.svg'])(
  'a picture that cannot be written, %s, is refused before the first request',
  async (path) => {
    writeFileSync(join(desk.folder, 'file'), 'not a folder')
    const { status, stdout, stderr } = await desk.run([...explain, '--svg', path])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^tuffet: cannot write .*a\.svg: .*\[ERR_TUF_DESTINATION\]/)
    expect(desk.fetcher.requests).toEqual([])
  },
)

test('after a refusal a file that cannot be written any more is reported beside it', async () => {
  desk.repository.attack.forged('pkgs')
  const { status, stderr } = await desk.run([...explain, '--svg', 'gone/a.svg'], {
    fetcher: removing('gone'),
  })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^tuffet: .*gone\/a\.svg.*\ntuffet: pkgs: signed by 0 /)
})

test('without one it is the error', async () => {
  const { status, stdout, stderr } = await desk.run([...explain, '--svg', 'gone/a.svg'], {
    fetcher: removing('gone'),
  })
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toContain('[ERR_TUF_DESTINATION]')
})

test.each([
  [['--svg', '-'], 'a picture needs the name of a file'],
  [['--svg', 'a', '--html', './a'], '--svg and --html name the same file'],
])('%j is wrong usage', async (options, reason) => {
  const { status, stderr } = await desk.run([...explain, ...options])
  expect([status, stderr]).toEqual([2, `tuffet: ${reason}\n`])
})
