/**
 * The test repository in folders and over HTTP, and more kinds of keys.
 *
 * @module tuffet/testing/node
 */

export {
  ecdsaSigner,
  nodeEd25519Signer,
  rsaSigner,
  type EcdsaCurve,
  type EcdsaOptions,
  type RsaOptions,
} from './keys.js'
export { writeFolder } from './write-folder.js'
export {
  serve,
  type AnswerSource,
  type ServedRepository,
  type ServedRequest,
  type ServeOptions,
} from './http-server.js'
export type { Behaviour } from './http-answer.js'
