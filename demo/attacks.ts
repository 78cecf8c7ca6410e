/** The attacks on the client. The repository's own test kit says how each must be refused. */
import { setTimeout } from 'node:timers/promises'
import type { Refusal } from 'tuffet/testing'
import type { World } from './world.js'

export interface Attack {
  readonly title: string
  /** Whether it needs the repository whose delegations cross. Default: the one of PyPI's shape. */
  readonly crossed?: true
  /** The steps before, which are accepted. */
  readonly before?: (world: World) => void | Promise<void>
  readonly begin: (world: World) => Refusal
  /** The client's action meanwhile; it must throw. */
  readonly ask: (world: World) => Promise<unknown>
  /** The honest repository's answer to it; it publishes anew in any case. */
  readonly recover?: (world: World) => void
}

const refresh = (world: World): Promise<unknown> => world.updater().refresh()
const find = async (world: World): Promise<unknown> =>
  (await world.updater().refresh()).find(world.path)
const download = async (world: World): Promise<unknown> =>
  world.download(await world.updater().refresh())

/** `bin` is the hash bin of the worlds' path. */
export function attacks(bin: string): readonly Attack[] {
  const republish = ({ repo }: World): void => void repo.publish(bin)
  return [
    {
      title: "Rollback: yesterday's timestamp",
      begin: ({ repo }) => repo.attack.rollbackTimestamp(),
      ask: refresh,
    },
    {
      title: 'Rollback: a new timestamp names an older snapshot',
      begin: ({ repo }) => repo.attack.rollbackSnapshot(),
      ask: refresh,
    },
    {
      title: 'Rollback: a new snapshot lists an older bin',
      begin: ({ repo }) => repo.attack.rollbackRole(bin),
      ask: refresh,
    },
    {
      title: 'A mirror drops a bin from the snapshot',
      begin: ({ repo }) => repo.attack.droppedRole(bin),
      ask: refresh,
    },
    {
      title: 'Freeze: the metadata of two days ago, again and again',
      begin({ repo }) {
        const refusal = repo.attack.indefiniteFreeze()
        repo.advance(2)
        return refusal
      },
      ask: refresh,
    },
    {
      title: "Mix and match: yesterday's bin beside today's snapshot",
      before: republish,
      begin: ({ repo }) => repo.attack.mixAndMatch(bin),
      ask: find,
    },
    {
      title: 'Endless data: a timestamp that does not end',
      begin: ({ repo }) => repo.attack.endlessMetadata('timestamp'),
      ask: refresh,
    },
    {
      title: 'Endless data: a wheel that goes on after its last byte',
      begin: ({ repo, path }) => repo.attack.endlessTarget(path),
      ask: download,
    },
    {
      title: 'Slow retrieval: 50 bytes a second',
      begin: ({ repo }) =>
        repo.attack.slowRetrieval(
          () => setTimeout(20),
          (_, name) => name === 'timestamp.json',
        ),
      ask: (world) => world.updater({ limits: { rateWindow: 300 } }).refresh(),
    },
    {
      title: 'Arbitrary installation: other bytes of the same length',
      begin: ({ repo, path }) => repo.attack.arbitraryInstallation(path),
      ask: download,
    },
    {
      title: 'Extraneous dependencies: one more in a signed entry',
      begin: ({ repo, path }) => repo.attack.extraneousDependencies(path, 'malware', bin),
      ask: find,
    },
    {
      title: 'Too few signatures: targets by one key of two',
      begin: ({ repo }) => repo.attack.belowThreshold('targets'),
      ask: refresh,
    },
    {
      title: 'One key counted twice, under two keyids',
      crossed: true,
      begin: ({ repo }) => repo.attack.sameKeyTwice('timestamp'),
      ask: refresh,
    },
    {
      title: 'A role signed for another delegator',
      crossed: true,
      begin: ({ repo }) => repo.attack.foreignDelegator('shared', 'alice'),
      ask: async (world) => (await world.updater().refresh()).find('bob/tool.whl'),
    },
    {
      title: "A bin signed with somebody else's key",
      begin: ({ repo }) => repo.attack.forged(bin),
      ask: find,
    },
    {
      title: 'A new root without the old keys; then a restart',
      begin: ({ repo }) => repo.attack.rootWithoutOldKeys(),
      ask: refresh,
      recover: ({ repo }) => void repo.rotate('root'),
    },
    {
      title: 'Fast-forward; then the true repository, until it rotates',
      async before(world) {
        world.repo.attack.fastForward()
        await world.updater().refresh()
      },
      begin({ repo }) {
        repo.attack.stop()
        return { code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.1' }
      },
      ask: refresh,
      recover({ repo }) {
        repo.rotate('timestamp')
        repo.rotate('snapshot')
      },
    },
  ]
}
