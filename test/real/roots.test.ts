import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { RepositoryError } from '../../src/errors.js'
import { olpc } from '../../src/core/json/canonical.js'
import { rotateRoot, settleRoot, trustAnchor } from '../../src/core/trust/root.js'
import type { RootTrust } from '../../src/core/trust/phases.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { describeReal } from './folder.js'
import { changesOf } from './leaves.js'

const options = { cryptography: nodeCryptography, canonicalForm: olpc }
const august = Date.parse('2026-08-22T00:00:00Z')

describeReal('sigstore-roots', (path) => {
  const newest = 15
  function bytesOf(version: number): Uint8Array {
    return new Uint8Array(readFileSync(`${path}/${version}.root.json`))
  }
  function walk(from: number): RootTrust {
    let trust = trustAnchor(bytesOf(from), options)
    for (let version = from + 1; version <= newest; version++) {
      trust = rotateRoot(trust, bytesOf(version), options)
    }
    return trust
  }

  for (let from = 1; from <= newest; from++) {
    test(`5.3: from root ${from} the chain walks to root ${newest}`, () => {
      const settled = settleRoot(walk(from), august)
      expect(settled.root.signed.version).toBe(newest)
    })
  }

  test('5.3.10: three months later the newest root is refused as expired', () => {
    expect(() => settleRoot(walk(1), Date.parse('2026-11-22T00:00:00Z'))).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_EXPIRED', step: '5.3.10', role: 'root' }),
    )
  })

  for (let version = 2; version <= newest; version++) {
    test(`5.3.4: any change to a value of signed in root ${version} is refused`, () => {
      const trust = trustAnchor(bytesOf(version - 1), options)
      const text = readFileSync(`${path}/${version}.root.json`, 'utf8')
      let count = 0
      for (const [leaf, bytes] of changesOf(text, 'signed')) {
        expect([leaf, outcomeOf(() => rotateRoot(trust, bytes, options))]).toEqual([
          leaf,
          'refused',
        ])
        count += 1
      }
      expect(count).toBeGreaterThan(20)
    })

    test(`5.3.4: root ${version} is refused once one signature fewer than its threshold holds`, () => {
      const trust = trustAnchor(bytesOf(version - 1), options)
      const { threshold } = trust.root.signed.roles.root
      const { report } = rotateRoot(trust, bytesOf(version), options).root
      const signed = report.keys.filter(({ verdict }) => verdict === 'signed')
      const outcomes = signed.map((_, broken) => {
        const file: { signatures: { keyid: string; sig: string }[] } = JSON.parse(
          readFileSync(`${path}/${version}.root.json`, 'utf8'),
        )
        const spoil = new Set(signed.slice(0, broken + 1).map(({ keyid }) => keyid))
        for (const signature of file.signatures) {
          if (spoil.has(signature.keyid)) signature.sig = `${signature.sig.slice(0, -2)}00`
        }
        const bytes = new TextEncoder().encode(JSON.stringify(file))
        return outcomeOf(() => rotateRoot(trust, bytes, options))
      })
      const spare = signed.length - report.threshold
      expect(threshold).toBeGreaterThan(1)
      expect(outcomes.slice(spare)).toEqual(outcomes.slice(spare).map(() => 'refused'))
      expect(outcomes.at(-1)).toBe('refused')
    })
  }

  function outcomeOf(judge: () => unknown): string {
    try {
      judge()
      return 'accepted'
    } catch (error) {
      if (error instanceof RepositoryError) return 'refused'
      throw error
    }
  }
})
