import { describe, expect, test } from '@jest/globals'
import type { WorkflowActual } from '../../../src/vectors/client.js'
import { functionDifference, sameJson, workflowDifference } from '../../../src/vectors/compare.js'
import type { WorkflowOutcome } from '../../../src/vectors/format.js'

describe('the answer to a function vector', () => {
  test.each([
    [{ result: 'refused' }, { result: 'refused' }, undefined],
    [{ result: 'refused' }, { result: 'accepted' }, 'is accepted, must be refused'],
    [{ result: 'accepted' }, { result: 'refused' }, 'is refused, must be accepted'],
    [{ result: 'accepted' }, { result: 'accepted', output: 1 }, undefined],
    [{ result: 'accepted', output: 1 }, { result: 'accepted', output: 1 }, undefined],
    [{ result: 'accepted', output: null }, { result: 'accepted', output: null }, undefined],
    [{ result: 'accepted', output: 1 }, { result: 'accepted', output: 2 }, 'gives another output'],
    [{ result: 'accepted', output: 1 }, { result: 'accepted' }, 'gives no output'],
  ] as const)('expected %j, given %j', (expected, actual, difference) => {
    expect(functionDifference(expected, actual)).toBe(difference)
  })
})

describe('JSON values', () => {
  test.each([
    [{ a: 1, b: [true, null] }, { b: [true, null], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: 1, b: 1 }, { a: 1, c: 1 }, false],
    [{ a: null }, {}, false],
    [{ constructor: 1 }, {}, false],
    [{ a: 1 }, JSON.parse('{"__proto__": 1}'), false],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [{ 0: 1 }, [1], false],
    [null, {}, false],
    [null, null, true],
    ['1', 1, false],
  ])('%j and %j', (a, b, same) => {
    expect(sameJson(a, b)).toBe(same)
    expect(sameJson(b, a)).toBe(same)
  })
})

describe('the result of a command', () => {
  const cases: readonly [
    title: string,
    expected: WorkflowOutcome,
    actual: WorkflowActual,
    difference: string | undefined,
  ][] = [
    ['the same result', { result: 'accepted' }, { result: 'accepted' }, undefined],
    ['another result', { result: 'absent' }, { result: 'refused' }, 'is refused, must be absent'],
    [
      'a client that cannot tell, where there is no target',
      { result: 'absent' },
      { result: 'refused-or-absent' },
      undefined,
    ],
    [
      'a client that cannot tell, where something is refused',
      { result: 'refused' },
      { result: 'refused-or-absent' },
      undefined,
    ],
    [
      'a client that says no, where it must say yes',
      { result: 'accepted' },
      { result: 'refused-or-absent' },
      'is refused-or-absent, must be accepted',
    ],
    [
      'versions that are trusted',
      { result: 'accepted', trusted: { root: 2, snapshot: null } },
      { result: 'accepted', trusted: { root: 2, snapshot: null, targets: 9 } },
      undefined,
    ],
    [
      'a role that is not stored and not mentioned',
      { result: 'accepted', trusted: { snapshot: null } },
      { result: 'accepted', trusted: {} },
      undefined,
    ],
    [
      'another version',
      { result: 'accepted', trusted: { root: 2 } },
      { result: 'accepted', trusted: { root: 3 } },
      'trusts version 3 of root, must trust version 2 of root',
    ],
    [
      'a file that must not be stored',
      { result: 'accepted', trusted: { targets: null } },
      { result: 'accepted', trusted: { targets: 1 } },
      'trusts version 1 of targets, must trust no targets',
    ],
    [
      'a file that must be stored',
      { result: 'accepted', trusted: { targets: 1 } },
      { result: 'accepted', trusted: { targets: null } },
      'trusts no targets, must trust version 1 of targets',
    ],
    [
      'a client whose store is not to be seen',
      { result: 'accepted', trusted: { root: 2 } },
      { result: 'accepted' },
      undefined,
    ],
    [
      'the right file',
      { result: 'accepted', sha256: 'aa' },
      { result: 'accepted', sha256: 'aa' },
      undefined,
    ],
    [
      'another file',
      { result: 'accepted', sha256: 'aa' },
      { result: 'accepted', sha256: 'bb' },
      'left another file',
    ],
    ['no file', { result: 'accepted', sha256: 'aa' }, { result: 'accepted' }, 'left no file'],
    [
      'a file after a refusal',
      { result: 'refused' },
      { result: 'refused', sha256: 'bb' },
      'left a file that must not be there',
    ],
    [
      'requests in order',
      { result: 'accepted', requests: ['2.root.json', 'timestamp.json'] },
      { result: 'accepted', requests: ['2.root.json', 'timestamp.json'] },
      undefined,
    ],
    [
      'requests in another order',
      { result: 'accepted', requests: ['2.root.json', 'timestamp.json'] },
      { result: 'accepted', requests: ['timestamp.json', '2.root.json'] },
      'asks for timestamp.json, 2.root.json, must ask for 2.root.json, timestamp.json',
    ],
    [
      'requests where there must be none',
      { result: 'refused', requests: [] },
      { result: 'refused', requests: ['2.root.json'] },
      'asks for 2.root.json, must ask for nothing',
    ],
    [
      'a client whose requests are not to be seen',
      { result: 'refused', requests: [] },
      { result: 'refused' },
      undefined,
    ],
    [
      'requests of no interest',
      { result: 'refused' },
      { result: 'refused', requests: ['2.root.json'] },
      undefined,
    ],
    [
      'another step',
      { result: 'refused', step: '5.4.3.1', role: 'timestamp' },
      { result: 'refused', step: '5.4.4', role: 'timestamp' },
      'is refused at step 5.4.4, must be at 5.4.3.1',
    ],
    [
      'another role',
      { result: 'refused', step: '5.4.3.1', role: 'timestamp' },
      { result: 'refused', step: '5.5.5', role: 'snapshot' },
      'is refused at role snapshot, must be at timestamp',
    ],
    [
      'a client that does not say where',
      { result: 'refused', step: '5.4.3.1', role: 'timestamp' },
      { result: 'refused' },
      undefined,
    ],
  ]

  test.each(cases)('%s', (_, expected, actual, difference) => {
    expect(workflowDifference(expected, actual)).toBe(difference)
  })
})
