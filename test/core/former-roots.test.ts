import { describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { rootOf } from '../support/phases.js'

interface SignedRoot {
  readonly keys: Record<string, { keytype: string; scheme: string; keyval: { public: string } }>
  readonly roles: Record<string, { keyids: string[]; threshold: number }>
}
type ChangeRoot = (role: { keyids: string[]; threshold: number }, root: SignedRoot) => void

function published(): TestRepository {
  const floors = { count: 2, threshold: 1 }
  const repo = createRepository({ keys: { timestamp: floors, snapshot: floors } })
  repo.publish()
  return repo
}

/** The versions of the former roots that may still prove a rotation, after root 2. */
function formerAfter(role: string, change: ChangeRoot): number[] {
  const repo = published()
  repo.edit('root', (signed) => {
    const root = signed as unknown as SignedRoot
    change(root.roles[role]!, root)
  })
  return rootOf(repo).former.map(({ version }) => version)
}

function keyOf({ keyids }: { keyids: string[] }, { keys }: SignedRoot, at = 0) {
  return keys[keyids[at]!]!
}

/** Each leaves files that only the older root's keys vouch for. */
const changes: readonly (readonly [string, ChangeRoot])[] = [
  ['asks for more signatures', (role) => (role.threshold = 2)],
  ['names one key less', (role) => role.keyids.pop()],
  [
    'names one key more',
    (role, { keys }) =>
      role.keyids.push(Object.keys(keys).find((keyid) => !role.keyids.includes(keyid))!),
  ],
  [
    'names another key, and its table still has the former',
    (role, { keys }) =>
      role.keyids.splice(
        0,
        1,
        Object.keys(keys).find((keyid) => !role.keyids.includes(keyid))!,
      ),
  ],
  [
    'has another public key under the second keyid',
    (role, root) => {
      keyOf(role, root, 1).keyval.public = keyOf(root.roles['root']!, root).keyval.public
    },
  ],
  ['declares another type of a key', (role, root) => (keyOf(role, root).keytype = 'future')],
  ['declares another scheme of a key', (role, root) => (keyOf(role, root).scheme = 'future')],
]

describe.each(['timestamp', 'snapshot'])(
  '5.3.11: the former root is remembered for %s where the newer',
  (role) => {
    test.each(changes)('%s', (_how, change) => {
      expect(formerAfter(role, change)).toEqual([1])
    })

    test('lacks a key that both name', () => {
      const repo = published()
      repo.edit('root', (signed) => {
        const { keys, roles } = signed as unknown as SignedRoot
        delete keys[roles[role]!.keyids[0]!]
      })
      expect(rootOf(repo).former).toHaveLength(1)
    })
  },
)

describe('5.3.11: the former root is not remembered where the newer', () => {
  test('has the same keys for timestamp and snapshot', () => {
    const repo = published()
    repo.publish('root')
    repo.rotate('targets')
    repo.rotate('root')
    expect(rootOf(repo)).toMatchObject({ root: { signed: { version: 4 } }, former: [] })
  })

  test('names the same keyid, and neither has its key', () => {
    const repo = published()
    const withoutKey = (signed: object): void => {
      ;(signed as SignedRoot).roles['timestamp']!.keyids.push('ab'.repeat(32))
    }
    repo.edit('root', withoutKey)
    repo.edit('root', withoutKey)
    expect(rootOf(repo).former.map(({ version }) => version)).toEqual([1])
  })
})

test('former roots are in order, oldest first, and none is forgotten', () => {
  const repo = published()
  repo.rotate('timestamp')
  repo.publish('root')
  repo.rotate('snapshot')
  expect(rootOf(repo).former.map(({ version }) => version)).toEqual([1, 3])
})
