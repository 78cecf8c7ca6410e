/**
 * The files that an updater keeps in memory from one refresh to the next, each with the bytes it was
 * read from (docs/adr/0030-the-same-bytes-are-read-once.md). Of a role the latest file is kept; roots
 * stay beside each other, since each cycle replays their chain.
 *
 * `kept-roles.ts` keeps roles that one view believes; here nothing is believed.
 */
import type { KeptFiles } from '../core/metadata/kept-files.js'
import type { Envelope, Signed, SignedByType } from '../core/metadata/model.js'
import { delegatesAny, indexWeight } from '../core/search/delegation.js'
import { equalBytes } from './equal-bytes.js'
import { LatestUsed } from './latest-used.js'
import type { Limits } from './limits.js'

type Type = keyof SignedByType

interface KeptFile<T extends Signed> {
  readonly envelope: Envelope<T>
  readonly bytes: Uint8Array
  readonly weight: number
}

interface Room<T extends Signed> {
  readonly files: LatestUsed<KeptFile<T>>
  /** Roles that delegate have room of their own: every search begins with them. */
  readonly delegators: LatestUsed<KeptFile<T>>
}

/** @internal */
export class LatestFiles implements KeptFiles {
  readonly #rooms: { readonly [T in Type]: Room<SignedByType[T]> }
  /** Keeps a file that was read. Weak: a file that is refused goes, with its bytes. */
  readonly #noted = new WeakMap<Envelope, () => void>()

  constructor({ keptMetadata, searchedBytes }: Limits) {
    const room = <T extends Signed>(): Room<T> => ({
      files: new LatestUsed(keptMetadata),
      delegators: new LatestUsed(keptMetadata === 0 ? 0 : searchedBytes),
    })
    this.#rooms = { root: room(), timestamp: room(), snapshot: room(), targets: room() }
  }

  find<T extends Type>(
    type: T,
    role: string,
    bytes: Uint8Array,
  ): Envelope<SignedByType[T]> | undefined {
    const file = latestIn(this.#rooms[type], nameOf(type, role, bytes))
    return file && equalBytes(file.bytes, bytes) ? file.envelope : undefined
  }

  bytesOf(role: string): Uint8Array | undefined {
    const { timestamp, snapshot, targets } = this.#rooms
    if (role === 'timestamp') return latestIn(timestamp, role)?.bytes
    if (role === 'snapshot') return latestIn(snapshot, role)?.bytes
    return latestIn(targets, role)?.bytes
  }

  note<T extends Type>(
    type: T,
    role: string,
    bytes: Uint8Array,
    envelope: Envelope<SignedByType[T]>,
  ): void {
    this.#noted.set(envelope, () => {
      const { files, delegators } = this.#rooms[type]
      const name = nameOf(type, role, bytes)
      const signed: Signed = envelope.signed
      const delegations = signed.type === 'targets' ? signed.delegations : undefined
      const [into, outOf] = delegatesAny(delegations) ? [delegators, files] : [files, delegators]
      const weight = bytes.length + (delegations === undefined ? 0 : indexWeight(delegations))
      outOf.delete(name)
      into.set(name, { envelope, bytes, weight })
    })
  }

  keep(envelope: Envelope): void {
    this.#noted.get(envelope)?.()
    this.#noted.delete(envelope)
  }
}

function latestIn<T extends Signed>(
  { files, delegators }: Room<T>,
  name: string,
): KeptFile<T> | undefined {
  return files.get(name) ?? delegators.get(name)
}

/** Of different roots the names nearly always differ; where they do not, one takes the other's place. */
function nameOf(type: Type, role: string, bytes: Uint8Array): string {
  return type === 'root' ? `${bytes.length} ${sampleOf(bytes)}` : role
}

/** Bytes that are looked at; a signature alone takes 128 of a root's two to six thousand. */
const sampled = 256

function sampleOf(bytes: Uint8Array): number {
  const step = Math.max(1, Math.floor(bytes.length / sampled))
  let sum = 0
  for (let at = 0; at < bytes.length; at += step) sum = (Math.imul(sum, 31) + (bytes[at] ?? 0)) | 0
  return sum
}
