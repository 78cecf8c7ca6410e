import { expect, test } from '@jest/globals'
import { fileBytes, ServedFiles } from '../../../src/vectors/served-files.js'

function textOf(files: ServedFiles, path: string): string {
  const answer = files.answer(path)
  return 'bytes' in answer ? new TextDecoder().decode(answer.bytes) : String(answer.status)
}

test('changes add up, and null takes a file away', () => {
  const files = new ServedFiles()
  files.change({ 'metadata/a.json': 'a', 'metadata/b.json': 'b' })
  files.change({ 'metadata/a.json': null, 'metadata/b.json': 'c' })
  files.change()
  expect(textOf(files, 'metadata/a.json')).toBe('404')
  expect(textOf(files, 'metadata/b.json')).toBe('c')
})

test('names are the same where their segments are, however they are encoded', () => {
  const files = new ServedFiles()
  files.change({ 'metadata/1.a%2Fb.json': 'role', 'targets/x%40y/100%25': 'target' })
  expect(textOf(files, 'metadata/1.a%2fb.json')).toBe('role')
  expect(textOf(files, 'metadata/1.a/b.json')).toBe('404')
  expect(textOf(files, 'metadata/1.a%252Fb.json')).toBe('404')
  expect(textOf(files, 'targets/x@y/100%25')).toBe('target')
  expect(textOf(files, 'targets/x@y/100%')).toBe('target')
})

test('bodies are text, base64, repetition, a status or half a file', () => {
  const files = new ServedFiles()
  files.change({
    'targets/a': 'ä',
    'targets/b': { base64: '/wA=' },
    'targets/c': { repeat: 'abc', length: 7 },
    'targets/d': { status: 503 },
    'targets/e': { disconnectAfter: 2, text: 'abcd' },
  })
  expect(files.answer('targets/a')).toEqual({ bytes: Uint8Array.of(0xc3, 0xa4) })
  expect(files.answer('targets/b')).toEqual({ bytes: Uint8Array.of(0xff, 0) })
  expect(textOf(files, 'targets/c')).toBe('abcabca')
  expect(files.answer('targets/d')).toEqual({ status: 503 })
  expect(files.answer('targets/e')).toMatchObject({ disconnectAfter: 2 })
  expect(textOf(files, 'targets/e')).toBe('abcd')
})

test('a path without a file yields no bytes', () => {
  expect(() => fileBytes({ status: 404 })).toThrow(RangeError)
  expect(() => fileBytes({ repeat: '', length: 1 })).toThrow(RangeError)
})
