import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { loadKey } from '../../src/core/keys/load.js'
import type { Envelope, Root } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { describeReal } from './folder.js'
import { decodeKey } from '../support/decode-key.js'

function readRoot(file: string): Envelope<Root> {
  return parseMetadata(new Uint8Array(readFileSync(file)), 'root', 'root')
}

describeReal('sigstore-roots', (path) => {
  const roots = Array.from({ length: 15 }, (_, index) => readRoot(`${path}/${index + 1}.root.json`))
  const keys = roots.flatMap(({ signed }) => [...signed.keys.values()])

  test('every key of the chain is read, in each form it was ever written in', () => {
    const forms = new Set<string>()
    for (const key of keys) {
      expect(decodeKey(key)).toMatchObject({ verdict: 'ok' })
      forms.add(`${key.keytype} ${key.public.startsWith('-') ? 'PEM' : 'hexadecimal'}`)
    }
    expect([...forms].sort()).toEqual([
      'ecdsa PEM',
      'ecdsa-sha2-nistp256 PEM',
      'ecdsa-sha2-nistp256 hexadecimal',
    ])
  })

  test('a key that was written anew under another keyid is the same key', () => {
    const keyids = new Map<string, Set<string>>()
    for (const key of keys) {
      const decoded = decodeKey(key)
      if (decoded.verdict !== 'ok') continue
      keyids.set(decoded.identity, (keyids.get(decoded.identity) ?? new Set()).add(key.keyid))
    }
    const repeated = [...keyids.values()].filter((names) => names.size > 1)
    expect(repeated.length).toBeGreaterThanOrEqual(5)
  })

  test('every signature gets the same verdict on both platforms', () => {
    const verdicts = new Map<string, number>()
    for (const { signed, signatures, signedBytes } of roots) {
      for (const { keyid, sig } of signatures) {
        const key = signed.keys.get(keyid)
        if (key === undefined) continue
        const [native, portable] = [nodeCryptography, nobleCryptography].map((cryptography) => {
          const loaded = loadKey(key, cryptography)
          return loaded.verdict === 'ok' ? loaded.verify(signedBytes, sig) : loaded.verdict
        })
        expect(portable).toBe(native)
        verdicts.set(native ?? '', (verdicts.get(native ?? '') ?? 0) + 1)
      }
    }
    expect([...verdicts.keys()].sort()).toEqual(['empty-signature', 'signed'])
    expect(verdicts.get('signed')).toBeGreaterThan(50)
  })
})
