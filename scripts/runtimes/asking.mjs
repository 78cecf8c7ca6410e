/** noble's table where every digest of a cycle, however short the message, is asked of WebCrypto. */
import { hashNames } from 'tuffet/core'
import { nobleCryptography } from 'tuffet/web'

/** @type {import('tuffet').Cryptography} */
export const askingCryptography = { ...nobleCryptography, asked: { hashNames, leastLength: 0 } }
