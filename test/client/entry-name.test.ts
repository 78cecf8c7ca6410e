/** Stores make paths and keys of names: a name from elsewhere could point out of the store. */
import { expect, test } from '@jest/globals'
import { checkEntryName } from '../../src/client/entry-name.js'

test.each([
  'timestamp.json',
  'root_history/3.root.json',
  'state/clock',
  'a',
  'A-b_c~d%2F9',
  '.a',
  'a.',
  '...',
  '..a',
  'a..',
])('%j is a name of a store', (name) => {
  expect(() => checkEntryName(name)).not.toThrow()
})

test.each([
  '',
  '/',
  '/a',
  'a/',
  'a/b/c',
  '.',
  '..',
  './a',
  'a/..',
  '../a',
  'a b',
  ' a',
  'a\n',
  'a\\b',
  'a:b',
  'a?',
  '?a',
  'é',
  'a\0',
])('%j is not a name of a store', (name) => {
  const message = `not a name of a store: ${JSON.stringify(name)}`
  expect(() => checkEntryName(name)).toThrow(new RangeError(message))
})
