/** noble's table where every digest, however short the message, is asked of the driver. */
import { hashNames, type Cryptography } from '../../src/core/keys/cryptography.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { nobleCryptography } from '../../src/web/cryptography.js'

/** @param leastLength of a message, in bytes */
export function asking(leastLength: number = 0): Cryptography {
  return { ...nobleCryptography, asked: { hashNames, leastLength } }
}

/** noble's arithmetic over native digests alone, as where a driver answered each request. */
export const nobleInSteps: Cryptography = {
  ...nobleCryptography,
  importKey(key) {
    const verify = nobleCryptography.importKey(key)
    const { steps } = verify
    if (steps === undefined) return verify
    return (message, signature) => {
      const parts = [steps.before(signature), message]
      return steps.verify(nodeCryptography.hash(steps.hash, Buffer.concat(parts)), signature)
    }
  },
}
