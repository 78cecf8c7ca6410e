/** The limits of the client: `--limit NAME=NUMBER`, or an object in `tuffet.json`. */
import { resolveLimits, type Limits } from '../client/limits.js'
import { UsageError } from './usage-error.js'

/** The given limits. */
export type LimitSettings = { readonly [K in keyof Limits]?: number }

/** @throws UsageError, without the name of the setting */
export function limitsFrom(value: unknown): LimitSettings {
  const entries = Array.isArray(value) ? value.map(pairFrom) : Object.entries(objectFrom(value))
  const numbers: Record<string, number> = {}
  for (const [name, given] of entries) {
    if (typeof given !== 'number') throw new UsageError(`.${name} must be a number`)
    numbers[name] = given
  }
  try {
    resolveLimits(numbers)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError(`cannot be used: ${error.message}`, { cause: error })
  }
  return numbers
}

function pairFrom(text: unknown): [string, number] {
  const [, name = '', digits = ''] = /^([a-zA-Z]+)=(\d{1,16})$/.exec(String(text)) ?? []
  if (name === '') throw new UsageError('must be NAME=NUMBER, such as snapshotLength=16000000')
  return [name, Number(digits)]
}

function objectFrom(value: unknown): object {
  if (typeof value === 'object' && value !== null) return value
  throw new UsageError('must be an object such as {"snapshotLength": 16000000}')
}
