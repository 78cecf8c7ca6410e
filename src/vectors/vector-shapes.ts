/** The shapes of one vector of either kind; `format.ts` explains them. */
import { parseDate } from '../core/metadata/dates.js'
import {
  vectorProfiles,
  type FunctionVector,
  type VectorBody,
  type VectorCommon,
  type WorkflowOutcome,
  type WorkflowStep,
  type WorkflowVector,
} from './format.js'
import {
  Fields,
  listOf,
  oneOf,
  orNull,
  readCount,
  readJson,
  readSentence,
  readText,
  tableOf,
  textLike,
} from './read-fields.js'

const readId = textLike(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'a name such as json-duplicate-name')
const readDigest = textLike(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
const readServedPath = textLike(
  /^(metadata|targets)\/[!-~]+$/,
  'metadata/… or targets/…, percent-encoded',
)
const readStoredName = textLike(/^[A-Za-z0-9_.~%-]+\.json$/, 'a file name such as timestamp.json')
const readBase64 = textLike(
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  'base64 with padding',
)

/** @throws TypeError that names the wrong field */
export function readFunctionVector(value: unknown): FunctionVector {
  const fields = new Fields(value, '')
  const common = readCommon(fields)
  const input = fields.required('input', tableOf(readJson))
  const result = fields.required('result', oneOf('accepted', 'refused'))
  const output = fields.optional('output', readJson)
  fields.end()
  if (result === 'refused' && output !== undefined) {
    throw new TypeError('output: a refused input must not give an output')
  }
  return { ...common, input, result, ...(output !== undefined && { output }) }
}

/** @throws TypeError that names the wrong field */
export function readWorkflowVector(value: unknown): WorkflowVector {
  const fields = new Fields(value, '')
  const common = readCommon(fields)
  const anchor = fields.required('anchor', readFile)
  const steps = fields.required('steps', listOf(readStep, 1))
  fields.end()
  return { ...common, anchor, steps }
}

function readCommon(fields: Fields): VectorCommon {
  const id = fields.required('id', readId)
  const title = fields.required('title', readSentence)
  const requirements = fields.required('requirements', listOf(readSentence, 1))
  const profile = fields.required('profile', oneOf(...vectorProfiles))
  const tags = fields.optional('tags', listOf(readSentence, 1))
  const note = fields.optional('note', readSentence)
  return { id, title, requirements, profile, ...(tags && { tags }), ...(note && { note }) }
}

function readStep(value: unknown, path: string): WorkflowStep {
  const fields = new Fields(value, path)
  const time = fields.required('time', readTime)
  const serve = fields.optional('serve', tableOf(orNull(readBody), readServedPath))
  const store = fields.optional('store', tableOf(orNull(readFile), readStoredName))
  const command = fields.required('command', readCommand)
  const expect = fields.required('expect', readOutcome)
  fields.end()
  refuseContradiction(command, expect, path)
  return { time, ...(serve && { serve }), ...(store && { store }), command, expect }
}

function refuseContradiction(
  command: WorkflowStep['command'],
  { result, sha256, step, role }: WorkflowOutcome,
  path: string,
): void {
  const downloads = command !== 'refresh'
  if (result === 'absent' && !downloads) {
    throw new TypeError(`${path}: only a download can miss its target`)
  }
  if ((sha256 !== undefined) !== (downloads && result === 'accepted')) {
    throw new TypeError(`${path}: only an accepted download states a sha256`)
  }
  if (result !== 'refused' && (step !== undefined || role !== undefined)) {
    throw new TypeError(`${path}: a step and a role are where something is refused`)
  }
}

function readTime(value: unknown, path: string): string {
  const text = readText(value, path)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) || parseDate(text) === undefined) {
    throw new TypeError(`${path} must be a time such as 2026-01-01T00:00:00Z`)
  }
  return text
}

function readCommand(value: unknown, path: string): WorkflowStep['command'] {
  if (value === 'refresh') return value
  const fields = new Fields(value, path)
  const download = fields.required('download', readText)
  fields.end()
  return { download }
}

function readOutcome(value: unknown, path: string): WorkflowOutcome {
  const fields = new Fields(value, path)
  const result = fields.required('result', oneOf('accepted', 'refused', 'absent'))
  const step = fields.optional('step', readSentence)
  const role = fields.optional('role', readText)
  const trusted = fields.optional('trusted', tableOf(orNull(readCount)))
  const sha256 = fields.optional('sha256', readDigest)
  const requests = fields.optional('requests', listOf(readSentence))
  fields.end()
  return {
    result,
    ...(step !== undefined && { step }),
    ...(role !== undefined && { role }),
    ...(trusted && { trusted }),
    ...(sha256 !== undefined && { sha256 }),
    ...(requests && { requests }),
  }
}

/** Bodies that can be a file, and are not only a way to answer. */
function readFile(value: unknown, path: string): VectorBody {
  const body = readBody(value, path)
  if (typeof body !== 'string' && ('status' in body || 'disconnectAfter' in body)) {
    throw new TypeError(`${path} must be a file`)
  }
  return body
}

function readBody(value: unknown, path: string): VectorBody {
  if (typeof value === 'string') return value
  const fields = new Fields(value, path)
  const body = readBodyFields(fields)
  fields.end()
  return body
}

function readBodyFields(fields: Fields): Exclude<VectorBody, string> {
  if (fields.has('repeat')) {
    const repeat = fields.required('repeat', textLike(/./su, 'a text that is not empty'))
    return { repeat, length: fields.required('length', readCount) }
  }
  if (fields.has('status')) return { status: fields.required('status', readStatus) }
  if (fields.has('disconnectAfter')) {
    const disconnectAfter = fields.required('disconnectAfter', readCount)
    return { disconnectAfter, text: fields.required('text', readText) }
  }
  return { base64: fields.required('base64', readBase64) }
}

function readStatus(value: unknown, path: string): number {
  const status = readCount(value, path)
  if (status < 200 || status > 599) throw new TypeError(`${path} must be from 200 to 599`)
  return status
}
