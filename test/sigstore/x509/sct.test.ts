/** Timestamps embedded in a certificate (RFC 6962): their encoding, their log, and the bytes that it signed. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AttestationError } from '../../../src/errors.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import type { TrustedLog } from '../../../src/sigstore/trusted-root.js'
import { readCertificate } from '../../../src/sigstore/x509/certificate.js'
import { readSpki } from '../../../src/sigstore/x509/public-key.js'
import { checkScts } from '../../../src/sigstore/x509/sct.js'
import { certificate, extensions, newKeys } from '../../support/sigstore/certificates.js'
import { sha256, spkiOf, tbsOf } from '../../support/sigstore/certificates.js'
import type { Extension, KeyPair } from '../../support/sigstore/certificates.js'
import * as der from '../../support/sigstore/der.js'

const time = Date.UTC(2026, 4, 13)
const [issuing, keys] = [newKeys(), newKeys()]
const [ecLog, rsaLog] = [newKeys(), generateKeyPairSync('rsa', { modulusLength: 2048 })]
const period = { notBefore: time, notAfter: time + 1 }

const issuer = readCertificate(
  certificate({
    ...{ subject: 'issuer', issuer: 'issuer', key: issuing.publicKey, ...period },
    ...{ signer: issuing.privateKey, extensions: [extensions.basicConstraints(true)] },
  }),
)

function logOf({ publicKey }: KeyPair, validFor = { start: 0, end: Infinity }): TrustedLog {
  const spki = spkiOf(publicKey)
  return { origin: 'ct.test', id: sha256(spki), key: readSpki(spki), validFor }
}

function number(value: number | bigint, length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes.subarray(8 - length)
}

function vector(bytes: Uint8Array): Buffer {
  return Buffer.concat([number(bytes.length, 2), bytes])
}

interface SctParts {
  readonly by?: KeyPair
  readonly version?: number
  readonly extensions?: Uint8Array
  readonly hash?: number
  readonly algorithm?: number
  readonly after?: Uint8Array
  readonly over?: Partial<{ head: Uint8Array; kind: Uint8Array; issuer: Uint8Array }>
}

/** Before and after the timestamps, which are signed without them. */
const before: readonly Extension[] = [extensions.keyUsage(0x80)]
const after: readonly Extension[] = [extensions.subjectName('a@example.org')]

function fieldsWith(list: readonly Extension[]): Parameters<typeof certificate>[0] {
  return {
    ...{ subject: '', issuer: 'issuer', key: keys.publicKey, signer: issuing.privateKey },
    ...{ ...period, extensions: [...before, ...list, ...after] },
  }
}

function sct(parts: SctParts = {}): Buffer {
  const { by = ecLog, version = 0, extensions: more = Uint8Array.of(), over = {} } = parts
  const isRsa = by.privateKey.asymmetricKeyType === 'rsa'
  const { hash = 4, algorithm = isRsa ? 1 : 3 } = parts
  const tbs = tbsOf(fieldsWith([]))
  const signed = Buffer.concat([
    over.head ?? Uint8Array.of(0, 0),
    number(time, 8),
    over.kind ?? Uint8Array.of(0, 1),
    over.issuer ?? sha256(spkiOf(issuing.publicKey)),
    ...[number(tbs.length, 3), tbs, vector(more)],
  ])
  return Buffer.concat([
    ...[Uint8Array.of(version), sha256(spkiOf(by.publicKey)), number(time, 8), vector(more)],
    ...[Uint8Array.of(hash, algorithm), vector(sign('sha256', signed, by.privateKey))],
    parts.after ?? Uint8Array.of(),
  ])
}

/** Undefined: the timestamps are good. The list is as it is given, or of these timestamps. */
function refusal(
  list: Uint8Array | readonly Uint8Array[],
  logs: readonly TrustedLog[] = [logOf(ecLog)],
): string | undefined {
  const whole = list instanceof Uint8Array ? list : vector(Buffer.concat(list.map(vector)))
  const leaf = readCertificate(certificate(fieldsWith([extensions.scts(whole)])))
  try {
    checkScts(nodeCryptography, leaf, issuer, logs)
    return undefined
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    expect(error.check).toBe('sct')
    return error.reason
  }
}

const noLog = 'the certificate lacks a timestamp of a known log'
const wrong = 'a timestamp of the certificate is not by its log, or outside its period'

describe('a timestamp is taken', () => {
  test('by a log with a key of ECDSA, or of RSA', () => {
    expect(refusal([sct()])).toBeUndefined()
    expect(refusal([sct({ by: rsaLog })], [logOf(rsaLog)])).toBeUndefined()
  })

  test('with extensions, which its log signed', () => {
    expect(refusal([sct({ extensions: Buffer.alloc(300, 1) })])).toBeUndefined()
  })

  test('beside those of unknown logs, versions and hash functions', () => {
    const others = [sct({ by: newKeys() }), Buffer.from([1, 2]), sct({ hash: 5 })]
    expect(refusal([...others, sct(), ...others])).toBeUndefined()
    expect(refusal(others)).toBe(noLog)
  })

  test('at both ends of the period of its log', () => {
    for (const validFor of [
      { start: time, end: Infinity },
      { start: 0, end: time },
    ]) {
      expect(refusal([sct()], [logOf(ecLog, validFor)])).toBeUndefined()
    }
  })

  test('where the log is listed with two periods', () => {
    const ended = logOf(ecLog, { start: 0, end: time - 1 })
    expect(refusal([sct()], [ended, logOf(ecLog)])).toBeUndefined()
  })
})

describe('a certificate is refused', () => {
  test('without a timestamp', () => {
    const leaf = readCertificate(certificate(fieldsWith([])))
    expect(() => checkScts(nodeCryptography, leaf, issuer, [logOf(ecLog)])).toThrow(noLog)
    expect(refusal([])).toBe(noLog)
    expect(refusal([sct()], [])).toBe(noLog)
  })

  test('whose timestamp is outside the period of its log', () => {
    expect(refusal([sct()], [logOf(ecLog, { start: time + 1, end: Infinity })])).toBe(wrong)
    expect(refusal([sct()], [logOf(ecLog, { start: 0, end: time - 1 })])).toBe(wrong)
  })

  test('where one of two timestamps is wrong', () => {
    const bad = sct({ over: { kind: Uint8Array.of(0, 0) } })
    const logs = [logOf(ecLog), logOf(rsaLog)]
    expect(refusal([sct({ by: rsaLog }), sct()], logs)).toBeUndefined()
    expect(refusal([sct({ by: rsaLog }), bad], logs)).toBe(wrong)
    expect(refusal([bad, sct({ by: rsaLog })], logs)).toBe(wrong)
  })

  test.each<readonly [string, SctParts]>([
    ['another kind of entry', { over: { kind: Uint8Array.of(0, 0) } }],
    ['another version', { over: { head: Uint8Array.of(1, 0) } }],
    ['another kind of signature', { over: { head: Uint8Array.of(0, 1) } }],
    ['another issuer', { over: { issuer: Buffer.alloc(32) } }],
  ])('whose timestamp is over %s', (_name, parts) => {
    expect(refusal([sct(parts)])).toBe(wrong)
  })

  test('whose timestamp names the algorithm of another key', () => {
    expect(refusal([sct({ algorithm: 1 })])).toBe(wrong)
    expect(refusal([sct({ by: rsaLog, algorithm: 3 })], [logOf(rsaLog)])).toBe(wrong)
  })

  test('whose timestamp is by the key of another log', () => {
    const stolen = { ...logOf(newKeys()), id: logOf(ecLog).id }
    expect(refusal([sct()], [stolen])).toBe(wrong)
  })

  const trailing = 'the timestamps of the certificate: trailing bytes after a timestamp'
  const cut = 'the timestamps of the certificate: a list of timestamps is cut off'
  test.each([
    ['with a byte after a timestamp', [sct({ after: Uint8Array.of(0) })], trailing],
    ['with a timestamp that is cut off', [sct().subarray(0, -1)], cut],
    ['with an empty timestamp', [Buffer.alloc(0)], cut],
  ])('%s', (_name, list, reason) => {
    expect(refusal(list)).toBe(reason)
  })

  test('whose list is longer or shorter than it says', () => {
    const list = vector(vector(sct()))
    expect(refusal(list)).toBeUndefined()
    expect(refusal(Buffer.concat([list, Uint8Array.of(0)]))).toBe(trailing)
    expect(refusal(list.subarray(0, -1))).toBe(cut)
    expect(refusal(vector(vector(sct()).subarray(0, -1)))).toBe(cut)
    expect(refusal(Buffer.alloc(1))).toBe(cut)
  })

  test('whose list is not octets in octets', () => {
    const list: Extension = { oid: '1.3.6.1.4.1.11129.2.4.2', value: der.text('list') }
    const leaf = readCertificate(certificate(fieldsWith([list])))
    expect(() => checkScts(nodeCryptography, leaf, issuer, [logOf(ecLog)])).toThrow(
      'the timestamps of the certificate: expected DER tag 0x4, found tag 0xc',
    )
  })

  test('whose other extensions changed after the log signed', () => {
    const list = vector(vector(sct()))
    const more = { oid: '1.2.3', value: der.text('more') }
    const leaf = readCertificate(certificate(fieldsWith([extensions.scts(list), more])))
    expect(() => checkScts(nodeCryptography, leaf, issuer, [logOf(ecLog)])).toThrow(wrong)
  })
})
