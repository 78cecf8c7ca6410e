import { describe, expect, test } from '@jest/globals'
import { commandCryptography } from '../../src/cli/cryptography.js'
import { keyKinds } from '../../src/core/keys/keys.js'
import { verifiesMlDsa } from '../../src/core/keys/verifies-ml-dsa.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/index.js'

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

  test.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])(
    'is that of the platform where the package is missing, by %s',
    async (code) => {
      expect(await commandCryptography(without, missing(code))).toBe(without)
    },
  )

  test('hides no other failure', async () => {
    await expect(commandCryptography(without, missing('ENOMEM'))).rejects.toThrow('post-quantum')
  })
})
