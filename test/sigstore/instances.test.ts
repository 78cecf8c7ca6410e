import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { trustAnchor } from '../../src/core/trust/root.js'
import { olpc } from '../../src/core/json/canonical.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { sigstoreInstances } from '../../src/sigstore/index.js'
import { firstRootBytes } from '../../src/sigstore/roots/first-root.js'

const all = Object.entries(sigstoreInstances)

test.each(all)('the first root of %s is the file with its SHA-256', (_name, { root }) => {
  const bytes = firstRootBytes(root)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(root.sha256)
})

test.each(all)('the first root of %s is signed by its own keys', (_name, { root }) => {
  const trust = trustAnchor(firstRootBytes(root), {
    cryptography: nodeCryptography,
    canonicalForm: olpc,
  })
  expect(trust.root.signed.version).toBe(root.version)
})

// CONTRIBUTING.md says how to take a newer one.
test.each(all)('the first root of %s is younger than a year', (_name, { root }) => {
  expect(Date.now() - Date.parse(root.obtained)).toBeLessThan(366 * 86_400_000)
})

test.each(all)('the repository of %s is asked over HTTPS', (_name, { metadataUrl }) => {
  expect(new URL(metadataUrl).protocol).toBe('https:')
  expect(metadataUrl.endsWith('/')).toBe(true)
})
