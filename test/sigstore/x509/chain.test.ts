/** A certificate and an authority: every certificate of the chain, its length and its period count. */
import { describe, expect, test } from '@jest/globals'
import type { Cryptography } from '../../../src/core/keys/cryptography.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { readCertificate, type Certificate } from '../../../src/sigstore/x509/certificate.js'
import { isFirstOf, isVouchedFor } from '../../../src/sigstore/x509/chain.js'
import { certificate, extensions, newKeys } from '../../support/sigstore/certificates.js'
import type { Extension, KeyPair } from '../../support/sigstore/certificates.js'
import * as der from '../../support/sigstore/der.js'

const start = Date.UTC(2026, 0, 1)
const end = Date.UTC(2027, 0, 1)
const [root, middle, issuing, leaf] = [newKeys(), newKeys(), newKeys(), newKeys()]
const always = { start: 0, end: Infinity }

interface Fields {
  readonly notBefore?: number
  readonly notAfter?: number
  readonly extensions?: readonly Extension[]
}

function ca(pathLength?: number): readonly Extension[] {
  const length = pathLength === undefined ? [] : [der.integer(pathLength)]
  return [{ oid: '2.5.29.19', value: der.sequence(der.boolean(true), ...length) }]
}

function issue(
  [subject, keys]: readonly [string, KeyPair],
  [issuer, by]: readonly [string, KeyPair],
  fields: Fields = {},
): Certificate {
  const bytes = certificate({
    ...{ subject, issuer, key: keys.publicKey, signer: by.privateKey },
    ...{ notBefore: start, notAfter: end, extensions: ca(), ...fields },
  })
  return readCertificate(bytes)
}

const names = {
  root: ['root', root],
  middle: ['middle', middle],
  issuing: ['issuing', issuing],
  leaf: ['leaf', leaf],
} as const
const rootOf = (fields?: Fields): Certificate => issue(names.root, names.root, fields)
const middleOf = (fields?: Fields): Certificate => issue(names.middle, names.root, fields)
const issuingOf = (fields?: Fields): Certificate => issue(names.issuing, names.middle, fields)
const one = issue(names.leaf, names.issuing, { extensions: [extensions.keyUsage(0x80)] })
const good = [issuingOf(), middleOf(), rootOf()] as const

function vouched(chain: readonly Certificate[], time = start, validFor = always): boolean {
  return isVouchedFor(nodeCryptography, one, { chain, validFor }, time)
}

describe('an authority vouches for a certificate', () => {
  test('from the first moment at which all are valid to the last', () => {
    expect(vouched(good)).toBe(true)
    expect(vouched(good, end)).toBe(true)
    expect(vouched(good, start - 1)).toBe(false)
    expect(vouched(good, end + 1)).toBe(false)
  })

  test('inside its own period, both ends included', () => {
    const validFor = { start: start + 10, end: start + 20 }
    expect([9, 10, 20, 21].map((more) => vouched(good, start + more, validFor))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test.each([0, 1, 2])('only while certificate %i of its chain is valid', (at) => {
    const [late, early] = [{ notBefore: start + 10_000 }, { notAfter: end - 10_000 }]
    const make = [issuingOf, middleOf, rootOf][at] ?? rootOf
    const withOne = (fields: Fields): readonly Certificate[] =>
      good.map((each, index) => (index === at ? make(fields) : each))
    expect(vouched(withOne(late), start + 10_000)).toBe(true)
    expect(vouched(withOne(late), start)).toBe(false)
    expect(vouched(withOne(early), end)).toBe(false)
  })

  test('no further than the path length of each allows', () => {
    const [first, second, third] = good
    const lengths = (...all: readonly (number | undefined)[]): readonly Certificate[] => [
      all[0] === undefined ? first : issuingOf({ extensions: ca(all[0]) }),
      all[1] === undefined ? second : middleOf({ extensions: ca(all[1]) }),
      all[2] === undefined ? third : rootOf({ extensions: ca(all[2]) }),
    ]
    expect(vouched(lengths(0, 1, 2))).toBe(true)
    expect(vouched(lengths(undefined, 0))).toBe(false)
    expect(vouched(lengths(undefined, undefined, 1))).toBe(false)
  })

  test('only if each certificate is issued by the next', () => {
    const [first, second, third] = good
    expect(vouched([first])).toBe(true)
    expect(vouched([first, third])).toBe(false)
    expect(vouched([first, third, second])).toBe(false)
    expect(vouched([])).toBe(false)
    const stranger = issue(names.middle, ['root', newKeys()])
    expect(vouched([first, stranger, third])).toBe(false)
    const usual = middleOf({ extensions: [] })
    expect(vouched([first, usual, third])).toBe(false)
  })
})

describe('a certificate is the first of an authority', () => {
  const isFirst = (
    which: Certificate,
    chain: readonly Certificate[],
    time = start,
    validFor = always,
  ): boolean => isFirstOf(nodeCryptography, which, { chain, validFor }, time)
  const [first, ...others] = good
  const again = readCertificate(first.bytes)

  test('where its bytes are, and the others vouch for it', () => {
    expect(isFirst(again, good)).toBe(true)
    expect(isFirst(again, good, end + 1)).toBe(false)
    expect(isFirst(again, good, start, { start: start + 1, end })).toBe(false)
    expect(isFirst(issuingOf(), good)).toBe(false)
    expect(isFirst(again, others)).toBe(false)
    expect(isFirst(again, [])).toBe(false)
    const stranger = issue(names.middle, ['root', newKeys()])
    expect(isFirst(again, [first, stranger, ...others.slice(1)])).toBe(false)
  })

  test('alone, while it and the authority are valid', () => {
    const validFor = { start: start + 10, end: end - 10 }
    const at = (time: number, period = always): boolean => isFirst(again, [first], time, period)
    expect([at(start), at(end), at(start - 1), at(end + 1)]).toEqual([true, true, false, false])
    expect([at(start + 9, validFor), at(start + 10, validFor)]).toEqual([false, true])
    expect([at(end - 10, validFor), at(end - 9, validFor)]).toEqual([true, false])
  })

  test('a chain of the trusted root is judged once', () => {
    let verifications = 0
    const cryptography: Cryptography = {
      ...nodeCryptography,
      importKey: (key) => {
        const verify = nodeCryptography.importKey(key)
        return (message, signature) => {
          verifications++
          return verify(message, signature)
        }
      },
    }
    const authority = { chain: [...good], validFor: always }
    const counts = [1, 2, 3].map(() => {
      verifications = 0
      expect(isFirstOf(cryptography, again, authority, start)).toBe(true)
      return verifications
    })
    // The first and its issuer, then the first alone.
    expect(counts).toEqual([2, 1, 1])
  })

  test('the same answer is given again', () => {
    const authority = { chain: good, validFor: always }
    for (let turn = 0; turn < 2; turn++) {
      expect(isFirstOf(nodeCryptography, again, authority, start)).toBe(true)
      expect(isVouchedFor(nodeCryptography, one, authority, start)).toBe(true)
    }
  })
})
