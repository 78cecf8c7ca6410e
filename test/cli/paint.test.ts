import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { wantsColours } from '../../src/cli/paint.js'
import type { Desk } from './desk.js'
import { contents, fillFolder, openPypiDesk, sdist, wheel } from './pypi-desk.js'

describe('colours', () => {
  test.each([
    ['on a terminal', true, {}, true],
    ['not in a file', false, {}, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['with an empty NO_COLOR, which counts as none', true, { NO_COLOR: '' }, true],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
    ['with FORCE_COLOR in a file', false, { FORCE_COLOR: '1' }, true],
    ['with an empty FORCE_COLOR, as in Node', false, { FORCE_COLOR: '' }, true],
    ['with FORCE_COLOR before NO_COLOR', false, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ])('%s', (_, isTerminal, environment, wanted) => {
    expect(wantsColours(isTerminal, environment)).toBe(wanted)
  })
})

describe('a painted answer', () => {
  let desk: Desk

  beforeEach(async () => {
    desk = await openPypiDesk()
    await fillFolder(desk, { [wheel]: contents[wheel]!, [sdist]: 'another one' })
  })

  afterEach(() => desk.clear())

  test('has its verdicts and the beginning of an error in colours', async () => {
    const { stdout, stderr } = await desk.run(['pypi', 'verify', 'wheels'], { hasColours: true })
    expect(stdout).toContain('\u001b[32mmatch\u001b[0m     wheels/')
    expect(stdout).toContain('\u001b[31mmismatch\u001b[0m  wheels/')
    expect(stderr).toMatch(/^\u001b\[31mtuffet:\u001b\[0m .*1 of 2 files/m)
  })

  test('has the same text as a plain one', async () => {
    const painted = await desk.run(['pypi', 'verify', 'wheels'], { hasColours: true })
    const plain = await desk.run(['pypi', 'verify', 'wheels'])
    expect(painted.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout)
  })

  test('has no colours in JSON', async () => {
    const args = ['pypi', 'verify', 'wheels', '--json']
    expect((await desk.run(args, { hasColours: true })).stdout).not.toContain('\u001b')
  })

  test('is wrapped to the terminal, with each verdict at the beginning of its line', async () => {
    const world = { isTerminal: true, columns: 60 }
    const { stdout } = await desk.run(['pypi', 'verify', 'wheels'], world)
    const lines = stdout.split('\n')
    expect(lines.filter((line) => /^(match|mismatch) /.test(line))).toHaveLength(2)
    expect(lines.filter((line) => line.length > 60 && line.trim().includes(' '))).toEqual([])
  })
})
