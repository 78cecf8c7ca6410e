import { expect, test } from '@jest/globals'
import { nodeCryptography } from '../../src/node/cryptography.js'
import * as node from '../../src/platform/node.js'
import * as web from '../../src/platform/web.js'
import { nobleCryptography } from '../../src/web/cryptography.js'

test('each platform brings its own cryptography', () => {
  expect(node.defaultCryptography).toBe(nodeCryptography)
  expect(web.defaultCryptography).toBe(nobleCryptography)
})
