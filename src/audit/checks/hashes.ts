/** The hash functions that files are listed with. */
import { resolveHash } from '../../core/keys/hash.js'
import type { Audit } from '../context.js'
import { quoted } from '../findings.js'

const known = new Set(['sha256', 'sha512'])

/** The functions that some clients lack, by a vector that asks for them. */
const rare: Readonly<Record<string, string>> = {
  sha384: 'target-sha384',
  'sha3-256': 'target-sha3-256',
  'blake2b-256': 'target-blake2b-256',
  'blake2b-512': 'target-blake2b',
}

/** Counts by what is wrong, so that a thousand targets are one finding. */
export class HashUse {
  readonly #uses = new Map<string, { role: string; subject: string; count: number }>()

  take(role: string, path: string, hashes: ReadonlyMap<string, string>): void {
    for (const [name, digest] of hashes) {
      if (known.has(name)) continue
      const resolved = resolveHash(name, digest)
      const key = resolved ?? `?${name}`
      const use = this.#uses.get(key)
      if (use) use.count += 1
      else if (this.#uses.size < mostKinds) {
        this.#uses.set(key, { role, subject: path, count: 1 })
      }
    }
  }

  /** Notes one finding for each function. */
  report(audit: Audit): void {
    for (const [key, { role, subject, count }] of this.#uses) {
      const unknown = key.startsWith('?')
      const name = unknown ? key.slice(1) : key
      const vectors = unknown
        ? ['target-unknown-hash-beside', 'targets-hash-unknown-beside']
        : [rare[name] ?? (name.startsWith('sha3-') ? 'target-sha3-256' : '')]
      const message = `${count === 1 ? 'One entry lists' : `${count} entries of all roles list`} ${quoted(name)}, such as ${quoted(subject)}.`
      audit.findings.add({ code: 'hash-disputed', role, subject, message, vectors, count })
    }
  }
}

/** A hostile file may name a function for each entry. */
const mostKinds = 16

/** Whether the audit knows at least one of the functions, so that it can verify the file. */
export function isVerifiable(
  { cryptography }: Audit,
  hashes: ReadonlyMap<string, string>,
): boolean {
  const { hashNames } = cryptography
  for (const [name, digest] of hashes) {
    if (resolveHash(name, digest, hashNames) !== undefined) return true
  }
  return false
}
