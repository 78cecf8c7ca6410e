/** Tasks of RSTUF's API (`/api/v1/`): sent, and waited for until their metadata is published. */
import { setTimeout as wait } from 'node:timers/promises'
import { isRecord } from './is-record.js'

/** Length and hashes of an artifact, as in metadata. */
export interface ArtifactInfo {
  /** Bytes. */
  readonly length: number
  /** Name of the hash function → lower-case hexadecimal. */
  readonly hashes: Readonly<Record<string, string>>
}

/** An API, and how it is asked. */
export interface RstufOptions {
  /** With or without a slash at the end; `/api/v1/` is added. */
  readonly url: string
  readonly signal: AbortSignal
  /** How long one task may take, in milliseconds. */
  readonly timeout: number
  /** Between two questions for the state of a task, in milliseconds. */
  readonly pause: number
}

/** Celery's states, and RSTUF's own, that are final and not a success. */
const failures: ReadonlySet<unknown> = new Set([
  'ERRORED',
  'FAILURE',
  'REVOKED',
  'REJECTED',
  'IGNORED',
])

/** The longest answer to read, in characters. */
const mostAnswer = 64_000_000

/** @throws Error with RSTUF's answer; the signal's reason */
export async function addArtifacts(
  artifacts: ReadonlyMap<string, ArtifactInfo>,
  options: RstufOptions,
): Promise<void> {
  const added = [...artifacts].map(([path, info]) => ({ path, info }))
  const details = await submit('artifacts/', { artifacts: added }, options)
  const refused = details['invalid_paths']
  if (!Array.isArray(refused) || refused.length === 0) return
  throw new Error(`RSTUF does not take these paths: ${refused.join(', ')}`)
}

/** Paths that are not registered do not count. Throws as {@link addArtifacts}. */
export async function deleteArtifacts(
  paths: readonly string[],
  options: RstufOptions,
): Promise<void> {
  await submit('artifacts/delete', { artifacts: paths }, options)
}

async function submit(
  path: string,
  payload: object,
  options: RstufOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const accepted = await ask(path, options, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  const id = accepted['task_id']
  if (typeof id !== 'string') throw new Error('RSTUF accepted the task and did not name it')
  const end = Date.now() + options.timeout
  for (;;) {
    const task = await ask(`task/?task_id=${encodeURIComponent(id)}`, options)
    const { state, result } = task
    const { status, error, message, details }: Record<string, unknown> = isRecord(result)
      ? result
      : {}
    if (state === 'SUCCESS' && status === true) return isRecord(details) ? details : {}
    if (state === 'SUCCESS' || failures.has(state)) {
      const why = [message, error].filter((text) => typeof text === 'string').join(': ')
      throw new Error(`RSTUF's task ${id} ended with ${String(state)}: ${why || 'no reason given'}`)
    }
    if (Date.now() >= end) throw new Error(`RSTUF's task ${id} is still ${String(state)}`)
    await wait(options.pause, undefined, { signal: options.signal })
  }
}

/** The field `data` of an answer. */
async function ask(
  path: string,
  { url, signal }: RstufOptions,
  request: RequestInit = {},
): Promise<Readonly<Record<string, unknown>>> {
  const asked = new URL(`api/v1/${path}`, url.replace(/\/*$/, '/'))
  const signals = AbortSignal.any([signal, AbortSignal.timeout(60_000)])
  let text
  let response
  try {
    // A redirect would send the task elsewhere.
    response = await fetch(asked, { ...request, redirect: 'error', signal: signals })
    text = await response.text()
  } catch (error) {
    signal.throwIfAborted()
    throw new Error(`${asked.href} cannot be asked`, { cause: error })
  }
  if (!response.ok) {
    throw new Error(`${asked.href} answers with status ${response.status}: ${text.slice(0, 500)}`)
  }
  const answer: unknown = text.length > mostAnswer ? undefined : parse(text)
  const data = isRecord(answer) ? answer['data'] : undefined
  if (!isRecord(data)) throw new Error(`${asked.href} does not answer as RSTUF's API does`)
  return data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
