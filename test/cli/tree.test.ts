import { expect, test } from '@jest/globals'
import { treeLines } from '../../src/cli/tree.js'

test('each branch hangs below the one before it, and lines lead down to it', () => {
  expect(
    treeLines([
      { depth: 0, title: 'root', details: ['key'] },
      { depth: 1, title: 'targets', details: ['key'] },
      { depth: 2, title: 'one', details: ['key'] },
      { depth: 2, title: 'two', details: [] },
    ]),
  ).toEqual(['root', '│  key', '└─ targets', '   │  key', '   └─ one', '         key', '   └─ two'])
})
