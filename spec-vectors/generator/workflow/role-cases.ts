/**
 * The roles with the same checks, and the trusted versions when one of them is refused or accepted.
 */
import type { KeyOptions, RepositoryOptions, TestRepository } from '../../../src/testing/index.js'
import type { WorkflowOutcome } from '../../../src/vectors/format.js'
import { accepted, received, refused, type More, type Versions } from './outcome.js'
import type { Story } from './story.js'

/** A role whose file is not the root; `project` is delegated to by `targets`. */
export type CheckedRole = 'timestamp' | 'snapshot' | 'targets' | 'project'

/** The place of a role's check, and the trusted versions when the file is refused or accepted. */
export interface RoleCase {
  readonly role: CheckedRole
  /** `A snapshot`. */
  readonly a: string
  readonly steps: {
    readonly format: string
    readonly fetch: string
    readonly hashes: string
    readonly threshold: string
    readonly version: string
    readonly expiry: string
    readonly persist: string
  }
  /** The role's file is refused in the first cycle. */
  readonly first: Versions
  /** Everything was accepted with version 1; then the role's version 2 is refused. */
  readonly second: Versions
  /** Then version 3 is accepted. */
  readonly third: Versions
}

/** In the order of section 5. */
export const roleCases: Readonly<Record<CheckedRole, RoleCase>> = {
  timestamp: {
    role: 'timestamp',
    a: 'A timestamp',
    steps: {
      format: '4.6',
      fetch: '5.4.1',
      hashes: '',
      threshold: '5.4.2',
      version: '5.4.3.1',
      expiry: '5.4.4',
      persist: '5.4.5',
    },
    first: [1, null, null, null],
    second: [1, 1, 1, 1],
    third: [1, 3, 1, 1],
  },
  snapshot: {
    role: 'snapshot',
    a: 'A snapshot',
    steps: {
      format: '4.4',
      fetch: '5.5.1',
      hashes: '5.5.2',
      threshold: '5.5.3',
      version: '5.5.4',
      expiry: '5.5.6',
      persist: '5.5.7',
    },
    first: [1, 1, null, null],
    second: [1, 2, 1, 1],
    third: [1, 3, 3, 1],
  },
  targets: {
    role: 'targets',
    a: 'A targets file',
    steps: targetsSteps(),
    first: [1, 1, 1, null],
    second: [1, 2, 2, 1],
    third: [1, 3, 3, 3],
  },
  project: {
    role: 'project',
    a: 'A delegated role',
    steps: targetsSteps(),
    first: [1, 1, 1, 1],
    second: [1, 2, 2, 1],
    third: [1, 3, 3, 1],
  },
}

function targetsSteps(): RoleCase['steps'] {
  return {
    format: '4.5',
    fetch: '5.6.1',
    hashes: '5.6.2',
    threshold: '5.6.3',
    version: '5.6.4',
    expiry: '5.6.5',
    persist: '5.6.6',
  }
}

/** The form in ids: delegated roles are `delegated-…`. */
export function idOf(role: CheckedRole): string {
  return role === 'project' ? 'delegated' : role
}

/** The content of the delegated role's target. */
const content = 'project'

/** A repository, published, that gives the role these keys. */
export function repositoryFor(
  story: Story,
  { role }: RoleCase,
  keys: KeyOptions = {},
  options: RepositoryOptions = {},
): TestRepository {
  if (role !== 'project') {
    const repo = story.repository({ ...options, keys: { ...options.keys, [role]: keys } })
    repo.publish()
    return repo
  }
  const repo = story.repository(options)
  repo.delegate('targets', { name: 'project', paths: ['project/*'], ...keys })
  repo.addTarget('project/file', content, { role: 'project' })
  repo.publish()
  return repo
}

/** Asks for a file that needs the role: a refresh, or a file that the delegated role lists. */
export function ask(story: Story, { role }: RoleCase, outcome: WorkflowOutcome): void {
  if (role === 'project') story.download('project/file', outcome)
  else story.refresh(outcome)
}

/** The role's file is fine, in this version. */
export function good(
  { role }: RoleCase,
  versions: Versions,
  version: number,
  more: More = {},
): WorkflowOutcome {
  return role === 'project'
    ? received(content, versions, { ...more, roles: { project: version } })
    : accepted(versions, more)
}

/** The role's file is refused; `version` is the one that is stored. */
export function bad(
  { role }: RoleCase,
  step: string,
  versions: Versions,
  version: number | null,
): WorkflowOutcome {
  const roles = role === 'project' ? { roles: { project: version } } : {}
  return refused(step, versions, { role, ...roles })
}

/** Without the vectors that depend on the file that declares the keys: the anchor, or targets. */
export function declaredWrongly({ role }: RoleCase, outcome: WorkflowOutcome): WorkflowOutcome {
  const { result, trusted = {} } = outcome
  const believed = role === 'project' ? ['targets'] : Object.keys(trusted)
  const kept = Object.entries(trusted).filter(
    ([name, version]) => version === null || !believed.includes(name),
  )
  return { result, trusted: Object.fromEntries(kept) }
}

/** A file with two faults, either of which may be found first. */
export function withoutStep({ result, role, trusted }: WorkflowOutcome): WorkflowOutcome {
  return { result, ...(role !== undefined && { role }), ...(trusted && { trusted }) }
}
