/** Whether a platform verifies ML-DSA: a table may list its keys and find out later that it cannot. */
import type { Cryptography } from './cryptography.js'

/** @internal */
export function verifiesMlDsa({ keyKinds }: Cryptography): boolean {
  return keyKinds.some(
    ({ kind, schemes }) =>
      kind === 'ml-dsa' &&
      // An empty key is a broken one, for those who could use another.
      Object.values(schemes).every((scheme) => scheme.decode('').verdict === 'broken-key'),
  )
}
