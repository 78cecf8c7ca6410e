/** The faults of a GitHub workflow that would let others run code in it, or give code more rights than it needs. */
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: Permissions
  readonly 'timeout-minutes'?: number
  readonly uses?: string
  readonly container?: string | { readonly image: string }
  readonly steps?: readonly Step[]
}

type Permissions = string | Readonly<Record<string, string>> | null

interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>
  readonly permissions?: Permissions
  readonly jobs: Readonly<Record<string, Job>>
}

/** Events that run with the rights of the repository on the code or text of strangers. */
const strangers = ['pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion']

/** The faults of a workflow, as lines. */
export function workflowComplaints(text: string): string[] {
  const { on, permissions, jobs } = parse(text) as Workflow
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on)
  const wrong = events
    .filter((event) => strangers.includes(String(event)))
    .map((event) => `it runs on ${String(event)}`)
  if (permissions === undefined) wrong.push('it does not say which permissions it has')
  else wrong.push(...tooMany('every job', permissions, []))
  for (const [name, job] of Object.entries(jobs)) wrong.push(...jobComplaints(name, job, text))
  return wrong
}

function jobComplaints(name: string, job: Job, text: string): string[] {
  const wrong: string[] = []
  if (job.permissions === undefined) wrong.push(`${name} does not say which permissions it has`)
  else wrong.push(...tooMany(name, job.permissions, ['id-token']))
  if (job['timeout-minutes'] === undefined) wrong.push(`${name} may run for six hours`)
  const image = typeof job.container === 'string' ? job.container : job.container?.image
  if (image !== undefined && !/@sha256:[0-9a-f]{64}$/.test(image)) {
    wrong.push(`${name} takes the image ${image} by a name that can change`)
  }
  const steps = job.steps ?? []
  const used = [job.uses, ...steps.map(({ uses }) => uses)].filter((one) => one !== undefined)
  for (const one of used) {
    if (!isPinned(one)) wrong.push(`${name} uses ${one} by a name that can change`)
    else if (!text.includes(`uses: ${one} # v`))
      wrong.push(`${name} does not say the version of ${one}`)
  }
  for (const { run, uses, with: inputs } of steps) {
    if (run?.includes('${{') === true)
      wrong.push(`${name} writes an expression into a script: ${run}`)
    if (/\bnpm (install|i|add)\b/.test(run ?? ''))
      wrong.push(`${name} installs without the lock file`)
    if (
      uses?.startsWith('actions/checkout@') === true &&
      inputs?.['persist-credentials'] !== false
    ) {
      wrong.push(`${name} leaves the token in the checkout`)
    }
  }
  return wrong
}

function isPinned(uses: string): boolean {
  return uses.startsWith('./') || /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses)
}

/** Reading the content is harmless; other rights must be expected. */
function tooMany(who: string, permissions: Permissions, expected: readonly string[]): string[] {
  if (typeof permissions === 'string') return [`${who} has ${permissions}`]
  return Object.entries(permissions ?? {})
    .filter(([name, right]) => right !== 'none' && right !== 'read' && !expected.includes(name))
    .map(([name, right]) => `${who} has ${name}: ${right}`)
}
