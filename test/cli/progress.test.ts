import { describe, expect, test } from '@jest/globals'
import { amountInWords, progressBar, timeInWords } from '../../src/cli/progress.js'

function drawing(label: string, columns: number, isTerminal = true) {
  const drawn: string[] = []
  let time = 0
  const output = { isTerminal, columns, write: (text: string) => void drawn.push(text) }
  const bar = progressBar(output, label, { now: () => time })
  return { bar, drawn, pass: (milliseconds: number) => (time += milliseconds) }
}

test('a bar is drawn over itself, and wiped away at the end', () => {
  const { bar, drawn, pass } = drawing('a.whl', 40)
  for (const received of [0, 100, 200]) {
    bar.update({ received, total: 200 })
    pass(100)
  }
  bar.end()
  expect(drawn).toEqual([
    '\ra.whl [........................]   0%',
    '\ra.whl [############............]  50%',
    '\ra.whl [########################] 100%',
    `\r${' '.repeat(37)}\r`,
  ])
})

test('bytes, rate and time left are shown as far as they fit', () => {
  const shown = (columns: number): string => {
    const { bar, drawn, pass } = drawing('a.whl', columns)
    bar.update({ received: 0, total: 48_000_000 })
    pass(2_000)
    bar.update({ received: 12_000_000, total: 48_000_000 })
    return drawn.at(-1)?.slice(1).trimEnd() ?? ''
  }
  const bar = 'a.whl [######..................]  25%'
  expect(shown(100)).toBe(`${bar}  12.0 MB of 48.0 MB  6.0 MB/s  0:06 left`)
  expect(shown(72)).toBe(`${bar}  12.0 MB of 48.0 MB  6.0 MB/s`)
  expect(shown(60)).toBe(`${bar}  12.0 MB of 48.0 MB`)
  expect(shown(40)).toBe(bar)
})

test('the rate is that of the last seconds, and no longer line stays behind a shorter one', () => {
  const { bar, drawn, pass } = drawing('a', 100)
  bar.update({ received: 0, total: 10_000_000 })
  for (let second = 1; second <= 10; second++) {
    pass(1_000)
    bar.update({ received: second * 10_000, total: 10_000_000 })
  }
  expect(drawn.at(-1)).toContain('  10.0 kB/s  16:30 left')
  pass(1_000)
  bar.update({ received: 10_000_000, total: 10_000_000 })
  expect(drawn.at(-1)).not.toContain('left')
  expect(drawn.at(-1)).toHaveLength(drawn.at(-2)!.length)
})

test('a download that goes on in the middle does not count what it had', () => {
  const { bar, drawn, pass } = drawing('a', 100)
  bar.update({ received: 5_000_000, total: 6_000_000 })
  expect(drawn.at(-1)).not.toContain('/s')
  pass(1_000)
  bar.update({ received: 5_100_000, total: 6_000_000 })
  expect(drawn.at(-1)).toContain('  100.0 kB/s  0:09 left')
})

test('chunks that come at once draw nothing', () => {
  const { bar, drawn } = drawing('a', 80)
  for (let received = 0; received < 1000; received++) bar.update({ received, total: 1_000_000 })
  expect(drawn.length).toBe(1)
})

test('files are counted as files', () => {
  const { drawn } = drawing('', 0)
  const output = { isTerminal: true, columns: 80, write: (text: string) => void drawn.push(text) }
  progressBar(output, 'wheels', { counts: 'files' }).update({ received: 3, total: 1_200 })
  expect(drawn[0]).toMatch(/ {2}3 of 1,200 files$/)
})

test('an empty file is complete', () => {
  const { bar, drawn } = drawing('a', 80)
  bar.update({ received: 0, total: 0 })
  expect(drawn[0]).toContain('100%')
})

test('it never fills a line, whatever the name, and no name moves the cursor', () => {
  const { bar, drawn } = drawing(`\u001b[2J${'x'.repeat(500)}.whl`, 60)
  bar.update({ received: 1, total: 2 })
  expect(drawn[0]?.slice(1)).toHaveLength(59)
  expect(drawn[0]).toContain('x.whl [')
  expect(drawn[0]).not.toContain('\u001b')
})

test.each([
  ['not a terminal', 80, false],
  ['too narrow', 30, true],
])('draws nothing where the output is %s', (_, columns, isTerminal) => {
  const { bar, drawn } = drawing('a', columns, isTerminal)
  bar.update({ received: 1, total: 2 })
  bar.end()
  expect(drawn).toEqual([])
})

describe('the words for amounts', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [1_500_000_000, '1.5 GB'],
    [9e15, '9000.0 TB'],
  ])('%d bytes are %s', (bytes, words) => expect(amountInWords(bytes)).toBe(words))

  test.each([
    [0.2, '0:01'],
    [59.5, '1:00'],
    [3_599, '59:59'],
    [3_723, '1:02:03'],
    [Infinity, '99:59:59'],
  ])('%d seconds are %s', (seconds, words) => expect(timeInWords(seconds)).toBe(words))
})
