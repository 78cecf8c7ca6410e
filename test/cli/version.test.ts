import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { version } from '../../src/cli/version.js'

test('the version of the command is that of the package', () => {
  const manifest: { readonly version: string } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(version()).toBe(manifest.version)
})
