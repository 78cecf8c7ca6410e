/** A platform's table put together from parts, so that a bundle carries no part that is not named. */
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import {
  hashNames,
  type AskedDigests,
  type Cryptography,
  type Hasher,
  type HashName,
  type KeyKind,
  type PublicKey,
  type VerifySignature,
} from '../core/keys/cryptography.js'

type Kind = PublicKey['kind']

/** Kinds of keys, or hash functions, in JavaScript. */
export interface CryptographyPart {
  readonly keys?: readonly KeyKind[]
  /** As `Cryptography.importKey`, for each of the kinds. */
  readonly importers?: {
    readonly [K in Kind]?: (key: Extract<PublicKey, { kind: K }>) => VerifySignature
  }
  readonly hashes?: { readonly [Name in HashName]?: () => Hasher }
}

/** SHA-256, which TUF itself needs, and its family. */
const sha2: CryptographyPart = {
  hashes: {
    sha256: () => sha256.create(),
    sha384: () => sha384.create(),
    sha512: () => sha512.create(),
  },
}

/**
 * WebCrypto computes these several times as fast, and outside the page's thread. A request costs
 * less than a millisecond, as much as the digest of a few kilobytes.
 */
const asked: AskedDigests = { hashNames: ['sha256', 'sha384', 'sha512'], leastLength: 65_536 }

/**
 * Cryptography in plain JavaScript, of the parts that are named and SHA-256, SHA-384 and SHA-512. A
 * bundle leaves out the others. A key or hash function of another part is an unsupported one: such a
 * signature does not count, and such a hash is passed over, unless a file lists no other.
 *
 * @example
 * ```ts
 * import { PortedUpdater, fetchFetcher } from 'tuffet/client'
 * import { cryptographyOf, ed25519 } from 'tuffet/web'
 *
 * const updater = new PortedUpdater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   fetcher: fetchFetcher(),
 *   cryptography: cryptographyOf(ed25519),
 * })
 * ```
 */
export function cryptographyOf(...parts: readonly CryptographyPart[]): Cryptography {
  const all = [sha2, ...parts]
  const hashes = merged(all.map((part) => part.hashes))
  const importers = merged(all.map((part) => part.importers))
  const createHasher = (name: HashName): Hasher => existing(hashes[name], name)()
  return {
    asked,
    keyKinds: parts.flatMap(({ keys }) => keys ?? []),
    hashNames: hashNames.filter((name) => name in hashes),
    createHasher,
    hash(name, bytes) {
      const hasher = createHasher(name)
      hasher.update(bytes)
      return hasher.digest()
    },
    importKey(key) {
      switch (key.kind) {
        case 'ed25519':
          return existing(importers.ed25519, key.kind)(key)
        case 'ecdsa':
          return existing(importers.ecdsa, key.kind)(key)
        case 'rsa':
          return existing(importers.rsa, key.kind)(key)
        case 'ml-dsa':
          return existing(importers['ml-dsa'], key.kind)(key)
      }
    },
  }
}

function merged<Table extends object>(tables: readonly (Table | undefined)[]): Partial<Table> {
  const all: Partial<Table> = {}
  for (const table of tables) Object.assign(all, table)
  return all
}

function existing<T>(entry: T | undefined, name: string): T {
  if (entry === undefined) throw new TypeError(`${name} is not among the parts`)
  return entry
}
