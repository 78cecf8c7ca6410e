/**
 * Publishers that a user names for a project: read from a settings file or a lock file, and compared with
 * certificates. The publisher that an index names plays no part here, `environment` apart.
 */
import type { JsonObject, JsonValue } from '../core/json/value.js'
import { arrayOf, FieldRefusal, mapOf, objectFrom, stringFrom } from '../core/metadata/fields.js'
import { tryNormalizeName } from '../pypi/names/names.js'
import type { ClaimName } from '../sigstore/x509/identity.js'
import {
  describePublisher,
  differenceFromCertificate,
  lastingPublisher,
  publisherClaimFrom,
  publisherFields,
  type Publisher,
} from './publisher.js'
import type { PublishedAttestation } from './verify.js'

/** A publisher that a user allows for a project. */
export interface PublisherPin {
  readonly kind: string
  /** Undefined for a kind, or a field, that cannot be judged: such a pin never matches. */
  readonly publisher: Publisher | undefined
  /** Further claims of the certificate, by their names in the pin. */
  readonly claims: { readonly [name in PinnedClaim]?: string }
}

/** Project, normalised → the publishers allowed for its files. */
export type PublisherPins = ReadonlyMap<string, readonly PublisherPin[]>

/** An optional field of a pin, compared with a claim of the certificate. */
export type PinnedClaim = 'repository_id' | 'owner_id' | 'runner_environment' | 'ref'

const pinnedClaims: Readonly<Record<PinnedClaim, ClaimName>> = {
  /** The number by which GitHub or GitLab knows the repository: a name can be registered anew. */
  repository_id: 'sourceRepositoryIdentifier',
  /** The same of the owner. */
  owner_id: 'sourceRepositoryOwnerIdentifier',
  /** Such as `github-hosted`. */
  runner_environment: 'runnerEnvironment',
  /** Such as `refs/tags/v1.0`. */
  ref: 'sourceRepositoryRef',
}

/**
 * Reads the pins of `tuffet.json`: an object from project to an array of publishers.
 *
 * @example
 * ```ts
 * import { parsePublisherPins } from 'tuffet/attestations'
 *
 * const pins = parsePublisherPins({
 *   requests: [{ kind: 'GitHub', repository: 'psf/requests', workflow: 'publish.yml' }],
 * })
 * console.log(pins.get('requests')?.length) // 1
 * ```
 *
 * @throws TypeError for a name that is not a project's, an unknown kind, an unknown or missing field
 */
export function parsePublisherPins(value: JsonValue): PublisherPins {
  return reading(() => {
    const pins = new Map<string, readonly PublisherPin[]>()
    for (const [name, list] of mapOf(value, (found) => arrayOf(found, (one) => pinFrom(one)))) {
      const project = tryNormalizeName(name)
      if (project === undefined) throw new FieldRefusal('is not the name of a project', name)
      if (pins.has(project)) throw new FieldRefusal('is there twice', name)
      if (list.length === 0) throw new FieldRefusal('names no publisher', name)
      pins.set(project, list)
    }
    return pins
  })
}

/**
 * Reads `attestation-identities` of a package in `pylock.toml`. An identity of an unknown kind, or with an
 * unknown field, is kept as a pin that cannot be judged.
 *
 * @example
 * ```ts
 * import { parseAttestationIdentities } from 'tuffet/attestations'
 *
 * const [pin] = parseAttestationIdentities([
 *   { kind: 'GitHub', repository: 'psf/requests', workflow: 'publish.yml' },
 * ])
 * console.log(pin?.publisher?.kind) // GitHub
 * ```
 *
 * @throws TypeError for anything but an array of tables with a `kind`, or for a missing field
 */
export function parseAttestationIdentities(value: JsonValue): readonly PublisherPin[] {
  return reading(() => arrayOf(value, (one) => pinFrom(one, { lenient: true })))
}

/**
 * The fields of a pin, as the settings file and `pylock.toml` write them.
 *
 * @example
 * ```ts
 * import { parseAttestationIdentities, pinFields } from 'tuffet/attestations'
 *
 * const fields = { kind: 'Google', email: 'builder@demo.iam.gserviceaccount.com' }
 * for (const pin of parseAttestationIdentities([fields])) console.log(pinFields(pin)) // the same
 * ```
 */
export function pinFields(pin: PublisherPin): Readonly<Record<string, string>> {
  return { kind: pin.kind, ...pin.publisher, ...pin.claims }
}

/**
 * The pin of the publisher that signed: the fields that its certificate proves and that stay the same from
 * release to release, and the numbers of repository and owner where the certificate has them, which a name
 * that is registered anew does not get. Undefined for a kind that cannot be judged.
 *
 * @example
 * ```ts
 * import { pinFields, pinOf, type VerifiedProvenance } from 'tuffet/attestations'
 *
 * export function fieldsToPin({ attestations }: VerifiedProvenance): object[] {
 *   return attestations.flatMap((one) => pinOf(one) ?? []).map(pinFields)
 * }
 * ```
 */
export function pinOf({ publisher, certificate }: PublishedAttestation): PublisherPin | undefined {
  if (publisher === undefined) return undefined
  const claims: { [name in PinnedClaim]?: string } = {}
  for (const name of ['repository_id', 'owner_id'] as const) {
    const value = certificate.claims[pinnedClaims[name]]
    if (value !== undefined) claims[name] = value
  }
  return { kind: publisher.kind, publisher: lastingPublisher(publisher), claims }
}

/** @internal Whether the certificate is of the pinned publisher; else why not. */
export function differenceFromPin(
  { publisher, claims }: Pick<PublisherPin, 'claims'> & { readonly publisher: Publisher },
  { certificate, claim }: PublishedAttestation,
): string | undefined {
  const difference = differenceFromCertificate(publisher, certificate)
  if (difference !== undefined) return difference
  const other = claimNames.find(
    (name) => claims[name] !== undefined && claims[name] !== certificate.claims[pinnedClaims[name]],
  )
  if (other !== undefined) return `the ${other} of the certificate is not that of the pin`
  const environment = environmentOf(publisher)
  // No certificate states it: only the index can.
  if (environment === undefined || environment === environmentOf(claim.publisher)) return undefined
  return 'the index names another environment than the pin'
}

function environmentOf(publisher: Publisher | undefined): string | undefined {
  return publisher && 'environment' in publisher ? publisher.environment : undefined
}

/** @internal */
export function describePin({ publisher, kind }: PublisherPin): string {
  return publisher ? describePublisher(publisher) : kind
}

/** @internal Throws FieldRefusal. */
export function pinFrom(value: JsonValue, { lenient = false } = {}): PublisherPin {
  const object = objectFrom(value)
  const { kind, publisher } = publisherClaimFrom(object)
  if (publisher === undefined && !lenient) {
    throw new FieldRefusal(`${JSON.stringify(kind)} is not a kind that can be judged`, 'kind')
  }
  const known = publisher && [...publisherFields(publisher.kind), ...claimNames]
  const unknown = known && Object.keys(object).find((name) => !known.includes(name))
  if (unknown === undefined) return { kind, publisher, claims: claimsFrom(object) }
  if (lenient) return { kind, publisher: undefined, claims: {} }
  throw new FieldRefusal(`is not a field of a publisher of ${kind}`, unknown)
}

function claimsFrom(object: JsonObject): PublisherPin['claims'] {
  const claims: { [name in PinnedClaim]?: string } = {}
  for (const name of claimNames) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined
    if (value !== undefined) claims[name] = stringFrom(value)
  }
  return claims
}

function isPinnedClaim(name: string): name is PinnedClaim {
  return Object.hasOwn(pinnedClaims, name)
}

const claimNames: readonly PinnedClaim[] = Object.keys(pinnedClaims).filter(isPinnedClaim)

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FieldRefusal)) throw error
    throw new TypeError(`${error.path === '' ? '' : `${error.path}: `}${error.reason}`)
  }
}
