/**
 * Attestations of files on an index (PEP 740): read, verified, judged by the user's policy.
 *
 * @module tuffet/attestations
 */
export {
  parseAttestation,
  parseProvenance,
  type Attestation,
  type AttestationBundle,
  type Provenance,
} from './object.js'
export {
  checkFirstUse,
  firstUseEntry,
  readFirstUse,
  writeFirstUse,
  type FirstUse,
  type SeenFile,
  type SeenPublishers,
} from './first-use.js'
export {
  attestationJudge,
  type AttestationFinding,
  type AttestationJudgeOptions,
  type AttestationWord,
  type JudgedFile,
  type JudgeFile,
} from './judge.js'
export {
  parseAttestationIdentities,
  parsePublisherPins,
  pinFields,
  pinOf,
  type PinnedClaim,
  type PublisherPin,
  type PublisherPins,
} from './pins.js'
export {
  isAcceptable,
  judgeFile,
  judgeProvenance,
  publishersOf,
  type AttestationRequirement,
  type AttestationVerdict,
} from './policy.js'
export {
  describePublisher,
  type CircleCIPublisher,
  type GitHubPublisher,
  type GitLabPublisher,
  type GooglePublisher,
  type Publisher,
  type PublisherClaim,
} from './publisher.js'
export {
  indexProvenance,
  type AttestableFile,
  type IndexProvenanceOptions,
  type ProvenanceAnswer,
  type ProvenanceSource,
} from './source.js'
export { predicateTypes, type AttestedFile } from './statement.js'
export {
  verifyAttestation,
  verifyProvenance,
  type PublishedAttestation,
  type VerifiedAttestation,
  type VerifiedProvenance,
  type VerifyAttestationOptions,
} from './verify.js'
export { attestationWitness, type AttestationWitness } from './witness.js'
