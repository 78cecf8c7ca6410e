/** The record of publishers from first use. */
import { describe, expect, test } from '@jest/globals'
import {
  checkFirstUse,
  firstUseEntry,
  readFirstUse,
  writeFirstUse,
} from '../../src/attestations/index.js'
import { attest, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims } from '../support/sigstore/instance.js'
import { good, judge, sigstore } from './judging.js'

describe('first use', () => {
  const about = (version: string): { project: string; version: string; filename: string } => ({
    project: 'demo',
    version,
    filename: `demo-${version}.tar.gz`,
  })
  const signed = judge(good)
  const none = judge(undefined)
  const fork = judge(
    provenance(
      [
        attest(sigstore, {
          leaf: {
            claims: {
              8: 'https://token.actions.githubusercontent.com',
              12: 'https://github.com/fork/demo',
              13: 'abc',
              18: 'https://github.com/fork/demo/.github/workflows/publish.yml@abc',
            },
            name: 'https://github.com/fork/demo',
          },
        }),
      ],
      { ...gitHub, repository: 'fork/demo' },
    ),
  )
  const first = checkFirstUse(readFirstUse(undefined), about('2.0'), signed)

  test('is kept, and read back', () => {
    expect(readFirstUse(writeFirstUse(first))).toEqual(first)
    expect(first.get('demo')).toEqual({
      publishers: [{ kind: 'GitHub', publisher: gitHub, claims: { repository_id: '1001' } }],
      since: '2.0',
    })
  })

  test('is read from bytes alone', () => {
    expect(() => readFirstUse({} as never)).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })

  test('has an entry of its own in the store, sorted by project', () => {
    expect(firstUseEntry).toBe('state/publishers')
    const seen = first.get('demo') ?? { publishers: [], since: '' }
    const all = ['b', 'a', 'c'].map((project) => [project, seen] as const)
    const text = new TextDecoder().decode(writeFirstUse(new Map(all)))
    expect(text.match(/"[abc]"(?=:)/g)).toEqual(['"a"', '"b"', '"c"'])
    expect(text.endsWith('}\n')).toBe(true)
    expect(JSON.parse(text)).toMatchObject({ version: 1 })
  })

  test('learns nothing from a file that is refused', () => {
    const refused = judge(provenance([attest(sigstore, { byAnotherKey: true })]))
    expect(checkFirstUse(first, about('2.1'), refused)).toBe(first)
    const empty = readFirstUse(undefined)
    expect(checkFirstUse(empty, about('2.1'), refused)).toBe(empty)
  })

  test('keeps no number of a repository where the certificate has none', () => {
    const { 15: _, ...claims } = gitHubClaims as Record<number, string>
    const plain = judge(provenance([attest(sigstore, { leaf: { claims } })]))
    const seen = checkFirstUse(readFirstUse(undefined), about('2.0'), plain)
    expect(seen.get('demo')?.publishers[0]?.claims).toStrictEqual({})
  })

  test('the same publisher is fine', () => {
    expect(checkFirstUse(first, about('2.1'), signed)).toBe(first)
  })

  test('an earlier attested release moves the beginning', () => {
    expect(checkFirstUse(first, about('1.0'), signed).get('demo')?.since).toBe('1.0')
  })

  test('another publisher is an error that names both', () => {
    expect(() => checkFirstUse(first, about('2.1'), fork)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_PUBLISHER_CHANGED',
        before: ['GitHub demo/demo publish.yml'],
        now: ['GitHub fork/demo publish.yml'],
      }),
    )
  })

  test('another repository under the same name is an error that tells them apart', () => {
    const leaf = { claims: { ...gitHubClaims, 15: '1002' } }
    const again = judge(provenance([attest(sigstore, { leaf })]))
    expect(() => checkFirstUse(first, about('2.1'), again)).toThrow(
      expect.objectContaining({
        before: ['GitHub demo/demo publish.yml (repository 1001)'],
        now: ['GitHub demo/demo publish.yml (repository 1002)'],
      }),
    )
  })

  test('a repository whose owner changed is the same one', () => {
    const leaf = { claims: { ...gitHubClaims, 17: '2003' } }
    const moved = judge(provenance([attest(sigstore, { leaf })]))
    expect(checkFirstUse(first, about('2.1'), moved)).toBe(first)
  })

  test('a newer release without an attestation is an error', () => {
    expect(() => checkFirstUse(first, about('2.0.1'), none)).toThrow(/lacks an attestation/)
    expect(() => checkFirstUse(first, about('2.0'), none)).toThrow(/lacks an attestation/)
  })

  test('an older release may lack one', () => {
    expect(checkFirstUse(first, about('1.9'), none)).toBe(first)
  })

  test('a project without any attestation so far needs none', () => {
    const empty = readFirstUse(undefined)
    expect(checkFirstUse(empty, about('1.0'), none)).toBe(empty)
  })

  test('a pinned project is judged by its pin', () => {
    expect(checkFirstUse(first, about('3.0'), judge(undefined, gitHub))).toBe(first)
  })

  test.each(['', '{}', '{"projects":{"demo":{"publishers":[{"kind":"?"}],"since":"1"}}}'])(
    'an entry that cannot be read is an error and not an empty one: %s',
    (text) => {
      expect(() => readFirstUse(new TextEncoder().encode(text))).toThrow(
        expect.objectContaining({
          ...{ code: 'ERR_TUF_STORE_FAILED', operation: 'get', entry: firstUseEntry },
          cause: expect.any(Error),
        }),
      )
    },
  )
})
