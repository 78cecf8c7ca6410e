/** Bundles of Sigstore, verified against a trusted root and an identity that the caller names. */
import { defaultCryptography } from '#platform'
import { decodeHex, encodeHex, sameBytes } from '../core/bytes.js'
import { readPlainJson } from '../core/json/read.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { decodePem } from '../core/keys/pem.js'
import { arrayOf, objectFrom, required, stringFrom } from '../core/metadata/fields.js'
import type { SignedContent } from './log/material.js'
import { readBundle, refusing, type Bundle } from './read-bundle.js'
import { reading, refuse } from './refuse.js'
import type { TrustedRoot } from './trusted-root.js'
import { verifyMaterial, type VerifiedEntry } from './verify.js'
import { Asn1Error } from './x509/asn1.js'
import type { Certificate } from './x509/certificate.js'
import { identityOf, type CertificateIdentity } from './x509/identity.js'
import { holds, readSpki, type SpkiKey } from './x509/public-key.js'

/** Requirements on a bundle. */
export interface VerifyBundleOptions {
  /** From `sigstoreTrustedRoot`, or `parseTrustedRoot`. */
  readonly trustedRoot: TrustedRoot
  /**
   * The file that was signed; for a bundle with an in-toto statement, one of its subjects. A SHA-256
   * is 64 hexadecimal digits.
   */
  readonly artifact: Uint8Array | { readonly sha256: string }
  /** The required signer. Not used with `key`. */
  readonly identity?: BundleIdentity | undefined
  /** The public key in PEM, for bundles that are signed without a certificate. */
  readonly key?: string | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
}

/** Compared literally: neither is a pattern. */
export interface BundleIdentity {
  /** E-mail address or URI in the certificate. */
  readonly subject: string
  /** URL of the OpenID Connect issuer. */
  readonly issuer: string
}

/** A bundle that passed every check. */
export interface VerifiedBundle {
  /** Undefined when it was verified with a key. */
  readonly certificate: CertificateIdentity | undefined
  /** Milliseconds since 1970. */
  readonly times: readonly number[]
  readonly entries: readonly VerifiedEntry[]
  /** The payload, for a bundle with an in-toto statement: exactly the bytes that were signed. */
  readonly statement: Uint8Array | undefined
}

/**
 * Verifies a bundle of Sigstore, version 0.1 to 0.3: time, chain, usage, timestamps of the certificate,
 * inclusion, entry, signature, then the artifact and the identity.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parseTrustedRoot, verifyBundle } from 'tuffet/sigstore'
 *
 * await verifyBundle(await readFile('file.sigstore.json'), {
 *   trustedRoot: parseTrustedRoot(await readFile('trusted_root.json')),
 *   artifact: await readFile('file'),
 *   identity: { subject: 'maintainer@example.org', issuer: 'https://accounts.google.com' },
 * })
 * ```
 *
 * @throws AttestationError (`ERR_TUF_ATTESTATION_REFUSED`) with the check that refused; TypeError when
 *   neither an identity nor a key is given, or both, or a SHA-256 is not one
 */
export async function verifyBundle(
  bytes: Uint8Array,
  options: VerifyBundleOptions,
): Promise<VerifiedBundle> {
  const { trustedRoot, cryptography = defaultCryptography } = options
  const wanted = wantedOf(options)
  const bundle = readBundle(bytes)
  const { signer, identify } = signerOf(bundle, wanted)
  const artifact = await readArtifact(options.artifact, cryptography)
  const { times, entries } = verifyMaterial(
    { ...bundle, signer, content: contentOf(bundle, artifact) },
    { cryptography, trusted: trustedRoot.parts, proofOptional: bundle.version === '0.1' },
  )
  const { content } = bundle
  const statement = content.kind === 'dsse' ? statementAbout(artifact.sha256, content) : undefined
  return {
    certificate: identify?.(),
    times,
    entries,
    statement,
  }
}

type Wanted = { readonly identity: BundleIdentity } | { readonly key: string }

function wantedOf(options: VerifyBundleOptions): Wanted {
  // A program without types may say null.
  const [identity, key] = [options.identity ?? undefined, options.key ?? undefined]
  if (identity !== undefined && key === undefined) return { identity }
  if (identity === undefined && key !== undefined) return { key }
  throw new TypeError('either identity or key must be given')
}

interface Artifact {
  readonly sha256: Uint8Array
  isSigned(key: SpkiKey, signature: Uint8Array): boolean
}

async function readArtifact(
  artifact: VerifyBundleOptions['artifact'],
  cryptography: Cryptography,
): Promise<Artifact> {
  if (artifact instanceof Uint8Array) {
    return {
      sha256: cryptography.hash('sha256', artifact),
      isSigned: (key, signature) => holds(cryptography, key, artifact, signature),
    }
  }
  const sha256 = decodeHex(artifact.sha256)
  if (sha256?.length !== 32) throw new TypeError('a SHA-256 is 64 hexadecimal digits')
  // No platform verifies a digest without the message in a synchronous way.
  const { p256 } = await import('@noble/curves/nist.js')
  return {
    sha256,
    isSigned({ kind, decoded }, signature) {
      const { publicKey } = decoded
      if (kind !== 'P-256' || publicKey.kind !== 'ecdsa') {
        refuse('signature', `a signature by a key of ${kind} needs the file, not its SHA-256`)
      }
      const raw = decoded.decodeSignature(encodeHex(signature))
      return (
        raw !== undefined &&
        p256.verify(raw, sha256, publicKey.point, { prehash: false, lowS: false })
      )
    },
  }
}

interface Signer {
  readonly signer: Certificate | SpkiKey
  /** Checks the certificate, once it is verified. */
  readonly identify?: () => CertificateIdentity
}

function signerOf({ certificate }: Bundle, wanted: Wanted): Signer {
  if ('identity' in wanted) {
    const signer =
      certificate ??
      refuse('identity', 'the bundle comes without a certificate, and no key was given')
    return { signer, identify: () => checkIdentity(signer, wanted.identity) }
  }
  if (certificate) refuse('identity', 'the bundle comes with a certificate, and a key was given')
  const signer = reading('identity', 'the key', () => {
    const pem = decodePem(wanted.key)
    if (pem === undefined) throw new Asn1Error('not PEM')
    return readSpki(pem.bytes)
  })
  return { signer }
}

function contentOf({ content }: Bundle, artifact: Artifact): SignedContent {
  if (content.kind === 'dsse') return content
  if (content.sha256 && !sameBytes(content.sha256, artifact.sha256)) {
    refuse('object', 'the bundle is about another file')
  }
  return { kind: 'message', ...artifact }
}

/** The payload. in-toto: one of the subjects must be the artifact, by its digest. */
function statementAbout(
  sha256: Uint8Array,
  content: Extract<Bundle['content'], { kind: 'dsse' }>,
): Uint8Array {
  if (content.payloadType !== 'application/vnd.in-toto+json') {
    refuse('statement', 'the payload is not an in-toto statement')
  }
  const digests = refusing('statement', () =>
    required(objectFrom(readPlainJson(content.payload)), 'subject', (list) =>
      arrayOf(list, (subject) =>
        required(objectFrom(subject), 'digest', (digest) =>
          required(objectFrom(digest), 'sha256', stringFrom),
        ),
      ),
    ),
  )
  if (!digests.includes(encodeHex(sha256))) {
    refuse('statement', 'no subject of the statement is the artifact: every SHA-256 differs')
  }
  return content.payload
}

function checkIdentity(
  signer: Certificate,
  { subject, issuer }: BundleIdentity,
): CertificateIdentity {
  const found = identityOf(signer)
  if (found.claims.issuer !== issuer) refuse('identity', 'the certificate is of another issuer')
  if (!found.names.some(({ value }) => value === subject)) {
    refuse('identity', 'the certificate is of another identity')
  }
  return found
}
