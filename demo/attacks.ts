/**
 * The attacks on the client, for the terminal and for the page. The repository's own test kit says
 * how each must be refused.
 */
import type { Repository, Updater, UpdaterOptions } from 'tuffet'
import type { Refusal, TestRepository } from 'tuffet/testing'

/** A repository and its client. */
export interface World {
  readonly repo: TestRepository
  /** A target that stays in the repository all the time. */
  readonly path: string
  /** A client that was just started: it knows the first root and its own store. */
  updater(options?: Partial<UpdaterOptions>): Updater
  /** Fetches and verifies the target. */
  download(repository: Repository): Promise<unknown>
}

export interface Attack {
  readonly title: string
  /** The action of the attacker, in plain words. */
  readonly happened: string
  /** And its effect on a client that does not verify. */
  readonly otherwise: string
  /** The target that the client asks for. Default: that of the world. */
  readonly path?: string
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

/**
 * Ends an attack. A thief of keys may have signed one version more: the repository goes past it.
 * Afterwards `again` is signed anew: in two days it may be expired.
 */
export function recover(attack: Attack, world: World, role: string, again: string): void {
  const { repo } = world
  repo.attack.stop()
  attack.recover?.(world)
  for (let times = 0; times < 2; times++) repo.publish('snapshot', role, again)
}

/** `bin` is the hash bin of the worlds' path. */
export function attacks(bin: string): readonly Attack[] {
  const republish = ({ repo }: World): void => void repo.publish(bin)
  return [
    {
      title: "Rollback: yesterday's timestamp",
      happened: 'A mirror serves the timestamp of an earlier day, signed by the right key.',
      otherwise:
        'An installer sees an old list, and offers releases with known holes as the newest.',
      begin: ({ repo }) => repo.attack.rollbackTimestamp(),
      ask: refresh,
    },
    {
      title: 'Rollback: a new timestamp names an older snapshot',
      happened:
        'A thief of the timestamp key signs a new timestamp that points at an old snapshot.',
      otherwise: 'Every file that was fixed since then comes back, under a fresh date.',
      begin: ({ repo }) => repo.attack.rollbackSnapshot(),
      ask: refresh,
    },
    {
      title: 'Rollback: a new snapshot lists an older bin',
      happened: 'A thief of the online keys lists an older version of one bin.',
      otherwise: 'The projects in that bin go back in time; all others look fresh.',
      begin: ({ repo }) => repo.attack.rollbackRole(bin),
      ask: refresh,
    },
    {
      title: 'A mirror drops a bin from the snapshot',
      happened: 'A thief of the online keys leaves a bin out of the snapshot.',
      otherwise:
        'The projects in it seem never to have existed, and another source may take their names.',
      begin: ({ repo }) => repo.attack.droppedRole(bin),
      ask: refresh,
    },
    {
      title: 'Freeze: the metadata of two days ago, again and again',
      happened: 'A mirror keeps serving the state of two days ago.',
      otherwise: 'The client never hears of the security release of yesterday.',
      begin({ repo }) {
        const refusal = repo.attack.indefiniteFreeze()
        repo.advance(2)
        return refusal
      },
      ask: refresh,
    },
    {
      title: "Mix and match: yesterday's bin beside today's snapshot",
      happened: 'A mirror serves a bin of yesterday under its name of today.',
      otherwise: 'The client combines files that never belonged together.',
      before: republish,
      begin: ({ repo }) => repo.attack.mixAndMatch(bin),
      ask: find,
    },
    {
      title: 'Endless data: a timestamp that does not end',
      happened: 'A mirror answers with a file that goes on for ever.',
      otherwise: 'The client reads until its memory or its disk is full.',
      begin: ({ repo }) => repo.attack.endlessMetadata('timestamp'),
      ask: refresh,
    },
    {
      title: 'Endless data: a wheel that goes on after its last byte',
      happened: 'A mirror sends the wheel, and does not stop after its last byte.',
      otherwise: 'The disk fills up during an ordinary installation.',
      begin: ({ repo, path }) => repo.attack.endlessTarget(path),
      ask: download,
    },
    {
      title: 'Slow retrieval: 50 bytes a second',
      happened: 'A mirror sends a few bytes at a time.',
      otherwise: 'The client waits for hours, without its updates.',
      begin: ({ repo }) =>
        repo.attack.slowRetrieval(
          () => new Promise((resolve) => setTimeout(resolve, 20)),
          (_, name) => name === 'timestamp.json',
        ),
      ask: (world) => world.updater({ limits: { rateWindow: 300 } }).refresh(),
    },
    {
      title: 'Arbitrary installation: other bytes of the same length',
      happened: 'A mirror serves other bytes under the name of the wheel.',
      otherwise: 'The installer runs the code of the attacker.',
      begin: ({ repo, path }) => repo.attack.arbitraryInstallation(path),
      ask: download,
    },
    {
      title: 'Extraneous dependencies: one more in a signed entry',
      happened: 'A mirror adds a dependency to an entry that was signed.',
      otherwise: 'The installer also fetches a package of the attacker.',
      begin: ({ repo, path }) => repo.attack.extraneousDependencies(path, 'malware', bin),
      ask: find,
    },
    {
      title: 'Too few signatures: targets by one key of two',
      happened: 'A thief has one of the two keys of targets, and signs with it.',
      otherwise: 'One stolen key is enough to replace every package.',
      begin: ({ repo }) => repo.attack.belowThreshold('targets'),
      ask: refresh,
    },
    {
      title: 'One key counted twice, under two keyids',
      happened: 'One key signs under two names, to look like two signers.',
      otherwise: 'A threshold of two is met by a single thief.',
      crossed: true,
      begin: ({ repo }) => repo.attack.sameKeyTwice('timestamp'),
      ask: refresh,
    },
    {
      title: 'A role signed for another delegator',
      happened:
        'Alice and Bob both delegate to a role; its file is signed with the key that Alice named.',
      otherwise: 'Alice could publish files in the name of Bob.',
      crossed: true,
      begin: ({ repo }) => repo.attack.foreignDelegator('shared', 'alice'),
      path: 'bob/tool.whl',
      ask: async (world) => (await world.updater().refresh()).find('bob/tool.whl'),
    },
    {
      title: "A bin signed with somebody else's key",
      happened: 'A stranger signs a bin with a key of their own, under the keyid of the right one.',
      otherwise: 'The attacker lists any file for the projects in that bin.',
      begin: ({ repo }) => repo.attack.forged(bin),
      ask: find,
    },
    {
      title: 'A new root without the old keys; then a restart',
      happened: 'A stranger publishes a new root with new keys, which the old keys did not sign.',
      otherwise: 'The whole repository belongs to the attacker, for good.',
      begin: ({ repo }) => repo.attack.rootWithoutOldKeys(),
      ask: refresh,
      recover: ({ repo }) => void repo.rotate('root'),
    },
    {
      title: 'Fast-forward; then the true repository, until it rotates',
      happened:
        'A thief of the online keys published versions near the largest number; then the true repository is back.',
      otherwise:
        'Without a rule for recovery no client would ever accept the true repository again.',
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
