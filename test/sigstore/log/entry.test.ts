/** Each kind of entry must be about this content, this signature and this signer, to the last byte. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AttestationError } from '../../../src/errors.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { preAuthEncoding } from '../../../src/sigstore/dsse.js'
import { checkEntry } from '../../../src/sigstore/log/entry.js'
import type { LogEntry, SignedMaterial } from '../../../src/sigstore/log/material.js'
import { readCertificate } from '../../../src/sigstore/x509/certificate.js'
import { readSpki } from '../../../src/sigstore/x509/public-key.js'
import { sha256, spkiOf } from '../../support/sigstore/certificates.js'
import { TestSigstore } from '../../support/sigstore/instance.js'

const { der } = new TestSigstore().leaf()
const certificate = readCertificate(der)
const spki = spkiOf(generateKeyPairSync('ed25519').publicKey)
const key = readSpki(spki)
const payload = Buffer.from('{"payload":true}')
const payloadType = 'application/vnd.in-toto+json'
const signature = Buffer.from('a signature')
const digest = sha256(payload)
const encoded = sha256(preAuthEncoding({ payloadType, payload }))

const dsse = { kind: 'dsse' as const, payloadType, payload }
const message = { kind: 'message' as const, sha256: digest, isSigned: () => false }

type Json = Record<string, unknown>

function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64')
}

function pem(label: string, bytes: Uint8Array): string {
  return base64(`-----BEGIN ${label}-----\n${base64(bytes)}\n-----END ${label}-----\n`)
}

const hex = { algorithm: 'sha256', value: digest.toString('hex') }
const hash = { algorithm: 'SHA2_256', digest: base64(digest) }
const [byCertificate, byKey] = [pem('CERTIFICATE', der), pem('PUBLIC KEY', spki)]
const [rawCertificate, rawKey] = [
  { x509Certificate: { rawBytes: base64(der) } },
  { publicKey: { rawBytes: base64(spki) } },
]

/** A kind of entry: the content that it is about, and its `spec` for a signer, a signature, a digest. */
interface Kind {
  readonly name: string
  readonly content: SignedMaterial['content']
  readonly spec: (fields: Fields) => Json
  /** Inserts into the object that is over the signature. */
  readonly signatures: (spec: Json) => unknown
}

interface Fields {
  readonly by?: 'certificate' | 'key'
  readonly signature?: Uint8Array
  readonly digest?: Buffer
  readonly der?: Buffer
}

const texts = (by: Fields['by'], bytes: Buffer = der): string =>
  by === 'key' ? byKey : bytes === der ? byCertificate : pem('CERTIFICATE', bytes)
const raws = (by: Fields['by'], bytes: Buffer = der): Json =>
  by === 'key'
    ? rawKey
    : bytes === der
      ? rawCertificate
      : { x509Certificate: { rawBytes: base64(bytes) } }

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, name) => (found as Json)[name], value)
}

const kinds: readonly Kind[] = [
  {
    name: 'hashedrekord 0.0.1',
    content: message,
    spec: ({ by, signature: bytes = signature, digest: value = digest, der }) => ({
      data: { hash: { ...hex, value: value.toString('hex') } },
      signature: { content: base64(bytes), publicKey: { content: texts(by, der) } },
    }),
    signatures: (spec) => at(spec, 'signature'),
  },
  {
    name: 'dsse 0.0.1',
    content: dsse,
    spec: ({ by, signature: bytes = signature, digest: value = digest, der }) => ({
      payloadHash: { ...hex, value: value.toString('hex') },
      signatures: [{ signature: base64(bytes), verifier: texts(by, der) }],
    }),
    signatures: (spec) => at(spec, 'signatures', 0),
  },
  {
    name: 'intoto 0.0.2',
    content: dsse,
    spec: ({ by, signature: bytes = signature, digest: value = digest, der }) => ({
      content: {
        payloadHash: { ...hex, value: value.toString('hex') },
        envelope: { signatures: [{ sig: base64(base64(bytes)), publicKey: texts(by, der) }] },
      },
    }),
    signatures: (spec) => at(spec, 'content', 'envelope', 'signatures', 0),
  },
  ...[message, dsse].map((content): Kind => ({
    name: 'hashedrekord 0.0.2',
    content,
    spec: ({ by, signature: bytes = signature, digest: value, der }) => ({
      hashedRekordV002: {
        data: { ...hash, digest: base64(value ?? (content === dsse ? encoded : digest)) },
        signature: { content: base64(bytes), verifier: raws(by, der) },
      },
    }),
    signatures: (spec) => at(spec, 'hashedRekordV002', 'signature'),
  })),
  {
    name: 'dsse 0.0.2',
    content: dsse,
    spec: ({ by, signature: bytes = signature, digest: value = digest, der }) => ({
      dsseV002: {
        payloadHash: { ...hash, digest: base64(value) },
        signatures: [{ content: base64(bytes), verifier: raws(by, der) }],
      },
    }),
    signatures: (spec) => at(spec, 'dsseV002', 'signatures', 0),
  },
]

function entryOf(name: string, spec: unknown, body: Json = {}): LogEntry {
  const [kind = '', version = ''] = name.split(' ')
  const text = JSON.stringify({ kind, apiVersion: version, spec, ...body })
  return {
    ...{ logIndex: 0, logId: Uint8Array.of(), kind, version, integratedTime: undefined },
    ...{ promise: undefined, proof: undefined, body: Buffer.from(text), bodyText: base64(text) },
  }
}

/** Undefined: the entry is about the material. */
function refusal(
  name: string,
  spec: unknown,
  content: SignedMaterial['content'],
  { by = 'certificate', body }: { readonly by?: Fields['by']; readonly body?: Json } = {},
): string | undefined {
  const signer = by === 'key' ? key : certificate
  const material = { signer, content, signature, entries: [], timestamps: [] }
  try {
    checkEntry(nodeCryptography, entryOf(name, spec, body), material)
    return undefined
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    expect(error.check).toBe('entry')
    return error.reason
  }
}

describe.each(kinds)('an entry $name about a $content.kind', (kind) => {
  const { name, content, spec, signatures } = kind
  const changed = (change: (spec: Json) => unknown): string | undefined => {
    const copy = structuredClone(spec({}))
    change(copy)
    return refusal(name, copy, content)
  }
  const field = (name.startsWith('intoto') && 'sig') || (name === 'dsse 0.0.1' && 'signature')

  test('is taken with a certificate, and with a key', () => {
    expect(refusal(name, spec({}), content)).toBeUndefined()
    expect(refusal(name, spec({ by: 'key' }), content, { by: 'key' })).toBeUndefined()
  })

  test('is refused where it is about something else', () => {
    const other = Buffer.alloc(32, 1)
    expect(refusal(name, spec({ digest: other }), content)).toBe(
      'the entry of the log is about another payload',
    )
    expect(refusal(name, spec({ signature: other }), content)).toBe(
      'the entry of the log is about another signature',
    )
    expect(refusal(name, spec({ der: Buffer.from('another') }), content)).toBe(
      'the entry of the log is about another certificate',
    )
    expect(refusal(name, spec({ by: 'key' }), content)).toBe(
      'the entry of the log is about another certificate',
    )
    expect(refusal(name, spec({}), content, { by: 'key' })).toBe(
      'the entry of the log is about another key',
    )
  })

  test('is refused where its body says another kind or version', () => {
    const reason = (body: Json): string | undefined => refusal(name, spec({}), content, { body })
    expect(reason({ kind: 'other' })).toBe(
      'the body of the entry: kind: is another than in the bundle',
    )
    expect(reason({ apiVersion: '0.0.9' })).toBe(
      'the body of the entry: apiVersion: is another than in the bundle',
    )
    expect(reason({ spec: 1 })).toMatch(/^the body of the entry: spec: /)
  })

  test('is refused without one of its fields', () => {
    const whole = spec({})
    for (const path of pathsOf(whole)) {
      const reason = changed((copy) => {
        const holder = at(copy, ...path.slice(0, -1)) as Json
        Reflect.deleteProperty(holder, path.at(-1) ?? '')
      })
      expect([path, reason]).toEqual([path, expect.stringMatching(/^the body of the entry: /)])
    }
  })

  test('is refused for another hash function', () => {
    const reason = changed((copy) => {
      for (const path of pathsOf(copy)) {
        if (path.at(-1) !== 'algorithm') continue
        const holder = at(copy, ...path.slice(0, -1)) as Json
        holder['algorithm'] = 'sha512'
      }
    })
    expect(reason).toMatch(/algorithm: is not (sha256|SHA2_256)$/)
  })

  test('is refused where its signature is not base64', () => {
    const reason = changed((copy) => {
      const holder = signatures(copy) as Json
      holder[field || 'content'] = '?'
    })
    expect(reason).toMatch(/: is not base64$/)
  })
})

/** The path of each member below, as long as it is not within an array. */
function* pathsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly (string | number)[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    const next = [...path, Array.isArray(value) ? Number(name) : name]
    if (!Array.isArray(value)) yield next
    yield* pathsOf(inner, next)
  }
}

describe('an entry is refused', () => {
  test.each([
    ['hashedrekord 0.0.1', dsse],
    ['dsse 0.0.1', message],
    ['intoto 0.0.2', message],
    ['dsse 0.0.2', message],
    ['intoto 0.0.1', dsse],
    ['rekord 0.0.1', message],
  ])('of the kind %s for that content', (name, content) => {
    expect(refusal(name, {}, content)).toBe(
      `the entry is of an unexpected kind: ${JSON.stringify(name)}`,
    )
  })

  test.each([
    ['dsse 0.0.1', 'signatures', { signature: base64(signature), verifier: byCertificate }],
    ['dsse 0.0.2', 'dsseV002', { content: base64(signature), verifier: rawCertificate }],
    ['intoto 0.0.2', 'content', { sig: base64(base64(signature)), publicKey: byCertificate }],
  ])('%s with no signature, or with two', (name, _member, one) => {
    const of = (signatures: readonly unknown[]): string | undefined => {
      const spec: Json =
        name === 'dsse 0.0.1'
          ? { payloadHash: hex, signatures }
          : name === 'dsse 0.0.2'
            ? { dsseV002: { payloadHash: hash, signatures } }
            : { content: { payloadHash: hex, envelope: { signatures } } }
      return refusal(name, spec, dsse)
    }
    expect(of([one])).toBeUndefined()
    expect(of([])).toMatch(/: must be exactly one signature$/)
    expect(of([one, one])).toMatch(/: must be exactly one signature$/)
  })

  test('intoto 0.0.2 whose signature is not in base64 twice', () => {
    const of = (sig: string): string | undefined => {
      const signatures = [{ sig, publicKey: byCertificate }]
      const content = { payloadHash: hex, envelope: { signatures } }
      return refusal('intoto 0.0.2', { content }, dsse)
    }
    expect(of(base64(base64(signature)))).toBeUndefined()
    expect(of(base64('not base64'))).toBe(
      'the body of the entry: spec.content.envelope.signatures.sig: is not base64 of base64',
    )
  })

  test.each([
    ['of another length', 'ab'],
    ['that is not hexadecimal', 'x'.repeat(64)],
  ])('dsse 0.0.1 with a digest %s', (_name, value) => {
    const signatures = [{ signature: base64(signature), verifier: byCertificate }]
    const spec = { payloadHash: { ...hex, value }, signatures }
    expect(refusal('dsse 0.0.1', spec, dsse)).toBe(
      'the body of the entry: spec.payloadHash.value: is not a SHA-256',
    )
  })

  test.each([
    ['of another label', pem('RSA PUBLIC KEY', spki)],
    ['that is not PEM', base64('certificate')],
  ])('dsse 0.0.1 with a signer %s', (_name, verifier) => {
    const spec = { payloadHash: hex, signatures: [{ signature: base64(signature), verifier }] }
    expect(refusal('dsse 0.0.1', spec, dsse)).toMatch(
      /verifier: is not the PEM of a certificate or a key$/,
    )
  })

  test('whose signer is the same bytes as something else', () => {
    const verifier = pem('PUBLIC KEY', der)
    const spec = { payloadHash: hex, signatures: [{ signature: base64(signature), verifier }] }
    expect(refusal('dsse 0.0.1', spec, dsse)).toBe(
      'the entry of the log is about another certificate',
    )
  })

  test('not where the reader itself fails', () => {
    const material = { signer: certificate, content: dsse, signature, entries: [], timestamps: [] }
    const entry = { ...entryOf('dsse 0.0.1', {}), body: null as never }
    expect(() => checkEntry(nodeCryptography, entry, material)).toThrow(
      expect.objectContaining({ name: 'TypeError' }),
    )
  })

  test('with a body that is not JSON, or not an object', () => {
    const material = { signer: certificate, content: dsse, signature, entries: [], timestamps: [] }
    for (const [text, reason] of [
      ['no', 'expected a value'],
      ['1', 'must be an object, is the number 1'],
      ['{"kind":"dsse","kind":"dsse"}', 'kind: duplicate name'],
    ] as const) {
      const entry = { ...entryOf('dsse 0.0.1', {}), body: Buffer.from(text) }
      expect(() => checkEntry(nodeCryptography, entry, material)).toThrow(
        expect.objectContaining({
          ...{ reason: `the body of the entry: ${reason}`, cause: expect.any(Error) },
        }),
      )
    }
  })
})
