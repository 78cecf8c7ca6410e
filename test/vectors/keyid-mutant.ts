/** A client that is not broken: it keeps 4.3 to the letter, which TAP 12 gives up. */
import type { Mutant } from './mutant.js'

const parts = 'core/metadata/parts.ts'

/** A key that a vector asks about by itself is declared as `key`. */
export const keyidCalculator: Mutant = {
  name: 'calculates the keyid of every key and refuses a table with another',
  embodies: ['sigstore/root-signing#1431'],
  step: '4.3',
  file: parts,
  find: 'const keytypesRead =',
  replace: `import { createHash } from 'node:crypto'
import { encodeCanonical } from '../json/canonical.js'
const keytypesRead =`,
  also: [
    {
      file: parts,
      find: '  const object = objectFrom(value)\n  const keytype =',
      replace: `  const object = objectFrom(value)
  const own = createHash('sha256').update(encodeCanonical(object)).digest('hex')
  if (keyid !== own && keyid !== 'key') throw new FieldRefusal('is not the keyid of its key')
  const keytype =`,
    },
  ],
}
