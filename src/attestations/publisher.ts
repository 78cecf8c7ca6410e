/**
 * Trusted Publishers: the fields of each kind, and how they are compared with a certificate. One
 * row for each kind; a kind without a row cannot be judged.
 */
import type { JsonObject, JsonValue } from '../core/json/value.js'
import { FieldRefusal, objectFrom, required, stringFrom } from '../core/metadata/fields.js'
import { maybe } from '../sigstore/fields.js'
import type { CertificateIdentity } from '../sigstore/x509/identity.js'

/** A workflow of GitHub Actions. */
export interface GitHubPublisher {
  readonly kind: 'GitHub'
  /** `OWNER/NAME`; letters compare without case, as GitHub compares them. */
  readonly repository: string
  /** The file's name below `.github/workflows/`. */
  readonly workflow: string
  /** Not in the certificate: only the index says so. */
  readonly environment?: string
}

/** A pipeline of gitlab.com. */
export interface GitLabPublisher {
  readonly kind: 'GitLab'
  /** `NAMESPACE/PROJECT` */
  readonly repository: string
  /** The file's path in the repository, such as `.gitlab-ci.yml`. */
  readonly workflow_filepath: string
  /** Not in the certificate: only the index says so. */
  readonly environment?: string
}

/** A service account of Google Cloud. */
export interface GooglePublisher {
  readonly kind: 'Google'
  readonly email: string
}

/** A pipeline of CircleCI. */
export interface CircleCIPublisher {
  readonly kind: 'CircleCI'
  readonly project_id: string
  readonly pipeline_definition_id: string
  /** `github.com/OWNER/NAME` */
  readonly vcs_origin?: string
  /** Such as `refs/tags/v1.0` */
  readonly vcs_ref?: string
}

/** A publisher of a kind that can be judged, in the words of PyPI's publisher object (PEP 740). */
export type Publisher = GitHubPublisher | GitLabPublisher | GooglePublisher | CircleCIPublisher

/** A publisher object as an index writes it: a claim, of any kind. */
export interface PublisherClaim {
  readonly kind: string
  /** The same, of a kind that can be judged; undefined for others. */
  readonly publisher: Publisher | undefined
}

/**
 * The words that stand for a publisher in a table or a message.
 *
 * @example
 * ```ts
 * import { describePublisher } from 'tuffet/attestations'
 *
 * const publisher = { kind: 'GitHub', repository: 'psf/requests', workflow: 'publish.yml' } as const
 * console.log(describePublisher(publisher)) // GitHub psf/requests publish.yml
 * ```
 */
export function describePublisher(publisher: Publisher): string {
  switch (publisher.kind) {
    case 'GitHub':
      return `GitHub ${publisher.repository} ${publisher.workflow}`
    case 'GitLab':
      return `GitLab ${publisher.repository} ${publisher.workflow_filepath}`
    case 'Google':
      return `Google ${publisher.email}`
    case 'CircleCI':
      return `CircleCI project ${publisher.project_id} pipeline ${publisher.pipeline_definition_id}`
  }
}

/** @internal The fields that a certificate proves and that stay the same from release to release. */
export function lastingPublisher(publisher: Publisher): Publisher {
  switch (publisher.kind) {
    case 'GitHub': {
      const { kind, repository, workflow } = publisher
      return { kind, repository, workflow }
    }
    case 'GitLab': {
      const { kind, repository, workflow_filepath } = publisher
      return { kind, repository, workflow_filepath }
    }
    case 'CircleCI': {
      const { kind, project_id, pipeline_definition_id } = publisher
      return { kind, project_id, pipeline_definition_id }
    }
    case 'Google':
      return publisher
  }
}

interface Row {
  readonly issuer: string
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

const rows: Readonly<Record<Publisher['kind'], Row>> = {
  GitHub: {
    issuer: 'https://token.actions.githubusercontent.com',
    required: ['repository', 'workflow'],
    optional: ['environment'],
  },
  GitLab: {
    issuer: 'https://gitlab.com',
    required: ['repository', 'workflow_filepath'],
    optional: ['environment'],
  },
  Google: { issuer: 'https://accounts.google.com', required: ['email'], optional: [] },
  CircleCI: {
    issuer: 'https://oidc.circleci.com',
    required: ['project_id', 'pipeline_definition_id'],
    optional: ['vcs_origin', 'vcs_ref'],
  },
}

/** @internal The names of a kind's fields. */
export function publisherFields(kind: Publisher['kind']): readonly string[] {
  return ['kind', ...rows[kind].required, ...rows[kind].optional]
}

function isKind(kind: string): kind is Publisher['kind'] {
  return Object.hasOwn(rows, kind)
}

/** @internal Reads a publisher object; other fields than its kind's are not looked at. */
export function publisherClaimFrom(value: JsonValue): PublisherClaim {
  const object = objectFrom(value)
  const kind = required(object, 'kind', stringFrom)
  return { kind, publisher: isKind(kind) ? publisherOf(kind, object) : undefined }
}

function publisherOf(kind: Publisher['kind'], object: JsonObject): Publisher {
  const text = (name: string): string => required(object, name, textFrom)
  const extra = <Name extends string>(name: Name): { readonly [name in Name]?: string } => {
    const found = maybe(object, name, textFrom)
    const field: { [name in Name]?: string } = {}
    if (found !== undefined) field[name] = found
    return field
  }
  switch (kind) {
    case 'GitHub':
      return {
        kind,
        repository: text('repository'),
        workflow: text('workflow'),
        ...extra('environment'),
      }
    case 'GitLab':
      return {
        kind,
        repository: text('repository'),
        workflow_filepath: text('workflow_filepath'),
        ...extra('environment'),
      }
    case 'Google':
      return { kind, email: text('email') }
    case 'CircleCI':
      return {
        kind,
        project_id: text('project_id'),
        pipeline_definition_id: text('pipeline_definition_id'),
        ...extra('vcs_origin'),
        ...extra('vcs_ref'),
      }
  }
}

/** Text that can be shown on a line. */
function textFrom(value: JsonValue): string {
  const text = stringFrom(value)
  if (text === '' || text.length > 500) throw new FieldRefusal('must be 1 to 500 characters long')
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) throw new FieldRefusal('contains a control character')
  return text
}

/**
 * @internal Why the certificate is not of this publisher; undefined when it is. `environment` is in no
 * certificate, and is not compared.
 */
export function differenceFromCertificate(
  publisher: Publisher,
  { claims, names }: CertificateIdentity,
): string | undefined {
  const { issuer } = rows[publisher.kind]
  if (claims.issuer !== issuer) {
    return `its identity was issued by ${JSON.stringify(claims.issuer ?? '')}, not by ${issuer}`
  }
  switch (publisher.kind) {
    case 'GitHub':
      return differenceOfRepository(
        'https://github.com/',
        publisher.repository,
        `/.github/workflows/${publisher.workflow}@`,
        claims,
        (text) => text.toLowerCase(),
      )
    case 'GitLab':
      return differenceOfRepository(
        'https://gitlab.com/',
        publisher.repository,
        `//${publisher.workflow_filepath}@`,
        claims,
        (text) => text,
      )
    case 'Google': {
      const [name, ...others] = names
      const email = name?.type === 'email' && others.length === 0 ? name.value : undefined
      return email === publisher.email ? undefined : difference('e-mail address', email)
    }
    case 'CircleCI':
      return differenceOfCircleCI(publisher, claims)
  }
}

/** Repository (.12), and workflow at a commit or a reference (.18 with .13 or .14). */
function differenceOfRepository(
  host: string,
  repository: string,
  workflow: string,
  claims: CertificateIdentity['claims'],
  fold: (text: string) => string,
): string | undefined {
  const { sourceRepositoryUri, buildConfigUri } = claims
  const expected = host + repository
  if (sourceRepositoryUri === undefined || fold(sourceRepositoryUri) !== fold(expected)) {
    return difference('repository', sourceRepositoryUri)
  }
  const { sourceRepositoryDigest, sourceRepositoryRef } = claims
  const same =
    buildConfigUri !== undefined &&
    fold(buildConfigUri.slice(0, expected.length)) === fold(expected) &&
    [sourceRepositoryDigest, sourceRepositoryRef].some(
      (suffix) =>
        suffix !== undefined && buildConfigUri.slice(expected.length) === workflow + suffix,
    )
  return same ? undefined : difference('workflow', buildConfigUri)
}

function differenceOfCircleCI(
  publisher: CircleCIPublisher,
  claims: CertificateIdentity['claims'],
): string | undefined {
  const { project_id: project, pipeline_definition_id: pipeline, vcs_origin, vcs_ref } = publisher
  const uri = `https://circleci.com/api/v2/projects/${project}/pipeline-definitions/${pipeline}`
  if (claims.buildSignerUri !== uri) return difference('pipeline', claims.buildSignerUri)
  if (vcs_origin !== undefined && claims.sourceRepositoryUri !== vcs_origin) {
    return difference('repository', claims.sourceRepositoryUri)
  }
  if (vcs_ref !== undefined && claims.sourceRepositoryRef !== vcs_ref) {
    return difference('reference', claims.sourceRepositoryRef)
  }
  return undefined
}

function difference(what: string, found: string | undefined): string {
  return found === undefined
    ? `the certificate names no ${what}`
    : `the certificate names another ${what}: ${JSON.stringify(found.slice(0, 300))}`
}
