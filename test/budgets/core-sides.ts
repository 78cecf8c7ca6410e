/** Both sides of each limit in `core/budget.ts`, named as there. */
import { expect } from '@jest/globals'
import { budget, mostEntries } from '../../src/core/budget.js'
import { olpc } from '../../src/core/json/canonical.js'
import { readExact, readJson } from '../../src/core/json/read.js'
import type { Key } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { matchesPathPattern } from '../../src/core/search/path-pattern.js'
import { countSignatures } from '../../src/core/trust/verify.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { ed25519Signer } from '../../src/testing/index.js'
import { decodeKey } from '../support/decode-key.js'
import { bytesOf, readRoot, root, targets } from '../support/small-files.js'
import { derOf, pemOf } from './rsa-pem.js'
import type { Sides } from './sides.js'

const encoder = new TextEncoder()

/** An object with a list: so many members and elements in all, in a file of so many bytes. */
function entries(count: number, length: number): Uint8Array {
  const text = `{"a":["",${'0,'.repeat(count - 3)}0]}`
  return encoder.encode(text.replace('""', `"${'x'.repeat(length - text.length)}"`))
}

function rsa(bits: number, exponent: bigint): unknown {
  return decodeKey({
    keyid: 'K',
    keytype: 'rsa',
    scheme: 'rsassa-pss-sha256',
    public: pemOf(derOf((1n << BigInt(bits - 1)) + 1n, exponent)),
  })
}

function brokenKey(reason: string | RegExp): object {
  return { verdict: 'broken-key', reason }
}

/** How many of so many good signatures are not looked at when one is enough. */
function notChecked(signatures: number): { readonly notChecked: number } {
  const file = parseMetadata(bytesOf(targets()), 'targets', 'targets')
  const signers = Array.from({ length: signatures }, (_, index) => ed25519Signer(`side ${index}`))
  const keys = new Map<string, Key>()
  for (const { keyid, key } of signers) {
    keys.set(keyid, { keyid, keytype: key.keytype, scheme: key.scheme, public: key.keyval.public })
  }
  const signed = {
    ...file,
    signatures: signers.map(({ keyid, sign }) => ({
      keyid,
      sig: Buffer.from(sign(file.signedBytes)).toString('hex'),
    })),
  }
  const authority = { delegator: 'root', threshold: 1, keyids: [...keys.keys()], keys }
  const report = countSignatures(signed, authority, { cryptography: nodeCryptography })
  return { notChecked: report.keys.filter(({ verdict }) => verdict === 'not-checked').length }
}

/** The sides of `budget`. */
export const budgetSides: Readonly<Record<keyof typeof budget, Sides>> = {
  jsonDepth: {
    attempt: (extra) => readJson(encoder.encode('['.repeat(64 + extra) + ']'.repeat(64 + extra))),
    beyond: { name: 'JsonSyntaxError', reason: 'nested more than 64 deep' },
  },
  jsonContainers: {
    attempt(extra) {
      // Nested, since each comma would count as an entry; the string makes room for the entries.
      const nested = `${'['.repeat(63)}${']'.repeat(63)},`.repeat(15_873)
      const more = '[],'.repeat(extra)
      const bytes = encoder.encode(`[${nested}${more}"${'x'.repeat(22_000_000)}"]`)
      readExact(bytes, olpc)
      return readJson(bytes)
    },
    beyond: { name: 'JsonSyntaxError', reason: 'more than 1000000 objects and arrays' },
  },
  jsonEntries: {
    attempt: (extra) =>
      readJson(entries(mostEntries(budget.jsonEntries, 8_000_000) + extra, 8_000_000)),
    beyond: {
      name: 'JsonSyntaxError',
      reason: expect.stringMatching(/^more than \d+ members and/),
    },
  },
  jsonEntriesDense: {
    attempt(extra) {
      const length = 200_000
      readExact(entries(45_000 + extra, length), olpc)
      return readJson(entries(45_000 + extra, length))
    },
    beyond: { name: 'JsonSyntaxError', reason: 'more than 45000 members and elements' },
  },
  jsonEntriesUnsorted: {
    attempt(extra) {
      const length = 2_500_000
      return readExact(
        entries(mostEntries(budget.jsonEntriesUnsorted, length) + extra, length),
        olpc,
      )
    },
    beyond: {
      name: 'JsonSyntaxError',
      reason: 'more than 254166 members and elements',
    },
  },
  jsonDigits: {
    attempt: (extra) => readJson(encoder.encode('9'.repeat(4_300 + extra))),
    beyond: { name: 'JsonSyntaxError', reason: 'integer of more than 4300 digits' },
  },
  roleKeys: {
    attempt(extra) {
      const role = { keyids: ['K'], threshold: 1 }
      const keyids = Array.from({ length: 64 + extra }, (_, index) => `K${index}`)
      const roles = { root: role, timestamp: { ...role, keyids }, snapshot: role, targets: role }
      return readRoot(root({ roles }))
    },
    beyond: {
      code: 'ERR_TUF_METADATA_INVALID',
      path: 'signed.roles.timestamp.keyids',
      reason: 'must contain at most 64 entries',
    },
  },
  rsaModulus: {
    attempt: (extra) => rsa(16_384 + extra, 3n),
    beyond: brokenKey(expect.stringContaining('modulus') as unknown as string),
  },
  rsaExponent: {
    attempt: (extra) => rsa(2_048, 2n ** BigInt(32 + extra) + 1n),
    beyond: brokenKey(expect.stringContaining('exponent') as unknown as string),
  },
  rsaWork: {
    attempt: (extra) => rsa(8_440 + extra, 2n ** 32n + 1n),
    beyond: brokenKey('modulus and exponent together are too large'),
  },
  signaturesReported: {
    attempt: (extra) => notChecked(16 + extra),
    beyond: { notChecked: 1 },
  },
  patternLength: {
    attempt(extra) {
      const path = 'a'.repeat(4_096 + extra)
      return { byStar: matchesPathPattern('*', path), byItself: matchesPathPattern(path, path) }
    },
    beyond: { byStar: false, byItself: false },
  },
}
