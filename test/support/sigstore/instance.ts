/**
 * A Sigstore instance in memory, with keys of its own: authority, certificate transparency log, Rekor v1
 * and v2, timestamps. Everything it makes is valid unless a test says otherwise.
 */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { certificate, extensions, newKeys, sha256, spkiOf, tbsOf } from './certificates.js'
import type { CertificateFields, Extension, KeyPair } from './certificates.js'
import type { EntryBody, LogEntryJson, TrustedAuthorityJson } from './json.js'
import type { TrustedLogJson, TrustedRootJson } from './json.js'
import { promiseOf, proofOf, type CheckpointFields, type LogFields } from './log.js'
import { timestampToken, type TimestampFields } from './timestamp.js'

/** All dates of the instance are around this one, in milliseconds since 1970. */
export const signingTime: number = Date.UTC(2026, 4, 13, 12)

export const minute = 60_000
const year: number = 365 * 24 * 60 * minute

/** Claims of Fulcio's certificates by the number of their extension. */
export type Claims = Readonly<Record<number, string>>

export const gitHubClaims: Claims = {
  8: 'https://token.actions.githubusercontent.com',
  9: 'https://github.com/demo/demo/.github/workflows/publish.yml@refs/tags/v1.0',
  11: 'github-hosted',
  12: 'https://github.com/demo/demo',
  13: '0123456789012345678901234567890123456789',
  14: 'refs/tags/v1.0',
  15: '1001',
  17: '2002',
  18: 'https://github.com/demo/demo/.github/workflows/publish.yml@refs/tags/v1.0',
}

/** Possible faults of a certificate. */
export interface LeafFields {
  readonly claims?: Claims
  /** E-mail address or URI. */
  readonly name?: string
  /** Several of them, in the place of `name`. */
  readonly names?: readonly string[]
  readonly keyUsage?: number
  readonly purpose?: string
  readonly ca?: boolean
  readonly notBefore?: number
  readonly notAfter?: number
  readonly signer?: KeyObject
  readonly issuer?: string
  readonly moreExtensions?: readonly Extension[]
  readonly curve?: 'P-256' | 'P-384'
  readonly sct?: SctFields
}

export interface SctFields {
  readonly omit?: boolean
  /** Milliseconds since 1970. */
  readonly time?: number
  readonly signer?: KeyObject
  readonly logId?: Buffer
}

/** Possible faults of an entry. */
export interface EntryFields extends CheckpointFields {
  /** Seconds since 1970. */
  readonly integratedTime?: number
  readonly promiseBy?: LogFields
  readonly checkpointBy?: LogFields
  readonly omitProof?: boolean
  readonly omitPromise?: boolean
  /** Changes the body before it is logged. */
  readonly body?: (body: EntryBody) => unknown
}

/** The subject of an entry. */
export interface Signed {
  readonly payload: Uint8Array
  readonly signature: Buffer
  readonly der: Buffer
}

export class TestSigstore {
  readonly #issuing = newKeys()
  readonly #tsa = newKeys()
  readonly ctLog: KeyPair = newKeys()
  readonly rekor: LogFields
  readonly rekorV2: LogFields
  readonly #chain: readonly [issuing: Buffer, root: Buffer]
  readonly #tsaChain: readonly [signer: Buffer, root: Buffer]

  constructor() {
    this.rekor = logOf('rekor.test', newKeys())
    this.rekorV2 = logOf('log2026.rekor.test', generateKeyPairSync('ed25519'))
    this.#chain = authority('sigstore', this.#issuing, [
      extensions.basicConstraints(true),
      extensions.keyUsage(0x06),
    ])
    this.#tsaChain = authority('timestamps', this.#tsa, [
      extensions.keyUsage(0x80),
      { ...extensions.extendedKeyUsage('1.3.6.1.5.5.7.3.8'), critical: true },
    ])
  }

  /** `trusted_root.json`, after `change`. */
  trustedRoot(change: (root: TrustedRootJson) => unknown = () => undefined): Buffer {
    const root = this.#trustedRoot()
    change(root)
    return Buffer.from(JSON.stringify(root))
  }

  #trustedRoot(): TrustedRootJson {
    const validFor = { start: new Date(signingTime - year).toISOString() }
    const log = (origin: string, { publicKey, id }: Omit<LogFields, 'origin'>): TrustedLogJson => ({
      baseUrl: `https://${origin}`,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: spkiOf(publicKey).toString('base64'), validFor: { ...validFor } },
      logId: { keyId: id.toString('base64') },
    })
    const authorityOf = (chain: readonly Buffer[]): TrustedAuthorityJson => ({
      certChain: { certificates: chain.map((one) => ({ rawBytes: one.toString('base64') })) },
      validFor: { ...validFor },
    })
    return {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [log(this.rekor.origin, this.rekor), log(this.rekorV2.origin, this.rekorV2)],
      certificateAuthorities: [authorityOf(this.#chain)],
      ctlogs: [log('ct.test', logOf('ct.test', this.ctLog))],
      timestampAuthorities: [authorityOf(this.#tsaChain)],
    }
  }

  /** A certificate for a key of its own, with the key. */
  leaf(fields: LeafFields = {}): { der: Buffer; privateKey: KeyObject } {
    const keys = newKeys(fields.curve)
    const claims = fields.claims ?? gitHubClaims
    const basics: CertificateFields = {
      subject: '',
      issuer: fields.issuer ?? 'sigstore intermediate',
      key: keys.publicKey,
      signer: fields.signer ?? this.#issuing.privateKey,
      notBefore: fields.notBefore ?? signingTime - minute,
      notAfter: fields.notAfter ?? signingTime + 9 * minute,
      extensions: [
        extensions.keyUsage(fields.keyUsage ?? 0x80),
        extensions.extendedKeyUsage(fields.purpose ?? '1.3.6.1.5.5.7.3.3'),
        ...(fields.ca === true ? [extensions.basicConstraints(true)] : []),
        extensions.subjectName(
          ...(fields.names ?? [fields.name ?? claims[9] ?? 'nobody@example.org']),
        ),
        ...Object.entries(claims).map(([n, value]) => extensions.claim(Number(n), value)),
        ...(fields.moreExtensions ?? []),
      ],
    }
    return { der: this.#withSct(basics, fields.sct), privateKey: keys.privateKey }
  }

  /** RFC 6962: the log signs the certificate without its own timestamp in it. */
  #withSct(basics: CertificateFields, fields: SctFields = {}): Buffer {
    if (fields.omit === true) return certificate(basics)
    const tbs = tbsOf(basics)
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(BigInt(fields.time ?? signingTime))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(tbs.length)
    const signed = Buffer.concat([
      ...[Uint8Array.of(0, 0), time, Uint8Array.of(0, 1)],
      ...[sha256(spkiOf(this.#issuing.publicKey)), length.subarray(1), tbs, Uint8Array.of(0, 0)],
    ])
    const signature = sign('sha256', signed, fields.signer ?? this.ctLog.privateKey)
    const sct = Buffer.concat([
      ...[Uint8Array.of(0), fields.logId ?? sha256(spkiOf(this.ctLog.publicKey)), time],
      ...[Uint8Array.of(0, 0), Uint8Array.of(4, 3), lengthed(signature)],
    ])
    const list = extensions.scts(lengthed(lengthed(sct)))
    return certificate({ ...basics, extensions: [...basics.extensions, list] })
  }

  /** An entry of Rekor v1 about a payload, in the JSON of bundles and attestations. */
  entry({ payload, signature, der }: Signed, fields: EntryFields = {}): LogEntryJson {
    const base64 = der.toString('base64')
    const pem = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
    const verifier = Buffer.from(pem).toString('base64')
    const record: EntryBody = {
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: {
        payloadHash: { algorithm: 'sha256', value: sha256(payload).toString('hex') },
        signatures: [{ signature: signature.toString('base64'), verifier }],
      },
    }
    const body = Buffer.from(JSON.stringify(fields.body?.(record) ?? record))
    const { rekor } = this
    const integratedTime = fields.integratedTime ?? signingTime / 1000
    const { promiseBy = rekor, checkpointBy = rekor } = fields
    const firstLine = fields.firstLine ?? `${rekor.origin} - 1234567890`
    const promise = promiseOf(promiseBy, body, integratedTime, 1_000_004)
    return {
      logIndex: '1000004',
      logId: { keyId: rekor.id.toString('base64') },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      integratedTime: String(integratedTime),
      ...(fields.omitPromise === true
        ? {}
        : { inclusionPromise: { signedEntryTimestamp: promise } }),
      ...(fields.omitProof === true
        ? {}
        : { inclusionProof: proofOf(checkpointBy, body, { ...fields, firstLine }) }),
      canonicalizedBody: body.toString('base64'),
    }
  }

  /** An entry of Rekor v2 about a digest. */
  entryV2(
    kind: 'dsse' | 'hashedrekord',
    { digest, signature, der }: { digest: Buffer; signature: Buffer; der: Buffer },
    fields: CheckpointFields & { readonly checkpointBy?: LogFields } = {},
  ): LogEntryJson {
    const hash = { algorithm: 'SHA2_256', digest: digest.toString('base64') }
    const signed = {
      content: signature.toString('base64'),
      verifier: { x509Certificate: { rawBytes: der.toString('base64') } },
    }
    const spec =
      kind === 'dsse'
        ? { dsseV002: { payloadHash: hash, signatures: [signed] } }
        : { hashedRekordV002: { data: hash, signature: signed } }
    const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.2', kind, spec }))
    const proof = proofOf(fields.checkpointBy ?? this.rekorV2, body, fields)
    return {
      logIndex: proof.logIndex,
      logId: { keyId: this.rekorV2.id.toString('base64') },
      kindVersion: { kind, version: '0.0.2' },
      inclusionProof: proof,
      canonicalizedBody: body.toString('base64'),
    }
  }

  /** A timestamp over `signature`, in base64. */
  timestamp(signature: Uint8Array, fields: TimestampFields = {}): string {
    const [signer] = this.#tsaChain
    const name = { issuer: 'timestamps root', serial: 4711 }
    return timestampToken(
      { privateKey: this.#tsa.privateKey, certificate: signer, ...name },
      signature,
      { time: signingTime, ...fields },
    ).toString('base64')
  }
}

/** A log with its key. */
export function logOf(origin: string, { publicKey, privateKey }: KeyPair): LogFields {
  return { origin, publicKey, privateKey, id: sha256(spkiOf(publicKey)) }
}

/** A certificate by a root of its own, and that root. */
function authority(
  name: string,
  keys: KeyPair,
  own: readonly Extension[],
): readonly [Buffer, Buffer] {
  const root = newKeys()
  const issuer = `${name} root`
  const period = { notBefore: signingTime - year, notAfter: signingTime + 9 * year }
  const ca = [extensions.basicConstraints(true), extensions.keyUsage(0x06)]
  const subject = name === 'sigstore' ? 'sigstore intermediate' : name
  const signer = root.privateKey
  return [
    certificate({ subject, issuer, key: keys.publicKey, signer, ...period, extensions: own }),
    certificate({
      subject: issuer,
      issuer,
      key: root.publicKey,
      signer,
      ...period,
      extensions: ca,
    }),
  ]
}

function lengthed(bytes: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}
