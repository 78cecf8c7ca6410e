/** The data model is read-only, and a role's type follows from its `type`. */
import type {
  Delegations,
  Envelope,
  MetaFile,
  Root,
  Signed,
  SignedByType,
  Snapshot,
  Targets,
} from '../../src/core/index.js'
import { holds, type Equals } from './equals.js'

holds<Equals<Extract<Signed, { type: 'root' }>, Root>>()
holds<Equals<keyof SignedByType, Signed['type']>>()
holds<Equals<SignedByType[Signed['type']], Signed>>()
holds<Equals<Envelope['signed'], Signed>>()
holds<Equals<ReturnType<Snapshot['meta']['get']>, MetaFile | undefined>>()

export function parsedMetadataIsReadOnly(root: Root, targets: Targets): void {
  // @ts-expect-error: a version never changes
  root.version = 2
  // @ts-expect-error: nor a role's keys
  root.roles.root.keyids.push('keyid')
  // @ts-expect-error: nor the targets
  targets.targets.clear()
}

export function whatMayBeAbsentIsAskedFor(delegations: Delegations): number {
  // @ts-expect-error: a targets file has either list
  return delegations.roles.length
}

export function typesAreTold(signed: Signed): number {
  if (signed.type === 'root') return signed.roles.root.threshold
  // @ts-expect-error: only root lists roles
  return signed.roles.root.threshold
}
