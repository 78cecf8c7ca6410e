/**
 * The digests of large messages that a judgement gets from its cycle's driver. A judgement that
 * lacks some throws {@link DigestsNeeded}, and `cycle/judged.ts` makes it again with the answers. A
 * digest belongs to the very object that it was asked for, and to no other bytes that are equal.
 */
import { encodeHex, isBytes } from '../bytes.js'
import {
  digestLengths,
  type AskedDigests,
  type Cryptography,
  type DigestRequest,
} from './cryptography.js'

/** @internal Thrown and caught in core: the judgement must be made again with these. */
export class DigestsNeeded extends Error {
  readonly requests: readonly DigestRequest[]

  constructor(requests: readonly DigestRequest[]) {
    super('digests are needed')
    this.requests = requests
  }
}

/** How often one judgement asks: for the listed hashes, the signatures and a view's own digest. */
const mostRounds = 8

/** @internal The digests of one judgement. */
export class Digests {
  readonly #asked: AskedDigests
  /** By message, then by hash function and the bytes before the message. */
  readonly #answers = new Map<Uint8Array, Map<string, Uint8Array | undefined>>()
  #rounds = 0

  constructor(asked: AskedDigests) {
    this.#asked = asked
  }

  /** As the driver answered; or else computed here, once where it was asked for. */
  of(request: DigestRequest, cryptography: Cryptography): Uint8Array {
    const answers = this.#answers.get(messageOf(request))
    const name = nameOf(request)
    const known = answers?.get(name)
    if (known !== undefined) return known
    const hasher = cryptography.createHasher(request.hash)
    for (const part of request.parts) hasher.update(part)
    const digest = hasher.digest()
    if (answers?.has(name) === true) answers.set(name, digest)
    return digest
  }

  /** @throws DigestsNeeded unless each was asked for already, or is not worth a request */
  require(requests: readonly DigestRequest[]): void {
    if (this.#rounds === mostRounds) return
    const missing = requests.filter((request) => this.#isNew(request))
    if (missing.length === 0) return
    this.#rounds += 1
    throw new DigestsNeeded(missing)
  }

  /** @throws TypeError for an answer that cannot be the digests */
  take(requests: readonly DigestRequest[], answer: unknown): void {
    if (answer === undefined) return
    if (!Array.isArray(answer) || answer.length !== requests.length) {
      throw new TypeError('the driver must answer with as many digests as were asked for')
    }
    for (const [index, request] of requests.entries()) {
      const digest: unknown = answer[index]
      if (digest === undefined) continue
      const length = digestLengths[request.hash]
      if (!isBytes(digest) || digest.length !== length) {
        throw new TypeError(`the driver must answer with ${length} bytes for ${request.hash}`)
      }
      this.#answers.get(messageOf(request))?.set(nameOf(request), new Uint8Array(digest))
    }
  }

  /** Each is asked for once, whatever the answer. */
  #isNew(request: DigestRequest): boolean {
    const { hashNames, leastLength } = this.#asked
    const message = messageOf(request)
    if (message.length < leastLength || !hashNames.includes(request.hash)) return false
    const answers = this.#answers.get(message) ?? new Map<string, Uint8Array | undefined>()
    this.#answers.set(message, answers)
    const name = nameOf(request)
    if (answers.has(name)) return false
    answers.set(name, undefined)
    return true
  }
}

function messageOf({ parts }: DigestRequest): Uint8Array {
  return parts.at(-1) ?? new Uint8Array()
}

function nameOf({ hash, parts }: DigestRequest): string {
  return [hash, ...parts.slice(0, -1).map(encodeHex)].join(' ')
}
