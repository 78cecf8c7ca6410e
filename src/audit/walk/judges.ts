/** The tables of keys that judge roles, by number: equal numbers judge a file alike. */
import { digestText } from '../../core/keys/hash.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import type { Key } from '../../core/metadata/model.js'
import type { Authority } from '../../core/trust/verify.js'
import { keep } from '../budget.js'
import type { Audit } from '../context.js'

/** Bytes of a digest in a map, roughly. */
const mapRow = 200

export class Judges {
  readonly #audit: Audit
  readonly #numbers = new Map<string, number>()
  /** Hash bins in one line share theirs, and its keyids may be megabytes. */
  readonly #known = new WeakMap<Authority, number>()

  constructor(audit: Audit) {
    this.#audit = audit
  }

  /** @throws LimitReached */
  numberOf(authority: Authority): number {
    const known = this.#known.get(authority)
    if (known !== undefined) return known
    const digest = digestOfKeys(this.#audit, authority)
    let number = this.#numbers.get(digest)
    if (number === undefined) {
      keep(this.#audit, mapRow)
      number = this.#numbers.size
      this.#numbers.set(digest, number)
    }
    this.#known.set(authority, number)
    return number
  }
}

/** The digest of everything that a judgement of signatures depends on. */
function digestOfKeys({ cryptography }: Audit, { keys, keyids, threshold }: Authority): string {
  const named = keyids.map((keyid) => {
    const key = keys.get(keyid)
    return [keyid, key && keyDigest(key, cryptography)]
  })
  return digestText(JSON.stringify([threshold, named]), cryptography)
}

const keyDigests = new WeakMap<Key, string>()

/** Many roles name one key. */
function keyDigest(key: Key, cryptography: Cryptography): string {
  const { keytype, scheme, public: text } = key
  const known =
    keyDigests.get(key) ?? digestText(JSON.stringify([keytype, scheme, text]), cryptography)
  keyDigests.set(key, known)
  return known
}
