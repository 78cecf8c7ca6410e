/** The required outcome of a step, in one line. */
import { createHash } from 'node:crypto'
import type { WorkflowOutcome } from '../../../src/vectors/format.js'

/**
 * Versions of root, timestamp, snapshot and targets that are trusted and stored afterwards. Null:
 * not stored; undefined: the specification does not say.
 */
export type Versions = readonly [
  root: Version,
  timestamp: Version,
  snapshot: Version,
  targets: Version,
]
type Version = number | null | undefined

/** Further facts about an outcome. */
export interface More {
  /** Delegated roles: name → version, as in {@link Versions}. */
  readonly roles?: Readonly<Record<string, number | null>>
  readonly requests?: readonly string[]
  /** Whose file is refused. Default: the role of the step's section. */
  readonly role?: string
}

/** The cycle is fine. */
export function accepted(versions: Versions, more: More = {}): WorkflowOutcome {
  return { result: 'accepted', ...common(versions, more) }
}

/** The cycle succeeds and this is the content of the file. */
export function received(
  content: string | Uint8Array,
  versions: Versions,
  more: More = {},
): WorkflowOutcome {
  const sha256 = createHash('sha256').update(content).digest('hex')
  const { trusted, requests } = common(versions, more)
  return {
    result: 'accepted',
    ...(trusted && { trusted }),
    sha256,
    ...(requests && { requests }),
  }
}

/** The step refuses. */
export function refused(step: string, versions: Versions, more: More = {}): WorkflowOutcome {
  const role = more.role ?? roleOf(step)
  return {
    result: 'refused',
    step,
    ...(role !== undefined && { role }),
    ...common(versions, more),
  }
}

/** The cycle succeeds and the target does not exist (5.7.2). */
export function absent(versions: Versions, more: More = {}): WorkflowOutcome {
  return { result: 'absent', ...common(versions, more) }
}

function common(
  versions: Versions,
  { roles, requests }: More,
): Pick<WorkflowOutcome, 'trusted' | 'requests'> {
  const trusted: Record<string, number | null> = {}
  for (const [index, name] of ['root', 'timestamp', 'snapshot', 'targets'].entries()) {
    const version = versions[index]
    if (version !== undefined) trusted[name] = version
  }
  Object.assign(trusted, roles)
  return { ...(Object.keys(trusted).length > 0 && { trusted }), ...(requests && { requests }) }
}

const roles: Readonly<Record<string, string>> = {
  '4.3': 'root',
  '4.4': 'snapshot',
  '4.5': 'targets',
  '4.6': 'timestamp',
  '5.3': 'root',
  '5.4': 'timestamp',
  '5.5': 'snapshot',
  '5.6': 'targets',
}

function roleOf(step: string): string | undefined {
  return roles[step.split('.').slice(0, 2).join('.')]
}
