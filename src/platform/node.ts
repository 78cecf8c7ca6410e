/** What `#platform` means on Node, Deno and Bun. */

export { nodeCryptography as defaultCryptography } from '../node/cryptography.js'
