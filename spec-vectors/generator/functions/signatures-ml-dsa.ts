/** ML-DSA signatures as TAP 21 has them, made by the deterministic variant of FIPS 204. */
import { createHash } from 'node:crypto'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import { mlDsaSigner } from '../../../src/testing/ml-dsa.js'
import { seedFrom } from '../../../src/testing/keys.js'
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { bitString, flipBit, fromHex, hex, nothing, sequence, toPem } from './der.js'
import { hints, responses } from './ml-dsa-forged.js'
import {
  accepted,
  encoded,
  key,
  keyOf,
  mlDsa,
  oids,
  pem,
  refused,
  scheme,
  sig,
  signedText,
  spki,
} from './ml-dsa-kit.js'
import { aboutSignatures, message, otherMessage } from './signed-message.js'

/** The family `signatures-ml-dsa`. */
export function mlDsaFamily(): VectorFile {
  return functionFamily('signatures-ml-dsa', aboutSignatures, [
    ...good(),
    ...altered(),
    ...messages(),
    ...labels(),
    ...keys(),
    ...responses(),
    ...hints(),
  ])
}

const text = Buffer.from(message)

function good(): readonly FunctionVector[] {
  const others = (['ML-DSA-65', 'ML-DSA-87'] as const).map((parameters) => {
    const signer = mlDsaSigner('vectors: the key', parameters)
    const { public: other } = signer.key.keyval
    return [
      parameters.slice('ML-DSA-'.length),
      `A good signature of ${parameters} is accepted`,
      key(other, signer.key.scheme),
      hex(signer.sign(text)),
    ] as const
  })
  return accepted(mlDsa, [
    ['44', 'A good signature of ML-DSA-44 is accepted', key(), sig],
    ...others,
    ['pem-trimmed', 'PEM needs no line feed at its end', key(pem.trimEnd()), sig],
    ['pem-one-line', 'PEM may contain all its base64 on one line', key(oneLine(pem)), sig],
  ])
}

function oneLine(lines: string): string {
  const [first = '', ...rest] = lines.trimEnd().split('\n')
  return `${first}\n${rest.slice(0, -1).join('')}\n${rest.at(-1) ?? ''}\n`
}

function altered(): readonly FunctionVector[] {
  const bytes = fromHex(sig)
  const other = mlDsaSigner('vectors: another key').key.keyval.public
  return refused(mlDsa, [
    ['other-message', 'A signature over another message is refused', key(), sig, otherMessage],
    ['other-key', 'A signature by another key is refused', key(other), sig],
    [
      'challenge-bit',
      'A bit of the challenge that is flipped is noticed',
      key(),
      hex(flipBit(bytes, 0)),
    ],
    ['z-bit', 'A bit of z that is flipped is noticed', key(), hex(flipBit(bytes, 32))],
    ['hint-bit', 'A hint that is moved is noticed', key(), hex(flipBit(bytes, -84))],
    ['empty', 'An empty signature is refused', key(), ''],
    ['cut', 'A signature that lacks its last byte is refused', key(), sig.slice(0, -2)],
    ['long', 'A byte after a signature is refused', key(), `${sig}00`],
    ['odd', 'An odd number of digits is refused', key(), sig.slice(0, -1)],
    ['base64', 'A signature in base64 is refused', key(), Buffer.from(bytes).toString('base64')],
    ['zeros', 'Zeros are not a signature', key(), '00'.repeat(bytes.length)],
  ])
}

/** A prefix, and the SHA-512 of the message; pure ML-DSA with an empty context. */
function messages(): readonly FunctionVector[] {
  const { secretKey } = ml_dsa44.keygen(seedFrom('vectors: the key'))
  const digest = (name: string): Buffer => createHash(name).update(text).digest()
  const prefixed = (bytes: Uint8Array, prefix = 'tuf\u0001'): Buffer =>
    Buffer.concat([Buffer.from(prefix), bytes])
  const sign = (bytes: Uint8Array, context?: string): string =>
    hex(
      ml_dsa44.sign(bytes, secretKey, {
        extraEntropy: false,
        ...(context !== undefined && { context: Buffer.from(context) }),
      }),
    )
  return refused(signedText, [
    ['message-itself', 'A signature over the message itself is refused', key(), sign(text)],
    [
      'digest-alone',
      'A signature over the digest without its prefix is refused',
      key(),
      sign(digest('sha512')),
    ],
    [
      'message-prefixed',
      'A signature over the prefix and the whole message is refused',
      key(),
      sign(prefixed(text)),
    ],
    ['sha256', 'SHA-256 in place of SHA-512 is refused', key(), sign(prefixed(digest('sha256')))],
    [
      'sha3-512',
      'SHA3-512 in place of SHA-512 is refused',
      key(),
      sign(prefixed(digest('sha3-512'))),
    ],
    [
      'digest-hex',
      'The digest in hexadecimal is another message',
      key(),
      sign(prefixed(Buffer.from(digest('sha512').toString('hex')))),
    ],
    [
      'version-2',
      'The prefix of another version is refused',
      key(),
      sign(prefixed(digest('sha512'), 'tuf\u0002')),
    ],
    [
      'version-digit',
      'The version as a digit is refused',
      key(),
      sign(prefixed(digest('sha512'), 'tuf1')),
    ],
    [
      'context',
      'A signature with a context is refused',
      key(),
      sign(prefixed(digest('sha512')), 'tuf'),
    ],
    [
      'context-for-prefix',
      'A context in place of the prefix is refused',
      key(),
      sign(digest('sha512'), 'tuf\u0001'),
    ],
  ])
}

/** Key type, parameters and version are those of the scheme. */
function labels(): readonly FunctionVector[] {
  const signer65 = mlDsaSigner('vectors: the key', 'ML-DSA-65')
  return refused(scheme, [
    [
      'scheme-65',
      'A key of ML-DSA-44 with the scheme of ML-DSA-65 is refused',
      key(pem, 'ml-dsa-65/1'),
      sig,
    ],
    [
      'scheme-44',
      'A key of ML-DSA-65 with the scheme of ML-DSA-44 is refused',
      key(signer65.key.keyval.public),
      hex(signer65.sign(text)),
    ],
    ['scheme-version-2', 'An unknown version is refused', key(pem, 'ml-dsa-44/2'), sig],
    [
      'scheme-version-01',
      'A version with a zero in front is refused',
      key(pem, 'ml-dsa-44/01'),
      sig,
    ],
    ['scheme-version-none', 'A scheme without a version is refused', key(pem, 'ml-dsa-44'), sig],
    ['scheme-version-empty', 'An empty version is refused', key(pem, 'ml-dsa-44/'), sig],
    [
      'scheme-capitals',
      'A scheme in capital letters is another scheme',
      key(pem, 'ML-DSA-44/1'),
      sig,
    ],
    [
      'scheme-prehash',
      'The scheme of another variant is refused',
      key(pem, 'hash-ml-dsa-44/1'),
      sig,
    ],
    ['keytype-scheme', 'The scheme is not a key type', key(pem, 'ml-dsa-44/1', 'ml-dsa-44/1'), sig],
    [
      'keytype-slash',
      'A slash between key type and scheme is not part of either',
      key(pem, '1', 'ml-dsa/ml-dsa-44'),
      sig,
    ],
    [
      'keytype-mldsa',
      'A key type without its hyphen is unknown',
      key(pem, 'ml-dsa-44/1', 'mldsa'),
      sig,
    ],
    ['keytype-ed25519', 'The key type ed25519 is refused', key(pem, 'ml-dsa-44/1', 'ed25519'), sig],
  ])
}

/** RFC 9881: no parameters, and the key as it is in the bit string. */
function keys(): readonly FunctionVector[] {
  const octets = Uint8Array.from([0x04, 0x82, 0x05, 0x20, ...encoded])
  const withParameters = sequence(sequence(oids['ML-DSA-44'], nothing), bitString(encoded))
  return refused(mlDsa, [
    ['key-hex', 'A key in hexadecimal is refused', key(hex(encoded)), sig],
    [
      'key-base64',
      'A key in base64 without its label is refused',
      key(Buffer.from(spki(encoded)).toString('base64')),
      sig,
    ],
    ['key-label', 'Another label is refused', key(toPem(spki(encoded), 'ML-DSA PUBLIC KEY')), sig],
    ['key-short', 'A key that lacks its last byte is refused', keyOf(encoded.subarray(0, -1)), sig],
    [
      'key-long',
      'A key with a byte too many is refused',
      keyOf(Uint8Array.from([...encoded, 0])),
      sig,
    ],
    ['key-parameters', 'Parameters of the algorithm are refused', key(toPem(withParameters)), sig],
    [
      'key-octet-string',
      'A key in an octet string of its own is refused',
      key(toPem(spki(octets))),
      sig,
    ],
    [
      'key-identifier',
      'The identifier of other parameters is refused',
      key(toPem(spki(encoded, oids['ML-DSA-65']))),
      sig,
    ],
    [
      'key-trailing',
      'A byte after a key is refused',
      key(toPem(Uint8Array.from([...spki(encoded), 0]))),
      sig,
    ],
  ])
}
