/**
 * A TUF repository one can hold in the hand, in any runtime.
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
export {
  vectorFormat,
  vectorProfiles,
  type FunctionVector,
  type FunctionVectorFile,
  type Requirement,
  type VectorBody,
  type VectorCommon,
  type VectorFile,
  type VectorProfile,
  type WorkflowOutcome,
  type WorkflowStep,
  type WorkflowVector,
  type WorkflowVectorFile,
} from './vectors/format.js'
export { parseVectorFile, VectorFileError } from './vectors/parse-file.js'
export {
  VectorRefusal,
  VectorSkip,
  type VectorAnswer,
  type VectorClient,
  type VectorFunction,
  type WorkflowActual,
  type WorkflowSession,
} from './vectors/client.js'
export type { VectorCount } from './vectors/counts.js'
export { groupFailures, type FailureGroup } from './vectors/group-failures.js'
export {
  compareKnownFailures,
  parseKnownFailures,
  writeKnownFailures,
  type KnownFailureReport,
} from './vectors/known-failures.js'
export { functionDifference, workflowDifference, type FunctionActual } from './vectors/compare.js'
export {
  runVectors,
  type RunOptions,
  type VectorFailure,
  type VectorPassed,
  type VectorReport,
  type VectorResult,
  type VectorSkipped,
} from './vectors/runner.js'
export { fileBytes, ServedFiles, type ServedAnswer } from './vectors/served-files.js'
export { tuffetClient } from './vectors/tuffet-client.js'
export type { TuffetParts } from './vectors/tuffet-workflow.js'
