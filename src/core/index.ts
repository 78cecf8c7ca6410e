/**
 * The judgement alone, for programs that bring their own I/O.
 *
 * @module tuffet/core
 */
export { encodeCanonical, olpc, type CanonicalForm } from './canonical-json.js'
export type { Cryptography, Hasher, HashName, PublicKey, VerifySignature } from './cryptography.js'
export type {
  Cycle,
  CycleAnswer,
  CycleLimits,
  CycleOptions,
  CycleRequest,
  DeleteRequest,
  Decision,
  ExpectedEntry,
  NetworkRequest,
  NoteRequest,
  PersistRequest,
  ReadRequest,
  RootOptions,
} from './cycle-request.js'
export { offlineCycle, onlineCycle } from './cycle.js'
export { edgesFor, isSuccinctBin, succinctBinName, type MatchedRole } from './delegation.js'
export { checkBytes, createChecker, type ExpectedFile, type FileChecker } from './hash.js'
export { initialCycle } from './initial-cycle.js'
export type {
  DelegatedRole,
  Delegations,
  Envelope,
  JsonObject,
  JsonValue,
  Key,
  MetaFile,
  RoleKeys,
  Root,
  Signature,
  Signed,
  SignedByType,
  SignedCommon,
  Snapshot,
  SuccinctRoles,
  TargetFile,
  Targets,
  Timestamp,
  TopLevelRole,
} from './metadata.js'
export {
  hashPrefixedTarget,
  metadataFileName,
  storedRoleName,
  storedRootName,
  targetFileName,
  targetUrlPath,
  type TextDigest,
} from './names.js'
export { parseMetadata, type ParseOptions } from './parse.js'
export { matchesPathPattern, type Steps } from './path-pattern.js'
export type {
  Edge,
  FloorRefusal,
  ListedFile,
  Recalled,
  RecalledTrust,
  RootTrust,
  SettledTrust,
  SnapshotTrust,
  TargetsTrust,
  TimestampTrust,
  Trusted,
} from './phases.js'
export { recall, type StoredFloors } from './recall.js'
export { offlineRole, onlineRole, type LoadedRole, type RoleRequest } from './role-cycle.js'
export { searchTarget, type SearchQuery, type SearchResult } from './search.js'
export { rotateRoot, settleRoot, trustAnchor } from './trust-root.js'
export {
  acceptDelegated,
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  listedFile,
  readDelegated,
} from './trust.js'
export {
  countSignatures,
  requireThreshold,
  type Authority,
  type SignatureReport,
  type TrustOptions,
} from './verify.js'
