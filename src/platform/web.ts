/** What `#platform` means in browsers and workers. */

export { nobleCryptography as defaultCryptography } from '../web/cryptography.js'
