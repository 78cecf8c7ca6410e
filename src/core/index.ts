/**
 * The judgement alone, for programs that bring their own I/O.
 *
 * @module tuffet/core
 */
export { encodeCanonical, olpc, type CanonicalForm } from './json/canonical.js'
export {
  hashNames,
  type AskedDigests,
  type Cryptography,
  type DecodedKey,
  type DigestRequest,
  type Hasher,
  type HashName,
  type KeyKind,
  type KeyScheme,
  type MlDsaParameters,
  type PublicKey,
  type SignatureHash,
  type SignatureSteps,
  type UnusableKey,
  type VerifySignature,
} from './keys/cryptography.js'
export type {
  Cycle,
  CycleAnswer,
  CycleLimits,
  CycleOptions,
  CycleRequest,
  DeleteRequest,
  Decision,
  DigestsRequest,
  ExpectedEntry,
  NetworkRequest,
  NoteRequest,
  PersistRequest,
  ReadRequest,
  RootOptions,
} from './cycle/request.js'
export { offlineCycle, onlineCycle } from './cycle/cycle.js'
export { edgesFor, isSuccinctBin, succinctBinName, type MatchedRole } from './search/delegation.js'
export { checkBytes, createChecker, type ExpectedFile, type FileChecker } from './keys/hash.js'
export { ecdsaKeys } from './keys/ecdsa.js'
export { ed25519Keys } from './keys/ed25519.js'
export { keyKinds } from './keys/keys.js'
export { mlDsaKeys } from './keys/ml-dsa.js'
export { rsaKeys } from './keys/rsa.js'
export { initialCycle } from './cycle/initial.js'
export type {
  DelegatedRole,
  Delegations,
  Envelope,
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
} from './metadata/model.js'
export type { JsonObject, JsonValue } from './json/value.js'
export {
  hashPrefixedTarget,
  metadataFileName,
  storedRoleName,
  storedRootName,
  targetFileName,
  targetUrlPath,
  type TextDigest,
} from './names.js'
export { parseMetadata, type ParseOptions } from './metadata/parse.js'
export { matchesPathPattern, type Steps } from './search/path-pattern.js'
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
} from './trust/phases.js'
export { recall, type StoredFloors } from './trust/recall.js'
export { offlineRole, onlineRole, type LoadedRole, type RoleRequest } from './cycle/role.js'
export { searchTarget, type SearchQuery, type SearchResult } from './search/search.js'
export { rotateRoot, settleRoot, trustAnchor } from './trust/root.js'
export {
  acceptDelegated,
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  listedFile,
  readDelegated,
} from './trust/roles.js'
export {
  countSignatures,
  requireThreshold,
  type Authority,
  type SignatureReport,
  type TrustOptions,
} from './trust/verify.js'
