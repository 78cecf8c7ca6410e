import { describe, expect, test } from '@jest/globals'
import { groupFailures } from '../../../src/vectors/group-failures.js'
import type { VectorFailure } from '../../../src/vectors/runner.js'

function failure(
  id: string,
  said: string,
  message = 'is refused, must be accepted',
): VectorFailure {
  return {
    id,
    family: 'workflow-root',
    profile: 'spec',
    title: 'A title',
    requirements: ['5.3.4-threshold'],
    message,
    expected: { result: 'accepted' },
    actual: said === '' ? undefined : { result: 'refused', message: said },
  }
}

function groupsOf(...failures: readonly VectorFailure[]): [string, ...string[]][] {
  return groupFailures(failures).map(({ cause, failures: members }) => [
    cause,
    ...members.map(({ id }) => id),
  ])
}

describe('groups of failures', () => {
  test('one message with other ports, paths, digests and numbers is one group', () => {
    const groups = groupsOf(
      failure('a', 'cannot read http://127.0.0.1:4000/metadata/2.root.json'),
      failure('b', 'no key 0123456789abcdef0123 for version 3 in /tmp/a/b'),
      failure('c', 'cannot read http://127.0.0.1:5000/metadata/timestamp.json'),
      failure('d', 'no key abcdefabcdefabcdefab for version 12 in /tmp/c/d'),
      failure('e', 'no key abcdefabcdefabcdefab for version 9 in /tmp/c/d'),
    )
    expect(groups).toEqual([
      ['no key 0123456789abcdef0123 for version 3 in /tmp/a/b', 'b', 'd', 'e'],
      ['cannot read http://127.0.0.1:4000/metadata/2.root.json', 'a', 'c'],
    ])
  })

  test('the last line counts, after a trace', () => {
    const trace = 'Traceback (most recent call last):\n  File "x", line 1\nValueError: bad\n'
    expect(groupsOf(failure('a', trace))).toEqual([['ValueError: bad', 'a']])
  })

  test('clients without a message are grouped by the difference, whatever the command', () => {
    expect(
      groupsOf(
        failure('a', '', 'command 2 is accepted, must be refused'),
        failure('b', '', 'is accepted, must be refused'),
        failure('c', '', 'left no file'),
      ),
    ).toEqual([
      ['is accepted, must be refused', 'a', 'b'],
      ['left no file', 'c'],
    ])
  })
})
