import { describe, expect, test } from '@jest/globals'
import type { AuditReport } from '../../src/audit/index.js'
import { keyKinds } from '../../src/core/keys/keys.js'
import { nodeCryptography } from '../../src/node/index.js'
import { ed25519Signer, withDeclaration, withKeyid, type Signer } from '../../src/testing/index.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import { rsaSigner } from '../../src/testing/node/index.js'
import { audit } from './audit.js'
import { goodRepository } from './cases.js'

describe('a spare key of root', () => {
  const [first, second] = [ed25519Signer('first'), ed25519Signer('second')]
  const two = [first, second]
  const spare = (signer: Signer): Promise<AuditReport> =>
    audit(goodRepository({ keys: { root: { signers: [...two, signer], threshold: 2 } } }))
  const words = 'Its threshold is 2, of 2 usable keys; of 1 other keyid clients count none.'

  test.each([
    ['of an unknown type', withDeclaration(first, { ...first.key, keytype: 'x' })],
    ['of an unknown scheme', withDeclaration(first, { ...first.key, scheme: 'x' })],
    ['that is broken', withDeclaration(first, { ...first.key, keyval: { public: '00' } })],
    ['that is another one under a second keyid', withKeyid(first, 'again')],
    [
      'that clients count with an option alone',
      withDeclaration(first, {
        ...rsaSigner('spare').key,
        scheme: 'rsa-pkcs1v15-sha256',
      }),
    ],
  ])('is not one %s', async (_, signer) => {
    const { findings } = await spare(signer)
    const found = findings.find(({ code }) => code === 'threshold-without-spare')
    expect(found?.message).toBe(words)
  })

  test('is a third key, also where this runtime lacks its kind', async () => {
    const third = mlDsaSigner('third')
    expect((await spare(third)).totals['threshold-without-spare']).toBeUndefined()
    const keys = { root: { signers: [...two, third], threshold: 2 } }
    const cryptography = { ...nodeCryptography, keyKinds }
    const without = await audit(goodRepository({ keys }), { cryptography })
    expect(without.totals['threshold-without-spare']).toBeUndefined()
  })

  test('counts once under two keyids, where this runtime lacks its kind', async () => {
    const third = mlDsaSigner('third')
    const keys = { signers: [first, third, withKeyid(third, 'again')], threshold: 2 }
    const cryptography = { ...nodeCryptography, keyKinds }
    const { totals } = await audit(goodRepository({ keys: { snapshot: keys } }), { cryptography })
    expect(totals['threshold-not-judged']).toBe(1 + 1)
    const three = { ...keys, threshold: 3 }
    const other = await audit(goodRepository({ keys: { snapshot: three } }), { cryptography })
    expect(other.totals['threshold-out-of-reach']).toBe(1)
  })
})

describe('an ML-DSA key', () => {
  test.each([
    ['verifies', nodeCryptography],
    ['lacks', { ...nodeCryptography, keyKinds }],
  ])(
    'is disputed where a known client lacks it, on a runtime that %s it or not',
    async (_, cryptography) => {
      const signers = [ed25519Signer('first'), ed25519Signer('second'), mlDsaSigner('third')]
      const keys = { root: { signers, threshold: 2 } }
      const { findings } = await audit(goodRepository({ keys }), { cryptography })
      const found = findings.find(({ code }) => code === 'key-kind-disputed')
      expect(found?.message).toContain('is of the kind "ml-dsa/ml-dsa-44/1"')
      expect(found?.clients?.join()).toContain('tuf-js')
    },
  )
})
