/** Plays a history: the repository, the attacker's files, the clients, and the judge after each cycle. */
import type { Answer, FileKind, TestRepository } from '../../../src/testing/index.js'
import { createRepository, ed25519Signer } from '../../../src/testing/index.js'
import { nodeEd25519Signer } from '../../../src/testing/node/keys.js'
import { isTufError } from '../../../src/errors.js'
import {
  clientOf,
  Crash,
  never,
  processOf,
  WatchedStore,
  type Client,
  type MakeSubject,
  type Subject,
  type View,
} from './client.js'
import { picker, type History, type Operation, type Pick } from './history.js'
import { belowFloor, faultsOf, floorOf, readSigned, rootChain, targetFaults } from './judge.js'

/** The first fault of a history, and its counts. */
export interface Outcome {
  readonly fault: string | undefined
  readonly counts: Counts
}

export interface Counts {
  cycles: number
  accepted: number
  refused: number
  crashed: number
  targets: number
}

const hour = 3_600_000
const paths = ['a', 'b', 'dev/a', 'dev/b', 'dev/deep/a', 'ops/a']

export async function play(history: History, makeSubject: MakeSubject): Promise<Outcome> {
  const world = new World(history, makeSubject)
  const { counts } = world
  for (const [at, operation] of history.operations.entries()) {
    const fault = await world.play(operation)
    if (fault !== undefined)
      return { fault: `operation ${at + 1}, ${operation.do}: ${fault}`, counts }
  }
  const fault = await world.end()
  return { fault: fault === undefined ? undefined : `at the end: ${fault}`, counts }
}

class World {
  readonly counts: Counts = { cycles: 0, accepted: 0, refused: 0, crashed: 0, targets: 0 }
  readonly #repo: TestRepository
  readonly #anchor: Uint8Array
  readonly #clients: Client[] = []
  readonly #makeSubject: MakeSubject
  /** Repositories that an attacker made with stolen keys. */
  readonly #forks: TestRepository[] = []
  readonly #pick: Pick
  /** Contents that the repository itself once listed for a path. */
  readonly #honest = new Map<string, Set<string>>()
  readonly #edges = new Set(['targets dev'])
  #contents = 0

  constructor({ seed, start }: History, makeSubject: MakeSubject) {
    const [rootKeys = 0, stampKeys = 0, snapKeys = 0, targetKeys = 0] = start
    const [hashes = 0, bins = 0, on = 0, lives = 0] = start.slice(4)
    const keys = (n: number) => ({ count: 1 + (n % 3), threshold: 1 + (n % (1 + (n % 3))) })
    this.#pick = picker(seed ^ 0x5bd1e995)
    this.#makeSubject = makeSubject
    this.#repo = createRepository({
      seed: `history ${seed}`,
      makeSigner: nodeEd25519Signer,
      consistentSnapshot: on % 4 !== 0,
      keys: {
        root: keys(rootKeys),
        timestamp: keys(stampKeys),
        snapshot: keys(snapKeys),
        targets: keys(targetKeys),
      },
      lifetimes: {
        root: 4 + (lives % 30),
        targets: 2 + (lives % 7),
        delegated: 2 + (lives % 5),
        snapshot: 2 + (lives % 3),
      },
      snapshotHashes: hashes % 2 === 1,
      timestampHashes: hashes % 4 > 1,
    })
    this.#repo.delegate('targets', { name: 'dev', paths: ['dev/*'], count: 2, threshold: 2 })
    if (bins % 2 === 1) this.#repo.delegateHashBins('targets', { bins: 2 })
    for (const path of ['a', 'dev/a']) this.#addTarget(path)
    this.#repo.publish()
    this.#anchor = this.#repo.root()
    const shared = new WatchedStore(this.#anchor)
    for (const store of [shared, shared, new WatchedStore(this.#anchor)]) {
      this.#clients.push(clientOf(store))
    }
  }

  async play({ do: verb, with: n }: Operation): Promise<string | undefined> {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = n
    const repo = this.#repo
    const client = this.#clients[a % this.#clients.length]!
    switch (verb) {
      case 'publish':
        if (b % 2 === 0) this.#addTarget(paths[c % paths.length]!)
        repo.publish(...(d % 3 === 0 ? [of(['targets', 'snapshot', 'root'], e)] : []))
        return undefined
      case 'rotate':
        this.#rotate(a, b, c)
        return undefined
      case 'delegate': {
        const [from, name] = [of(['targets', 'dev'], a), of(['ops', 'deep'], b)]
        if (this.#edges.has(`${from} ${name}`)) return undefined
        this.#edges.add(`${from} ${name}`)
        repo.delegate(from, {
          name,
          paths: [of(['dev/*', 'dev/deep/*', 'ops/*'], c)],
          terminating: d % 3 === 0,
          count: 1 + (e % 2),
        })
        repo.publish()
        return undefined
      }
      case 'revoke': {
        const name = of(['dev', 'ops'], a)
        this.#edges.delete(`targets ${name}`)
        repo.revoke('targets', name)
        repo.publish()
        return undefined
      }
      case 'consistent':
        repo.setConsistentSnapshot(a % 2 === 0)
        return undefined
      case 'pass':
        repo.advance(of([0.2, 0.9, 1.1, 3, 8], a))
        if (b % 3 !== 0) this.#renew()
        return undefined
      case 'skew':
        client.skew = of([-30, -2, 0, 0, 2, 30, 200], b) * hour
        return undefined
      case 'expire':
        this.#fork((fork) => fork.expire(of(['timestamp', 'snapshot'], a)))
        return this.#meet(n)
      case 'steal':
        this.#steal(a, b)
        return this.#meet(n)
      case 'weak':
        this.#weaken(a, b)
        return this.#meet(n)
      case 'restart':
        client.process = undefined
        return undefined
      case 'refresh':
        return this.#cycle(client, this.#served(undefined, b), b, this.#noise(0))
      case 'attacked':
        return this.#cycle(client, this.#served(picker(b), c), d, this.#noise(0))
      case 'crash': {
        const crash = new Crash(b % 40)
        client.process = undefined
        return this.#cycle(client, this.#served(c % 2 ? picker(c) : undefined, d), e, crash)
      }
      case 'race':
        return this.#race(b, c, d)
    }
  }

  /** Afterwards every client that meets the honest repository succeeds. */
  async end(): Promise<string | undefined> {
    this.#repo.advance(1)
    this.#renew()
    for (const client of this.#clients) {
      // A thief's file of the same version counts until the next one (5.4.3.1).
      if (this.#holdsOther(client)) this.#renew()
      client.skew = 0
      client.process = undefined
      const expected = this.#isLive(client)
      const before = this.counts.accepted
      const fault = await this.#cycle(client, this.#served(undefined, 0), 0, this.#noise(0))
      if (fault !== undefined) return fault
      if (expected && this.counts.accepted === before) {
        return `an honest cycle was refused: ${this.#refusal}`
      }
    }
    return undefined
  }

  #refusal = ''

  #holdsOther({ store: { entries } }: Client): boolean {
    return ['timestamp', 'snapshot'].some((role) => {
      const bytes = entries.get(`${role}.json`)
      if (readSigned(bytes)?.version !== this.#repo.version(role)) return false
      return !Buffer.from(this.#repo.file(this.#repo.fileName(role))).equals(bytes ?? Buffer.of())
    })
  }

  /** Whether nothing that this client believed stands above the honest files. */
  #isLive({ store, latest }: Client): boolean {
    const repo = this.#repo
    if (latest > repo.now + 4 * 60_000) return false
    const chain = rootChain(store.entries, this.#anchor)
    if (chain.at(-1)!.version > repo.version('root')) return false
    const honest = readSigned(repo.root(repo.version('root')))!
    const entries = store.entries
    const timestamp = readSigned(repo.file('timestamp.json'))!
    const snapshot = readSigned(repo.file(repo.fileName('snapshot')))!
    return belowFloor(floorOf(entries, honest), timestamp, snapshot).length === 0
  }

  #addTarget(path: string): void {
    const content = `${path} ${this.#contents++}`
    const isDev = path.startsWith('dev/') && this.#repo.roles().includes('dev')
    this.#repo.addTarget(path, content, isDev ? { role: 'dev' } : {})
    this.#honest.set(path, (this.#honest.get(path) ?? new Set()).add(content))
  }

  /** Signs everything again, as a repository does in time. */
  #renew(): void {
    this.#repo.publish('root', 'snapshot', ...this.#repo.roles())
  }

  #rotate(a: number, b: number, c: number): void {
    const role = of(['root', 'timestamp', 'snapshot', 'targets', 'dev'], a)
    if (role === 'dev' && !this.#isDelegated('dev')) return
    const threshold = this.#repo.threshold(role)
    const count = this.#repo.signers(role).length
    if (b % 3 === 0) this.#repo.rotate(role, { add: 1, remove: 1, threshold })
    else if (b % 3 === 1) this.#repo.rotate(role)
    else this.#repo.rotate(role, { add: 1, threshold: 1 + (c % (count + 1)) })
    this.#repo.publish()
  }

  #isDelegated(role: string): boolean {
    try {
      return this.#repo.threshold(role) > 0
    } catch {
      return false
    }
  }

  /** Mostly a client meets the newest fork at once, and nothing but it. */
  async #meet([, , c = 0, d = 0, e = 0]: readonly number[]): Promise<string | undefined> {
    const fork = this.#forks.at(-1)
    if (!fork || c % 4 === 0) return undefined
    const client = this.#clients[d % this.#clients.length]!
    return this.#cycle(client, (kind, name) => fork.answer(kind, name), e, this.#noise(0))
  }

  #fork(change: (fork: TestRepository) => void): void {
    const fork = this.#repo.fork()
    change(fork)
    this.#forks.push(fork)
  }

  /** With the keys of timestamp and snapshot, and of the bins. */
  #steal(a: number, b: number): void {
    const raise = 1 + (b % 3)
    this.#fork((fork) => {
      switch (a % 6) {
        case 0:
          for (const role of ['timestamp', 'snapshot']) {
            fork.setNextVersion(role, fork.version(role) + 5 * raise)
          }
          fork.publish('timestamp', 'snapshot')
          return
        case 1:
          editMeta(fork, 'timestamp', 'snapshot.json', (version) => Math.max(1, version - raise))
          return
        case 2:
          editMeta(fork, 'snapshot', 'targets.json', (version) => Math.max(1, version - raise))
          return
        case 3:
          editMeta(fork, 'snapshot', of(['dev.json', 'targets.json'], b), () => undefined)
          return
        case 4:
          editMeta(fork, 'snapshot', 'dev.json', (version) => version + raise)
          return
        default: {
          const bin = fork.roles().find((name) => /^[0-9a-f](-[0-9a-f])?$/.test(name))
          if (bin === undefined) return void fork.publish('snapshot')
          fork.addTarget('a', `by a thief ${b}`, { role: bin })
          fork.publish()
        }
      }
    })
  }

  /** With one key fewer than needed, or with keys that nobody names. */
  #weaken(a: number, b: number): void {
    const role = of(['root', 'timestamp', 'snapshot', 'targets', 'dev'], a)
    if (role === 'dev' && !this.#isDelegated('dev')) return
    this.#fork((fork) => {
      const own = fork.signers(role)
      const strangers = [ed25519Signer(`stranger ${b % 3}`)]
      const few = own.slice(0, fork.threshold(role) - 1)
      if (role === 'root' && b % 2 === 0) {
        // A root of the attacker's own making, which the old keys did not sign.
        fork.signWith('root', [...few, ...strangers])
        fork.rotate('root', { add: strangers, remove: own.length, threshold: 1 })
      } else {
        fork.signWith(role, [...few, ...(b % 3 === 0 ? strangers : [])])
        if (role === 'targets' || role === 'dev') fork.addTarget(paths[2]!, 'by a thief', { role })
        fork.publish(role)
      }
    })
  }

  /** The answers of a mirror: honest, or of an attacker who mixes all that was ever signed. */
  #served(attacker: Pick | undefined, base: number): (kind: FileKind, name: string) => Answer {
    const repo = this.#repo
    if (!attacker) return (kind, name) => repo.answer(kind, name)
    const forks = [...this.#forks].reverse()
    const sources = [undefined, ...forks]
    const whole = base % 3 === 0 ? undefined : sources[base % Math.min(4, sources.length)]
    const past = base % 5 === 0 ? 1 + (base % repo.publication) : repo.publication
    const from = (fork: TestRepository | undefined, kind: FileKind, name: string): Answer => {
      if (fork) return fork.answer(kind, name)
      return repo.has(name, kind, past) ? repo.file(name, kind, past) : 'missing'
    }
    const rate = of([0, 0, 1, 2, 4], attacker(5))
    return (kind, name) => {
      if (attacker(10) >= rate) return from(whole, kind, name)
      switch (attacker(6)) {
        case 0:
          return 'missing'
        case 1: {
          const publication = 1 + attacker(repo.publication)
          return repo.has(name, kind, publication) ? repo.file(name, kind, publication) : 'missing'
        }
        case 2: {
          const names = repo.fileNames(kind)
          const other = names[attacker(names.length)]
          return other === undefined ? 'missing' : repo.file(other, kind)
        }
        case 3: {
          const bytes = from(whole, kind, name)
          return bytes instanceof Uint8Array
            ? bytes.map((byte, at) => (at === 40 ? 65 : byte))
            : bytes
        }
        default:
          return from(sources[attacker(sources.length)], kind, name)
      }
    }
  }

  #noise(most: number): Crash | { step(): Promise<void> } {
    return {
      step: async () => {
        const turns = most === 0 ? 0 : this.#pick(most)
        for (let turn = 0; turn < turns; turn++)
          await new Promise((resolve) => setImmediate(resolve))
      },
    }
  }

  /** Two processes over one store, while the repository goes on. */
  async #race(a: number, b: number, c: number): Promise<string | undefined> {
    const [first, second] = this.#clients as [Client, Client]
    const noise = this.#noise(6)
    const pair = [first, second].map((client, at) => {
      client.process = undefined
      const attacker = (b + at) % 3 === 0 ? picker(b + at) : undefined
      return this.#cycle(client, this.#served(attacker, c), 0, noise, true)
    })
    await noise.step()
    if (a % 2 === 0) this.#rotate(b, c, a)
    else this.#repo.publish('targets')
    const faults = await Promise.all(pair)
    return faults.find((fault) => fault !== undefined)
  }

  async #cycle(
    client: Client,
    answer: (kind: FileKind, name: string) => Answer,
    asks: number,
    pace: Crash | { step(): Promise<void> },
    shared = false,
  ): Promise<string | undefined> {
    const { store, skew } = client
    const now = this.#repo.now + skew
    const before = new Map(store.entries)
    this.counts.cycles += 1
    const ended = pace instanceof Crash ? pace.happened : never
    const process = processOf(client, this.#makeSubject)
    Object.assign(process, { now, answer, step: () => pace.step(), ended })
    const mode = shared || asks % 7 > 1 ? 'online' : asks % 7 === 0 ? 'cached' : 'offline'
    const path = paths[asks % paths.length]!
    const killed = new AbortController()
    const running = this.#ask(process.subject, mode, path, killed.signal)
    const result =
      pace instanceof Crash ? await Promise.race([running, pace.happened]) : await running
    if (!result) {
      // Its timers end too, and it never reaches a port again.
      process.step = () => never
      killed.abort()
    }
    if (store.faults.length > 0) return store.faults.join('; ')
    if (!result) {
      client.process = undefined
      this.counts.crashed += 1
      return undefined
    }
    if ('error' in result && !isTufError(result.error)) return `failed: ${String(result.error)}`
    if (!result.view) {
      this.counts.refused += 1
      this.#refusal = 'error' in result ? String(result.error) : ''
      return undefined
    }
    this.counts.accepted += 1
    if (mode === 'online') client.latest = Math.max(client.latest, now)
    for (const other of this.#clients) {
      if (other.store === store) other.latest = Math.max(other.latest, client.latest)
    }
    return this.#judge(client, before, result, path, now, shared)
  }

  async #ask(
    subject: Subject,
    mode: 'online' | 'cached' | 'offline',
    path: string,
    signal: AbortSignal,
  ): Promise<{ view?: View; bytes?: Uint8Array; error?: unknown }> {
    let view: View | undefined
    try {
      view = await subject.refresh({ mode, signal })
      const target = await view.find(path, { signal })
      return target ? { view, bytes: await view.read(path, { signal }) } : { view }
    } catch (error) {
      return { ...(view && { view }), error }
    }
  }

  #judge(
    { store }: Client,
    before: ReadonlyMap<string, Uint8Array>,
    { view, bytes }: { view?: View; bytes?: Uint8Array },
    path: string,
    now: number,
    shared: boolean,
  ): string | undefined {
    const { entries } = store
    const stored = readSigned(entries.get('timestamp.json'))
    // Another process may have stored a newer one meanwhile.
    const isOwn = view?.timestamp.version === stored?.version
    if (!isOwn && !shared) return 'the view is not of the stored timestamp'
    if (!isOwn) return undefined
    const faults = shared ? [] : faultsOf(entries, this.#anchor, now)
    const root = rootChain(entries, this.#anchor).at(-1)!
    const [timestamp, snapshot] = [stored, readSigned(entries.get('snapshot.json'))]
    if (timestamp && snapshot && !shared) {
      faults.push(...belowFloor(floorOf(before, root), timestamp, snapshot))
    }
    if (bytes && !shared) {
      this.counts.targets += 1
      faults.push(...targetFaults(entries, path, bytes, now))
      faults.push(...this.#theftFaults(path, bytes))
    }
    return faults.length > 0 ? faults.join('; ') : undefined
  }

  /** Nobody stole the keys of targets and dev: their files are the repository's own. */
  #theftFaults(path: string, bytes: Uint8Array): string[] {
    const content = new TextDecoder().decode(bytes)
    const isBinned =
      !path.startsWith('dev/') && this.#repo.roles().some((name) => /^[0-9a-f]/.test(name))
    if (isBinned || this.#honest.get(path)?.has(content) === true) return []
    return [`${path} is ${JSON.stringify(content)}, which was never published`]
  }
}

function of<T>(list: readonly T[], index: number): T {
  const one = list[index % list.length]
  if (one === undefined) throw new Error('an empty list')
  return one
}

/** Changes a version that a role lists, or takes it out. */
function editMeta(
  fork: TestRepository,
  role: string,
  name: string,
  change: (version: number) => number | undefined,
): void {
  fork.edit(role, (signed) => {
    const meta = signed['meta'] as Record<string, { version: number }>
    const listed = meta[name]
    const version = listed && change(listed.version)
    if (version === undefined) delete meta[name]
    else meta[name] = { version }
  })
}
