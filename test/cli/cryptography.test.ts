import { describe, expect, test } from '@jest/globals'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import { withCheckedMlDsa } from '../../src/cli/checked-ml-dsa.js'
import { commandCryptography } from '../../src/cli/cryptography.js'
import { keyKinds } from '../../src/core/keys/keys.js'
import { loadKey } from '../../src/core/keys/load.js'
import { verifiesMlDsa } from '../../src/core/keys/verifies-ml-dsa.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/index.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import { makeKey } from '../support/signature-case.js'

const without = { ...nodeCryptography, keyKinds }
const missing = (code: string) => (): Promise<never> =>
  Promise.reject(Object.assign(new Error('Cannot find package @noble/post-quantum'), { code }))

describe('the cryptography of the command', () => {
  test('verifies ML-DSA where the package is installed', async () => {
    expect(verifiesMlDsa(await commandCryptography())).toBe(true)
    expect(verifiesMlDsa(await commandCryptography(without))).toBe(true)
  })

  test('loads no package where the platform verifies ML-DSA', async () => {
    const platform = withMlDsa(without)
    expect(await commandCryptography(platform, missing('ENOMEM'))).toBe(platform)
  })

  test.each([
    ['is missing', missing('ERR_MODULE_NOT_FOUND')],
    ['is missing, as CommonJS says it', missing('MODULE_NOT_FOUND')],
    ['exports no such file', missing('ERR_PACKAGE_PATH_NOT_EXPORTED')],
    ['exports no such name', () => Promise.reject(new SyntaxError('no export named ml_dsa44'))],
  ])('is that of the platform where the package %s', async (_, load) => {
    expect(await commandCryptography(without, load)).toBe(without)
  })
})

describe('a package whose ML-DSA', () => {
  const { key, sign } = mlDsaSigner('a key')
  const message = Buffer.from('a message')
  const verdictBy = (arithmetic: typeof ml_dsa44): string => {
    const loaded = loadKey(
      makeKey(key.keytype, key.scheme, key.keyval.public),
      withCheckedMlDsa(without, arithmetic),
    )
    const sig = Buffer.from(sign(message)).toString('hex')
    return loaded.verdict === 'ok' ? loaded.verify(message, sig) : loaded.verdict
  }

  test('gives the known answer counts', () => {
    expect(verdictBy(ml_dsa44)).toBe('signed')
  })

  test.each<[string, Partial<typeof ml_dsa44>]>([
    ['takes the key first', { verify: (one, two, three) => ml_dsa44.verify(three, two, one) }],
    ['accepts everything', { verify: () => true }],
    ['makes other signatures', { sign: (text, secret) => ml_dsa44.sign(text, secret) }],
  ])('%s does not count', (_, other) => {
    expect(verdictBy({ ...ml_dsa44, ...other })).toBe('unsupported-key')
  })

  test('is asked once, and not before the first such key', () => {
    let asked = 0
    const keygen: typeof ml_dsa44.keygen = (seed) => {
      asked += 1
      return ml_dsa44.keygen(seed)
    }
    const table = withCheckedMlDsa(without, { ...ml_dsa44, keygen })
    expect(asked).toBe(0)
    expect([verifiesMlDsa(table), verifiesMlDsa(table), asked]).toEqual([true, true, 1])
  })
})
