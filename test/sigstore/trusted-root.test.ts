/** `trusted_root.json`: each field of it is read, or refused by its path. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { TrustedRootError } from '../../src/errors.js'
import { parseTrustedRoot } from '../../src/sigstore/index.js'
import { isWithin } from '../../src/sigstore/trusted-root.js'
import { spkiOf } from '../support/sigstore/certificates.js'
import { TestSigstore } from '../support/sigstore/instance.js'
import type { TrustedRootJson } from '../support/sigstore/json.js'

const sigstore = new TestSigstore()
type Change = (root: TrustedRootJson) => unknown

function refusal(bytes: Uint8Array): TrustedRootError {
  try {
    parseTrustedRoot(bytes)
  } catch (error) {
    if (error instanceof TrustedRootError) return error
    throw error
  }
  throw new Error('it was read')
}

test('logs, authorities and their periods are read', () => {
  const bytes = sigstore.trustedRoot(({ tlogs: [log], ctlogs: [ctLog] }) => {
    if (log) {
      log.baseUrl = 'https://rekor.test:8443/path'
      log.publicKey.validFor = { start: '2021-01-12T11:53:27Z', end: '2031-01-12T11:53:27.500Z' }
    }
    if (ctLog) ctLog.publicKey.validFor = { start: '2021-01-12T11:53:27.000Z' }
  })
  const { parts, leftOut, bytes: kept } = parseTrustedRoot(bytes)
  expect(leftOut).toEqual([])
  expect(Buffer.from(kept)).toEqual(bytes)
  expect(kept.buffer).not.toBe(bytes.buffer)
  expect(parts.logs.map(({ origin }) => origin)).toEqual(['rekor.test:8443', 'log2026.rekor.test'])
  expect(parts.logs.map(({ key }) => key.kind)).toEqual(['P-256', 'ed25519'])
  expect(parts.logs[0]?.validFor).toEqual({
    start: Date.UTC(2021, 0, 12, 11, 53, 27),
    end: Date.UTC(2031, 0, 12, 11, 53, 27, 500),
  })
  expect(parts.ctLogs[0]?.validFor.end).toBe(Infinity)
  expect(Buffer.from(parts.logs[0]?.id ?? [])).toEqual(sigstore.rekor.id)
  const chains = [parts.certificateAuthorities, parts.timestampAuthorities]
  expect(chains.map((all) => all.map(({ chain }) => chain.length))).toEqual([[2], [2]])
})

test('a period includes both of its ends', () => {
  const period = { start: 10, end: 20 }
  expect([9, 10, 20, 21].map((time) => isWithin(time, period))).toEqual([false, true, true, false])
})

test('each media type of a trusted root is read', () => {
  for (const mediaType of [
    'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    'application/vnd.dev.sigstore.trustedroot.v0.2+json',
  ]) {
    const bytes = sigstore.trustedRoot((root) => (root.mediaType = mediaType))
    expect(parseTrustedRoot(bytes).parts.logs).toHaveLength(2)
  }
})

test('lists that are missing or null are empty, apart from that of the logs', () => {
  for (const value of [undefined, null]) {
    const json = JSON.parse(sigstore.trustedRoot().toString()) as Record<string, unknown>
    for (const name of ['certificateAuthorities', 'ctlogs', 'timestampAuthorities']) {
      json[name] = value
    }
    const { parts } = parseTrustedRoot(Buffer.from(JSON.stringify(json)))
    expect(parts).toMatchObject({
      certificateAuthorities: [],
      ctLogs: [],
      timestampAuthorities: [],
    })
    json['tlogs'] = value
    expect(refusal(Buffer.from(JSON.stringify(json)))).toMatchObject({
      path: 'tlogs',
      reason: 'lists no usable log',
    })
  }
})

test('an entry of a kind that is unknown here is left out, with its place and the reason', () => {
  const bytes = sigstore.trustedRoot((root) => {
    const { tlogs, ctlogs, certificateAuthorities } = root
    const [log] = tlogs
    if (log) {
      const unknown = spkiOf(generateKeyPairSync('ed448').publicKey).toString('base64')
      const { validFor } = log.publicKey
      tlogs.unshift({ ...log, publicKey: { rawBytes: unknown, validFor } })
      tlogs.push({ ...log, hashAlgorithm: 'SHA2_512' })
      ctlogs.push({ ...log, hashAlgorithm: '' })
    }
    const [authority] = certificateAuthorities
    if (authority) {
      certificateAuthorities.unshift({
        ...authority,
        certChain: { certificates: [{ rawBytes: 'AAAA' }] },
      })
    }
  })
  const { parts, leftOut } = parseTrustedRoot(bytes)
  expect(leftOut).toEqual([
    'tlogs[0]: a public key of an unknown kind, or a broken one',
    'tlogs[3]: the hash function "SHA2_512"',
    expect.stringMatching(/^certificateAuthorities\[0\]: /),
    'ctlogs[1]: the hash function ""',
  ])
  expect(parts.logs.map(({ origin }) => origin)).toEqual([
    sigstore.rekor.origin,
    sigstore.rekorV2.origin,
  ])
  expect(parts.certificateAuthorities).toHaveLength(1)
})

describe('a trusted root is refused', () => {
  test.each(['text/plain', 'application/vnd.dev.sigstore.trustedrootX', ' application/vnd.dev'])(
    'of the media type %s',
    (mediaType) => {
      const error = refusal(sigstore.trustedRoot((root) => (root.mediaType = mediaType)))
      expect(error).toMatchObject({
        path: 'mediaType',
        reason: 'is not that of a trusted root',
      })
    },
  )

  test('with something before its media type', () => {
    const change: Change = (root) => (root.mediaType = `x${root.mediaType}`)
    expect(refusal(sigstore.trustedRoot(change)).path).toBe('mediaType')
  })

  test.each<readonly [string, string, string, Change]>([
    [
      'whose log lacks a URL',
      'tlogs[0].baseUrl',
      'is not a URL',
      ({ tlogs: [log] }) => log && (log.baseUrl = 'rekor.test'),
    ],
    [
      'whose log began at no date',
      'tlogs[0].publicKey.validFor.start',
      'is not a date',
      ({ tlogs: [log] }) => log && (log.publicKey.validFor.start = 'yesterday'),
    ],
    [
      'whose log ended at no date',
      'tlogs[0].publicKey.validFor.end',
      'is not a date',
      ({ tlogs: [log] }) => log && (log.publicKey.validFor.end = 'tomorrow'),
    ],
    [
      'whose authority began at no date',
      'certificateAuthorities[0].validFor.start',
      'is missing',
      ({ certificateAuthorities: [one] }) => delete one?.validFor.start,
    ],
    [
      'whose key is not base64',
      'tlogs[0].publicKey.rawBytes',
      'is not base64',
      ({ tlogs: [log] }) => log && (log.publicKey.rawBytes = '?'),
    ],
    [
      'whose log ID is not base64',
      'tlogs[1].logId.keyId',
      'is not base64',
      ({ tlogs: [, log] }) => log && (log.logId.keyId = '?'),
    ],
    [
      'with a chain without certificates',
      'timestampAuthorities[0].certChain.certificates',
      '0 certificates',
      ({ timestampAuthorities: [one] }) => one && (one.certChain.certificates = []),
    ],
    [
      'with a chain of nine certificates',
      'certificateAuthorities[0].certChain.certificates',
      '9 certificates',
      ({ certificateAuthorities: [one] }) =>
        one && (one.certChain.certificates = Array.from({ length: 9 }, () => ({ rawBytes: '' }))),
    ],
    [
      'with 65 logs',
      'ctlogs[64]',
      'is one entry too many',
      (root) => {
        const [log] = root.ctlogs
        if (log) root.ctlogs = Array.from({ length: 65 }, () => log)
      },
    ],
  ])('%s', (_name, path, reason, change) => {
    expect(refusal(sigstore.trustedRoot(change))).toMatchObject({ path, reason })
  })

  test.each(['baseUrl', 'hashAlgorithm', 'logId', 'publicKey'] as const)(
    'whose log lacks its %s',
    (name) => {
      const change: Change = ({ tlogs: [log] }) => log && Reflect.deleteProperty(log, name)
      expect(refusal(sigstore.trustedRoot(change))).toMatchObject({
        path: `tlogs[0].${name}`,
        reason: 'is missing',
      })
    },
  )

  test('not where it is no bytes', () => {
    expect(() => parseTrustedRoot({} as never)).toThrow(
      expect.objectContaining({ name: 'TypeError' }),
    )
  })

  test('that is not JSON, with the place', () => {
    const error = refusal(Buffer.from('{"mediaType":"","mediaType":""}'))
    expect(error.cause).toBeInstanceOf(Error)
    expect(error.reason).not.toBe('')
    expect(refusal(Buffer.from('[]')).path).toBe('')
  })

  test('that is longer than a trusted root is', () => {
    const error = refusal(Buffer.alloc(1_000_001, ' '))
    expect(error).toMatchObject({ path: '', reason: 'more than 1000000 bytes' })
  })
})
