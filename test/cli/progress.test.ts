import { expect, test } from '@jest/globals'
import { progressBar } from '../../src/cli/progress.js'

function drawing(label: string, columns: number, isTerminal = true) {
  const drawn: string[] = []
  const bar = progressBar({ isTerminal, columns, write: (text) => drawn.push(text) }, label)
  return { bar, drawn }
}

test('a bar is drawn over itself, and wiped away at the end', () => {
  const { bar, drawn } = drawing('a.whl', 80)
  bar.update({ received: 0, total: 200 })
  bar.update({ received: 100, total: 200 })
  bar.update({ received: 200, total: 200 })
  bar.end()
  expect(drawn).toEqual([
    '\ra.whl [........................]   0%',
    '\ra.whl [############............]  50%',
    '\ra.whl [########################] 100%',
    `\r${' '.repeat(37)}\r`,
  ])
})

test('chunks that do not move the bar draw nothing', () => {
  const { bar, drawn } = drawing('a', 80)
  for (let received = 0; received < 1000; received++) bar.update({ received, total: 1_000_000 })
  expect(drawn.length).toBe(1)
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
