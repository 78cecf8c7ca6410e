/** A checkpoint is a signed note of the log itself, with a size and a root hash. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AttestationError } from '../../../src/errors.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { verifiedCheckpoint, type Checkpoint } from '../../../src/sigstore/log/checkpoint.js'
import { readSpki } from '../../../src/sigstore/x509/public-key.js'
import { sha256, spkiOf } from '../../support/sigstore/certificates.js'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const spki = spkiOf(publicKey)
const id = sha256(spki)
const log = { origin: 'log.test', id, key: readSpki(spki), validFor: { start: 0, end: Infinity } }
const root = Buffer.alloc(32, 7)
const text = `log.test\n42\n${root.toString('base64')}\n`

function signature(over = text, keyId = id.subarray(0, 4)): string {
  return Buffer.concat([keyId, sign(null, Buffer.from(over), privateKey)]).toString('base64')
}

function line(name = 'log.test', encoded = signature()): string {
  return `\u2014 ${name} ${encoded}\n`
}

function read(note: string): Checkpoint {
  return verifiedCheckpoint(nodeCryptography, note, log)
}

/** A note with this text, signed by the log. */
function note(over: string): string {
  return `${over}\n${line('log.test', signature(over))}`
}

function refusal(note: string): string {
  try {
    read(note)
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    expect(error.check).toBe('inclusion')
    return error.reason
  }
  throw new Error('it was read')
}

test('size and root are those of the note', () => {
  expect(read(note(text))).toEqual({ treeSize: 42, rootHash: new Uint8Array(root) })
})

test('more lines may follow the root', () => {
  expect(read(note(`${text}more\nand more\n`))).toMatchObject({ treeSize: 42 })
})

test('the name may have the number of a tree after it', () => {
  for (const number of ['1', '12345678901234567890']) {
    expect(read(note(text.replace('log.test', `log.test - ${number}`)))).toMatchObject({
      treeSize: 42,
    })
  }
})

test('the greatest size is 2^53 - 1', () => {
  expect(read(note(text.replace('42', '9007199254740991')))).toMatchObject({
    treeSize: Number.MAX_SAFE_INTEGER,
  })
})

test('signatures of witnesses are skipped', () => {
  const witness = line('witness.test', Buffer.alloc(5).toString('base64'))
  expect(read(`${text}\n${witness}${line()}${witness}`)).toMatchObject({ treeSize: 42 })
  const other = line('log.test', Buffer.alloc(68).toString('base64'))
  expect(read(`${text}\n${other}${line()}`)).toMatchObject({ treeSize: 42 })
})

describe('a checkpoint is refused', () => {
  const noNote = 'the checkpoint is not a signed note'
  test.each([
    ['without an empty line', `${text}${line()}`, noNote],
    ['without a line feed at its end', `${text}\n${line()}`.slice(0, -1), noNote],
    ['that is empty', '', noNote],
  ])('%s', (_name, given, reason) => {
    expect(refusal(given)).toBe(reason)
  })

  test.each([
    'other.test',
    'log.test ',
    'log.tes',
    'log.test.example',
    'log.test - ',
    'log.test - 1x',
    'log.test - x1',
    'log.test - 123456789012345678901',
    'log.test -- 1',
    'evil.tst - 1',
    '',
  ])('that begins with "%s"', (first) => {
    const given = note(text.replace('log.test', first))
    const expected = 'the checkpoint is of another log than log.test'
    expect(refusal(given)).toBe(expected)
  })

  test('whose text is empty', () => {
    expect(refusal(`\n\n${line()}`)).toBe('the checkpoint is of another log than log.test')
  })

  test.each([
    ['0', root],
    ['1e5', root],
    ['42 ', root],
    ['042', root],
    ['-1', root],
    ['4x', root],
    ['x4', root],
    ['', root],
    ['9007199254740992', root],
    ['12345678901234567', root],
    ['42', root.subarray(1)],
    ['42', Buffer.alloc(33)],
    ['42', Buffer.alloc(0)],
  ])('with the size "%s" and a root of some length', (size, hash) => {
    // An empty line would end the text.
    const given = note(`log.test\n${size || ' '}\n${hash.toString('base64') || ' '}\n`)
    expect(refusal(given)).toBe('the checkpoint lacks a size or a root hash')
  })

  test.each([
    ['without a size', 'log.test\n'],
    ['without a root', 'log.test\n42\n'],
    ['whose root is not base64', 'log.test\n42\n?\n'],
  ])('%s', (_name, over) => {
    expect(refusal(note(over))).toBe('the checkpoint lacks a size or a root hash')
  })

  const malformed = 'a signature line of the checkpoint is malformed'
  test.each([
    ['without a signature', ''],
    ['with an empty line after the signature', `${line()}\n`],
    ['with another dash', line().replace('\u2014', '-')],
    ['with something before the dash', ` ${line()}`],
    ['with something after a signature', line().replace('\n', ' \n')],
    ['with a name of two words', line('log test')],
    ['with a plus in a name', line('log+test')],
    ['without a name', line('')],
    ['with two spaces', line().replace(' log', '  log')],
    ['with a signature that is not base64', line('log.test', 'AAAAAAA')],
    ['with a signature in another alphabet', line('log.test', '____')],
    ['with a signature of four bytes', line('log.test', Buffer.alloc(4).toString('base64'))],
    ['with a malformed line of a witness', `${line()}${line('witness.test', 'A')}`],
  ])('%s', (_name, lines) => {
    expect(refusal(`${text}\n${lines}`)).toBe(malformed)
  })

  test('whose signature is over another text', () => {
    expect(refusal(`${text}\n${line('log.test', signature('other'))}`)).toBe(
      'the signature of the checkpoint is wrong',
    )
  })

  test('with a good and a wrong signature of the log', () => {
    const wrong = line('log.test', signature('other'))
    for (const lines of [`${line()}${wrong}`, `${wrong}${line()}`]) {
      expect(refusal(`${text}\n${lines}`)).toBe('the signature of the checkpoint is wrong')
    }
  })

  test.each([
    ['under another name', line('witness.test')],
    ['with another key ID', line('log.test', signature(text, Buffer.alloc(4)))],
  ])('signed %s', (_name, lines) => {
    expect(refusal(`${text}\n${lines}`)).toBe('the checkpoint is not signed by its log')
  })

  test('with too many signatures', () => {
    const witness = line('witness.test', Buffer.alloc(5).toString('base64'))
    expect(read(`${text}\n${line()}${witness.repeat(63)}`)).toMatchObject({ treeSize: 42 })
    expect(refusal(`${text}\n${line()}${witness.repeat(64)}`)).toBe(
      'the checkpoint carries too many signatures',
    )
  })
})
