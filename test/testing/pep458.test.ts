import { describe, expect, test } from '@jest/globals'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { Updater } from '../../src/index.js'
import { createPep458Repository, fillerTargets, type Signer } from '../../src/testing/index.js'
import { nodeEd25519Signer } from '../../src/testing/node/index.js'
import { list, object, read, text } from './support.js'

/** Signers that count, so that a file which is made shows. */
function counting(): { makeSigner: (seed: Uint8Array) => Signer; made(): number } {
  let signatures = 0
  return {
    made: () => signatures,
    makeSigner(seed) {
      const signer = nodeEd25519Signer(seed)
      return {
        ...signer,
        sign(bytes) {
          signatures++
          return signer.sign(bytes)
        },
      }
    },
  }
}

describe('a repository of the shape of PyPI', () => {
  test('makes only the files that a client asks for', async () => {
    const { makeSigner, made } = counting()
    const repo = createPep458Repository({ makeSigner, fillers: 400 })
    repo.addTarget('pkgs/a.whl', 'wheel')
    repo.publish()
    expect(repo.roles()).toHaveLength(2 + 16_384)
    expect(repo.fileNames()).toHaveLength(5 + 16_384)
    expect(made()).toBe(0)
    const fetcher = repo.fetcher()
    const updater = new Updater({
      metadataUrl: fetcher.metadataUrl,
      targetsUrl: fetcher.targetsUrl,
      root: repo.root(),
      fetcher,
      now: () => repo.now,
    })
    const view = await updater.refresh()
    expect(text(await view.read('pkgs/a.whl'))).toBe('wheel')
    expect(view.snapshot.meta.size).toBe(16_386)
    const first =
      Number.parseInt(bytesToHex(sha256(utf8ToBytes('pkgs/a.whl'))).slice(0, 4), 16) & ~3
    const bin = [first, first + 3].map((n) => n.toString(16).padStart(4, '0')).join('-')
    expect(fetcher.requested).toEqual([
      '2.root.json',
      'timestamp.json',
      '1.snapshot.json',
      '1.targets.json',
      '1.bins.json',
      `1.${bin}.json`,
      repo.targetNames('pkgs/a.whl')[0],
    ])
    // Two keys each for root, targets and bins, one for timestamp, snapshot and one bin.
    expect(made()).toBe(2 + 2 + 2 + 1 + 1 + 1)
    expect(repo.file(`1.${bin}.json`).length).toBeGreaterThan(80_000)
  })

  test('uses the thresholds, keys and lifetimes of the PEP', () => {
    const repo = createPep458Repository({ bins: 16 })
    repo.publish()
    const root = object(read(repo.root())['signed'])
    const thresholds = Object.entries(object(root['roles'])).map(([name, role]) => [
      name,
      list(object(role)['keyids']).length,
      object(role)['threshold'],
    ])
    expect(Object.fromEntries(thresholds.map(([name, ...rest]) => [name, rest]))).toEqual({
      root: [2, 2],
      targets: [2, 2],
      snapshot: [1, 1],
      timestamp: [1, 1],
    })
    expect(repo.signers('0')).toEqual(repo.signers('timestamp'))
    expect(repo.signers('snapshot')).toEqual(repo.signers('timestamp'))
    const expires = (name: string): unknown => object(read(repo.file(name))['signed'])['expires']
    expect(expires('1.bins.json')).toBe('2027-01-01T00:00:00Z')
    for (const name of ['1.0.json', '1.snapshot.json', 'timestamp.json']) {
      expect(expires(name)).toBe('2026-01-02T00:00:00Z')
    }
  })

  test('delegates succinctly when asked to', () => {
    const repo = createPep458Repository({ layout: 'succinct' })
    repo.publish()
    expect(repo.roles().slice(0, 2)).toEqual(['targets', 'bins-0000'])
    expect(repo.roles().at(-1)).toBe('bins-3fff')
    const targets = object(read(repo.file('1.targets.json'))['signed'])
    expect(object(targets['delegations'])['succinct_roles']).toMatchObject({
      bit_length: 14,
      name_prefix: 'bins',
    })
  })

  test('publishes only changed files again, and keeps the old ones', () => {
    const repo = createPep458Repository({ bins: 256, fillers: 2 })
    const first = repo.publish()
    repo.addTarget('pkgs/a.whl', 'wheel')
    const changed = new Set(repo.fileNames())
    const second = repo.publish()
    const names = repo.fileNames('metadata', second).filter((name) => !changed.has(name))
    const bin = bytesToHex(sha256(utf8ToBytes('pkgs/a.whl'))).slice(0, 2)
    expect(names.sort()).toEqual([`2.${bin}.json`, '2.snapshot.json'].sort())
    const targetsIn = (name: string): string[] =>
      Object.keys(object(object(read(repo.file(name))['signed'])['targets']))
    expect(targetsIn(`1.${bin}.json`)).toHaveLength(2)
    expect(targetsIn(`2.${bin}.json`)).toHaveLength(3)
    expect(repo.fileNames('metadata', first)).not.toContain('2.snapshot.json')
  })
})

describe('filler targets', () => {
  test('are the same for the same seed, and all different', () => {
    const fillers = [...fillerTargets('seed', 100)]
    expect([...fillerTargets('seed', 100)]).toEqual(fillers)
    expect(new Map(fillers).size).toBe(100)
    expect(fillers[0]?.[0]).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}\/filler_0-/)
  })
})
