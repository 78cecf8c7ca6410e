/** ML-DSA: all parameter sets, other messages, lengths, and keys that are nearly right. */
import {
  bitString,
  nothing,
  objectIdentifier,
  sequence,
} from '../../spec-vectors/generator/functions/der.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import {
  flipBit,
  hex,
  makeKey,
  message,
  otherMessage,
  toPem,
  type SignatureCase,
} from './signature-case.js'

const parameterSets = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const

export function mlDsaCases(): readonly SignatureCase[] {
  return [...parameterSets.flatMap(casesOf), ...keyCases()]
}

function casesOf(parameters: (typeof parameterSets)[number]): readonly SignatureCase[] {
  const signer = mlDsaSigner('cases', parameters)
  const { keytype, scheme, keyval } = signer.key
  const key = makeKey(keytype, scheme, keyval.public)
  const good = signer.sign(message)
  const rows: readonly (readonly [string, Uint8Array, SignatureCase['verdict'], Uint8Array?])[] = [
    ['good', good, 'signed'],
    ['another message', good, 'wrong-signature', otherMessage],
    ['another bit of the challenge', flipBit(good, 0), 'wrong-signature'],
    ['another bit of the response', flipBit(good, 100), 'wrong-signature'],
    ['another bit of the hint', flipBit(good, -1), 'wrong-signature'],
    ['zeros', new Uint8Array(good.length), 'wrong-signature'],
    ['ones', new Uint8Array(good.length).fill(255), 'wrong-signature'],
    ['nothing', new Uint8Array(), 'empty-signature'],
    ['a byte less', good.subarray(1), 'malformed-signature'],
    ['a byte more', Uint8Array.from([...good, 0]), 'malformed-signature'],
  ]
  return rows.map(([title, sig, verdict, text = message]) => ({
    title: `${parameters}, ${title}`,
    key,
    message: text,
    sig: hex(sig),
    verdict,
  }))
}

function keyCases(): readonly SignatureCase[] {
  const signer = mlDsaSigner('cases')
  const pem = signer.key.keyval.public
  const sig = hex(signer.sign(message))
  const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64')
  const encoded = Uint8Array.from(der.subarray(-1312))
  const oid = (last: string): Uint8Array => objectIdentifier(`60864801650304${last}`)
  const spki = (key: Uint8Array, ...algorithm: readonly Uint8Array[]): string =>
    toPem('PUBLIC KEY', sequence(sequence(...algorithm), bitString(key)))
  const rows: readonly (readonly [string, string, SignatureCase['verdict'], string?])[] = [
    ['written here', spki(encoded, oid('0311')), 'signed'],
    ['zeros', spki(new Uint8Array(1312), oid('0311')), 'wrong-signature'],
    ['ones', spki(new Uint8Array(1312).fill(255), oid('0311')), 'wrong-signature'],
    ['a byte less', spki(encoded.subarray(1), oid('0311')), 'broken-key'],
    ['a byte more', spki(Uint8Array.from([...encoded, 0]), oid('0311')), 'broken-key'],
    ['nothing', spki(new Uint8Array(), oid('0311')), 'broken-key'],
    ['parameters of NULL', spki(encoded, oid('0311'), nothing), 'broken-key'],
    ['ML-DSA-65 by its identifier', spki(encoded, oid('0312')), 'broken-key'],
    ['SLH-DSA by its identifier', spki(encoded, oid('0314')), 'broken-key'],
    ['HashML-DSA by its identifier', spki(encoded, oid('0320')), 'broken-key'],
    ['the label of PKCS #1', pem.replaceAll('PUBLIC', 'RSA PUBLIC'), 'broken-key'],
    ['hexadecimal', hex(encoded), 'broken-key'],
    ['the scheme of ML-DSA-65', pem, 'broken-key', 'ml-dsa-65/1'],
    ['another version', pem, 'unsupported-key', 'ml-dsa-44/2'],
    ['no version', pem, 'unsupported-key', 'ml-dsa-44'],
  ]
  return rows.map(([title, text, verdict, scheme = 'ml-dsa-44/1']) => ({
    title: `ML-DSA key: ${title}`,
    key: makeKey('ml-dsa', scheme, text),
    message,
    sig,
    verdict,
  }))
}
