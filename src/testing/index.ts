/**
 * An in-memory repository for tests, in any runtime.
 *
 * @module tuffet/testing
 */

export { createRepository, defaultNow, type RepositoryOptions } from './create.js'
export { createPep458Repository, fillerTargets, type Pep458Options } from './pep458.js'
export type { AddTargetOptions, TestRepository } from './repository.js'
export type { DelegateOptions, HashBinOptions, KeyOptions, SuccinctOptions } from './delegate.js'
export type { RotateOptions } from './rotate.js'
export type { ChangeJson, Edit } from './publish.js'
export type { TargetEntry } from './state.js'
export type { Attacks } from './attacks.js'
export type { Refusal } from './refusal.js'
export type { Answer, Intercept } from './answer.js'
export type { FileKind } from './file-history.js'
export type { JsonStyle, MutableJson } from './json-text.js'
export {
  defaultMetadataUrl,
  defaultTargetsUrl,
  memoryFetcher,
  type MemoryFetcher,
  type MemoryFetcherOptions,
} from './memory-fetcher.js'
export { storeContract } from './store/contract.js'
export type { SharedStoreSubject, StoreCase, StoreSubject } from './store/subject.js'
export {
  ed25519Signer,
  keyidOf,
  seedFrom,
  withDeclaration,
  withKeyid,
  type MakeSigner,
  type PublicKeyDeclaration,
  type Signer,
} from './keys.js'
