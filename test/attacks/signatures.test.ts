import { describe, expect, test } from '@jest/globals'
import { p256 } from '@noble/curves/nist.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import {
  createRepository,
  ed25519Signer,
  seedFrom,
  withDeclaration,
  withKeyid,
  type PublicKeyDeclaration,
  type Signer,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, type TestClient } from '../support/client.js'
import { toPem } from '../support/signature-case.js'
import { expectRefused, serveFork, type Expected } from '../support/under-attack.js'

const unsigned = 'ERR_TUF_THRESHOLD_NOT_MET'

/** targets → dev; two keys for each role. */
function published(): TestRepository {
  const two = { count: 2 }
  const repo = createRepository({
    keys: { root: two, timestamp: two, snapshot: two, targets: two },
  })
  repo.delegate('targets', { name: 'dev', count: 2 })
  repo.addTarget('a.txt', 'a', { role: 'dev' })
  repo.publish()
  return repo
}

/** A refresh, and a search that needs `dev`. */
const find = { ask: async ({ updater }: TestClient) => (await updater.refresh()).find('a.txt') }

const steps = {
  root: '5.3.4',
  timestamp: '5.4.2',
  snapshot: '5.5.3',
  targets: '5.6.3',
  dev: '5.6.3',
}
const roles = Object.entries(steps)

function rotates(role: string): boolean {
  return role === 'timestamp' || role === 'snapshot'
}

function ecdsa(declare: (point: Uint8Array) => string): Signer {
  const secret = seedFrom('a key on P-256')
  const key: PublicKeyDeclaration = {
    keytype: 'ecdsa',
    scheme: 'ecdsa-sha2-nistp256',
    keyval: { public: declare(p256.getPublicKey(secret, false)) },
  }
  const sign = (bytes: Uint8Array): Uint8Array => p256.sign(bytes, secret, { format: 'der' })
  return withDeclaration({ keyid: '', key, sign }, key)
}

function pemOf(point: Uint8Array): string {
  const prefix = hexToBytes('3059301306072a8648ce3d020106082a8648ce3d030107034200')
  return toPem('PUBLIC KEY', Uint8Array.from([...prefix, ...point]))
}

describe('row 1: counting signatures', () => {
  test.each(roles)(
    'CVE-2026-6966: one key under two keyids does not meet a threshold of two: %s (%s)',
    async (role, step) => {
      await expectRefused(
        published(),
        (repo) => {
          expect(repo.attack.sameKeyTwice(role)).toMatchObject({ code: unsigned, step })
          return { code: unsigned, role, step }
        },
        { ...find, rotated: rotates(role) },
      )
    },
  )

  test.each(roles)(
    'CVE-2020-6174: two signatures under one keyid are refused at parse: %s',
    async (role) => {
      await expectRefused(published(), (repo) => repo.attack.repeatedSignature(role), find)
    },
  )

  test.each(roles)(
    'CVE-2020-15093: one good signature does not meet a threshold of two: %s (%s)',
    async (role, step) => {
      await expectRefused(
        published(),
        (repo) => {
          expect(repo.attack.belowThreshold(role)).toEqual({ code: unsigned, role, step })
          return { code: unsigned, role, step }
        },
        find,
      )
    },
  )

  test('GMS-2022-4197: a keyid that a role lists twice is refused at parse', async () => {
    await expectRefused(published(), (repo) => {
      const [first] = repo.signers('timestamp')
      const end = serveFork(repo, (fork) => {
        fork.rotate('timestamp', { add: first ? [first, first] : [], remove: 2, threshold: 2 })
      })
      return { code: 'ERR_TUF_METADATA_INVALID', role: 'root', step: '4.3', end }
    })
  })

  test('go-tuf#733: one key in hexadecimal and as PEM does not meet a threshold of two', async () => {
    await expectRefused(
      published(),
      (repo) => {
        const twice = [ecdsa(bytesToHex), ecdsa(pemOf)]
        const end = serveFork(repo, (fork) => {
          fork.rotate('timestamp', { add: twice, remove: 2, threshold: 2 })
        })
        return { code: unsigned, role: 'timestamp', step: steps.timestamp, end }
      },
      { rotated: true },
    )
  })

  test.each(roles)('1.5.2: arbitrary installation: nobody signed %s (%s)', async (role, step) => {
    await expectRefused(published(), (repo) => repo.attack.unsigned(role), find)
    await expectRefused(
      published(),
      (repo) => {
        expect(repo.attack.forged(role)).toEqual({ code: unsigned, role, step })
        return { code: unsigned, role, step }
      },
      find,
    )
  })

  test.each(roles.filter(([role]) => role !== 'root'))(
    '1.5.2: keys that were rotated away no longer sign %s (%s)',
    async (role, step) => {
      await expectRefused(
        published(),
        (repo) => {
          expect(repo.attack.revokedKeys(role)).toMatchObject({ step })
          return { code: unsigned, role, step }
        },
        { ...find, rotated: rotates(role) },
      )
    },
  )

  test('1.5.2: extraneous dependencies: custom is signed too', async () => {
    await expectRefused(
      published(),
      (repo) => repo.attack.extraneousDependencies('a.txt', 'evil', 'dev'),
      find,
    )
  })
})

describe('row 2: signature flood', () => {
  test.each(roles)('CVE-2020-6173: more than 1,024 signatures are refused: %s', async (role) => {
    await expectRefused(published(), (repo) => repo.attack.signatureFlood(role), find)
  })

  test('CVE-2020-6173: the cap is an option', async () => {
    const limits = { signatures: 4 }
    await expectRefused(published(), (repo) => repo.attack.signatureFlood('timestamp', 5), {
      limits,
    })
    await expectRefused(
      published(),
      (repo) => {
        repo.attack.signatureFlood('timestamp', 4)
        return { code: unsigned, role: 'timestamp', step: steps.timestamp }
      },
      { limits },
    )
  })
})

describe('row 3: the scheme comes from the key', () => {
  const mislabelled: readonly (readonly [string, PublicKeyDeclaration])[] = [
    [
      'an ECDSA key labelled ed25519',
      { ...ecdsa(pemOf).key, keytype: 'ed25519', scheme: 'ed25519' },
    ],
    [
      'a P-256 key with the scheme of P-384',
      { ...ecdsa(pemOf).key, scheme: 'ecdsa-sha2-nistp384' },
    ],
    ['an Ed25519 key labelled ECDSA', { ...ed25519Signer('x').key, keytype: 'ecdsa' }],
  ]

  test.each(mislabelled)('CVE-2015-9258: %s does not sign', async (_, key) => {
    const real = key.keyval.public.startsWith('-----') ? ecdsa(pemOf) : ed25519Signer('x')
    const begin = (repo: TestRepository): Expected => {
      const end = serveFork(repo, (fork) => {
        fork.rotate('timestamp', { add: [withDeclaration(real, key)], remove: 2, threshold: 1 })
      })
      return { code: unsigned, role: 'timestamp', step: steps.timestamp, end }
    }
    await expectRefused(published(), begin, { rotated: true })
  })

  test('CVE-2015-9258: a method beside the signature makes no difference', async () => {
    const repo = published()
    repo.edit('timestamp', {
      envelope: (file) => {
        const { signatures } = file
        if (!Array.isArray(signatures)) throw new TypeError('no signatures')
        file['signatures'] = signatures.map((one) => ({ ...Object(one), method: 'none' }))
      },
    })
    const { updater, store } = clientOf(repo)
    expect((await updater.refresh()).timestamp.version).toBe(2)
    expect(new TextDecoder().decode(store.entries.get('timestamp.json'))).toContain('"method"')
  })
})

describe('row 4: threshold', () => {
  test.each(['0', '-1', '0.5', '"1"', 'true', '1e400', 'null'])(
    'CVE-2026-23992: %s is refused in a root and in a delegation',
    async (threshold) => {
      const change = {
        bytes: (bytes: Uint8Array) => {
          const text = new TextDecoder()
            .decode(bytes)
            .replaceAll(/("threshold":)2/g, `$1${threshold}`)
          return new TextEncoder().encode(text)
        },
      }
      const code = 'ERR_TUF_METADATA_INVALID'
      await expectRefused(published(), (repo) => {
        const end = serveFork(repo, (fork) => fork.edit('root', change))
        return { code, role: 'root', step: '4.3', end }
      })
      await expectRefused(published(), (repo) => {
        const end = serveFork(repo, (fork) => fork.edit('targets', change))
        return { code, role: 'targets', step: '4.5', end }
      })
    },
  )
})

describe('row 5: the chain of roots', () => {
  test('CVE-2020-15163: a refused root is not stored, and a restart starts from the one before', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    for (const begin of ['rootWithoutOldKeys', 'rootWithoutNewKeys'] as const) {
      expect(repo.attack[begin]()).toMatchObject({ code: unsigned, step: '5.3.4' })
      await expect(client.updater.refresh()).rejects.toMatchObject({ code: unsigned, role: 'root' })
      repo.attack.stop()
      const { updater } = clientOf(repo, { store: client.store })
      expect((await updater.refresh()).root.version).toBe(1)
    }
    expect([...client.store.entries.keys()].filter((name) => name.includes('root'))).toEqual([
      'root_history/1.root.json',
      'root.json',
    ])
  })

  test('CVE-2020-15163: a root planted in the store is replayed and refused, not believed', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    repo.attack.rootWithoutOldKeys()
    const planted = repo.answer('metadata', '2.root.json')
    repo.attack.stop()
    if (!(planted instanceof Uint8Array)) throw new TypeError('nothing to plant')
    client.store.entries.set('root_history/2.root.json', planted)
    client.store.entries.set('root.json', planted)
    expect((await client.updater.refresh()).root.version).toBe(1)
    expect(client.store.entries.get('root.json')).toEqual(repo.root(1))
  })

  test.each(['rootWithoutOldKeys', 'rootWithoutNewKeys', 'unsignedIntermediateRoot'] as const)(
    'CVE-2020-15163: %s is refused',
    async (attack) => {
      await expectRefused(published(), (repo) => repo.attack[attack]())
    },
  )

  test('CVE-2025-2885: 2.root.json of version 3, or 1, is refused', async () => {
    await expectRefused(published(), (repo) => repo.attack.skippedRoot())
    await expectRefused(published(), (repo) => repo.attack.repeatedRoot())
  })

  test('CVE-2025-2885: 2.root.json of version 5 is refused', async () => {
    await expectRefused(published(), (repo) => {
      const fork = repo.fork()
      for (let i = 0; i < 4; i++) fork.publish('root')
      repo.serve('2.root.json', fork.root(5))
      const end = (): void => repo.serve('2.root.json', undefined)
      return { code: 'ERR_TUF_VERSION_MISMATCH', role: 'root', step: '5.3.5', end }
    })
  })

  test('CVE-2020-15163: an expired newest root is stored, and no request follows it', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    client.requested()
    repo.expire('root')
    await expect(client.updater.refresh()).rejects.toMatchObject({ step: '5.3.10' })
    expect(client.requested()).toEqual(['2.root.json', '3.root.json'])
    expect(client.store.entries.get('root.json')).toEqual(repo.root(2))
    repo.publish('root')
    expect((await client.updater.refresh()).root.version).toBe(3)
  })
})

describe('row 17: mismatched keyids', () => {
  test('sigstore/root-signing#1431: a keyid that is not the hash of its key is a name like any other', async () => {
    const named = (name: string): Signer => withKeyid(ed25519Signer(name), name)
    const repo = createRepository({
      keys: {
        root: { signers: [named('r')] },
        timestamp: { signers: [named('__proto__')] },
        snapshot: { signers: [named('')] },
        targets: { signers: [named('not hexadecimal')] },
      },
    })
    repo.delegate('targets', { name: 'dev', signers: [named('constructor')] })
    repo.addTarget('a.txt', 'a', { role: 'dev' })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    expect(await view.find('a.txt')).toMatchObject({ length: 1 })
  })
})
