import { describe, expect, test } from '@jest/globals'
import type { KeptFiles } from '../../src/core/metadata/kept-files.js'
import type { Envelope, SignedByType } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { createRepository } from '../../src/testing/index.js'

/** A memory of everything, and the roles that it took note of. */
function memory(): { readonly kept: KeptFiles; readonly noted: readonly string[] } {
  const files = new Map<string, Envelope>()
  const noted: string[] = []
  const nameOf = (type: string, role: string, bytes: Uint8Array): string =>
    [type, role, Buffer.from(bytes).toString('hex')].join(' ')
  const kept: KeptFiles = {
    find: <T extends keyof SignedByType>(type: T, role: string, bytes: Uint8Array) =>
      files.get(nameOf(type, role, bytes)) as Envelope<SignedByType[T]> | undefined,
    note(type, role, bytes, envelope) {
      noted.push(role)
      files.set(nameOf(type, role, bytes), envelope)
    },
    bytesOf: () => undefined,
    keep: () => {},
  }
  return { kept, noted }
}

describe('a file that is read with a memory', () => {
  const repo = createRepository()
  repo.addTarget('a.txt', 'text')
  repo.publish()
  const bytes = new Uint8Array(repo.file('1.targets.json'))

  test('is not read again, and noted once', () => {
    const { kept, noted } = memory()
    const first = parseMetadata(bytes, 'targets', 'targets', { kept })
    expect(parseMetadata(bytes.slice(), 'targets', 'targets', { kept })).toBe(first)
    expect(noted).toEqual(['targets'])
    expect(parseMetadata(bytes, 'targets', 'other', { kept })).not.toBe(first)
    expect(noted).toEqual(['targets', 'other'])
  })

  test('stays where it is: what is signed is a part of its bytes, and a copy without a memory', () => {
    const { kept } = memory()
    const read = parseMetadata(bytes, 'targets', 'targets', { kept }).signedBytes
    expect(read.buffer).toBe(bytes.buffer)
    const copy = parseMetadata(bytes, 'targets', 'targets').signedBytes
    expect(copy.buffer).not.toBe(bytes.buffer)
    expect(copy).toEqual(read)
  })
})
