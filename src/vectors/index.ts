/**
 * The test vectors of TUF clients: their format, the runner, and the clients that it asks.
 *
 * @module tuffet/vectors
 */
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
} from './format.js'
export { parseVectorFile, VectorFileError } from './parse-file.js'
export {
  VectorRefusal,
  VectorSkip,
  type VectorAnswer,
  type VectorClient,
  type VectorFunction,
  type WorkflowActual,
  type WorkflowSession,
} from './client.js'
export type { VectorCount } from './counts.js'
export { groupFailures, type FailureGroup } from './group-failures.js'
export {
  compareKnownFailures,
  parseKnownFailures,
  writeKnownFailures,
  type KnownFailureReport,
} from './known-failures.js'
export { functionDifference, workflowDifference, type FunctionActual } from './compare.js'
export {
  runVectors,
  type RunOptions,
  type VectorFailure,
  type VectorPassed,
  type VectorReport,
  type VectorResult,
  type VectorSkipped,
} from './runner.js'
export { fileBytes, ServedFiles, type ServedAnswer } from './served-files.js'
export { tuffetClient } from './tuffet-client.js'
export type { TuffetParts } from './tuffet-workflow.js'
