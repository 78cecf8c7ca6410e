/** The repositories that the cases ask, each on a port of its own: a good one, keys of each type, attacks. */
import {
  createPep458Repository,
  createRepository,
  type MakeSigner,
  type TestRepository,
} from 'tuffet/testing'
import {
  ecdsaSigner,
  nodeEd25519Signer,
  rsaSigner,
  serve,
  type AnswerSource,
  type Behaviour,
  type ServedRequest,
} from 'tuffet/testing/node'
import type { Setup } from './cases.mjs'

/** The served repositories. */
export interface Places {
  readonly setup: Omit<Setup, 'vectors' | 'tls'>
  /** The requests for the good repository since the last call. */
  takeRequests(): string[]
  close(): Promise<void>
}

const path = '0b/de/a.whl'
const big = '0b/de/big.whl'
const bigLength = 300_000

/** Making an RSA key takes half a second; one key for all roles is enough here. */
const rsa = rsaSigner('runtimes')
const signers: Readonly<Record<string, MakeSigner>> = {
  ed25519: nodeEd25519Signer,
  'p-256': (seed) => ecdsaSigner(seed, { curve: 'P-256' }),
  'p-384': (seed) => ecdsaSigner(seed, { curve: 'P-384' }),
  'p-521': (seed) => ecdsaSigner(seed, { curve: 'P-521' }),
  rsa: () => rsa,
}

interface Served {
  readonly root: Uint8Array
  readonly source: AnswerSource
  readonly behave?: (request: ServedRequest) => Behaviour | undefined
}

/** Serves each; a browser of another origin may read all of it. */
export async function openPlaces(): Promise<Places> {
  const good = publish(2)
  const first = await open({ root: good.root(), source: good })
  const all = new Map([['good', first]])
  for (const [name, one] of attacked(good, first.targetsUrl)) all.set(name, await open(one))
  for (const [name, makeSigner] of Object.entries(signers)) {
    const repo = createRepository({ makeSigner })
    repo.addTarget(path, 'a wheel')
    repo.publish()
    all.set(name, await open({ root: repo.root(), source: repo }))
    all.set(`${name}, spoiled`, await open({ root: repo.root(), source: spoiled(repo) }))
  }
  const places = Object.fromEntries(
    [...all].map(([name, { metadataUrl, targetsUrl, root }]) => [
      name,
      { metadataUrl, targetsUrl, root: [...root] },
    ]),
  )
  // Nothing listens there any more.
  await all.get('closed')?.close()
  return {
    setup: { now: good.now, path, big, bigLength, places },
    takeRequests: () => first.requests.splice(0).map(({ url }) => url),
    async close() {
      all.delete('closed')
      await Promise.all([...all.values()].map((one) => one.close()))
    },
  }
}

function publish(times: number): TestRepository {
  const repo = createPep458Repository({ bins: 16 })
  repo.addTarget(path, 'a wheel')
  repo.addTarget(big, 'x'.repeat(bigLength))
  repo.publish()
  for (let count = 1; count < times; count++) repo.publish('targets')
  return repo
}

function attacked(good: TestRepository, targetsUrl: string): [string, Served][] {
  const root = good.root()
  const under = (attack: (repo: TestRepository) => void): Served => {
    const repo = publish(2)
    attack(repo)
    return { root, source: repo }
  }
  const asked = new Set<string>()
  return [
    ['older', { root, source: publish(1) }],
    ['wrong bytes', under(({ attack }) => attack.arbitraryInstallation(path))],
    ['endless', under(({ attack }) => attack.endlessMetadata())],
    ['forged', under(({ attack }) => attack.forged('timestamp'))],
    ['mixed', under(({ attack }) => attack.mixAndMatch())],
    ['silent', { root, source: good, behave: () => ({ wait: new Promise(() => undefined) }) }],
    ['closed', { root, source: good }],
    [
      'moved',
      {
        root,
        source: good,
        behave({ url }) {
          const name = /^\/targets\/(.*)$/.exec(url)?.[1]
          if (name === undefined) return undefined
          return { status: 302, headers: { location: targetsUrl + name } }
        },
      },
    ],
    [
      'cut',
      {
        root,
        source: good,
        behave({ url, method }) {
          // Each file breaks off once; the rest, or all of it, comes with the next request.
          if (method !== 'GET' || !url.startsWith('/targets/') || asked.has(url)) return undefined
          asked.add(url)
          return { closeAfter: 5 }
        },
      },
    ],
  ]
}

/** With one digit of each signature of the timestamp changed. */
function spoiled(repo: TestRepository): AnswerSource {
  return {
    answer(kind, name) {
      const answer = repo.answer(kind, name)
      if (name !== 'timestamp.json' || !(answer instanceof Uint8Array)) return answer
      const text = Buffer.from(answer).toString()
      const changed = text.replace(
        /("sig":"[0-9a-f]+)([0-9a-f])"/g,
        (_, start: string, last: string) => `${start}${last === '0' ? '1' : '0'}"`,
      )
      if (changed === text) throw new Error('no signature was found')
      return Buffer.from(changed)
    },
  }
}

async function open({ root, source, behave }: Served) {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'range, if-range',
    'access-control-expose-headers': 'etag',
  }
  const served = await serve(source, {
    behave(request) {
      const behaviour = behave?.(request) ?? {}
      return { ...behaviour, headers: { ...headers, ...behaviour.headers } }
    },
  })
  return { ...served, root }
}
