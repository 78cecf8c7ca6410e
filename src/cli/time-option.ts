/** The time of a call, where the user gives one. */
import { parseDate } from '../core/metadata/dates.js'
import type { OptionValues } from './options.js'
import { UsageError } from './usage-error.js'

/**
 * The time that `--now` names, in milliseconds since 1970.
 *
 * @throws UsageError
 */
export function timeOption({ now }: OptionValues): number | undefined {
  if (now === undefined) return undefined
  const time = parseDate(now)
  if (time === undefined) throw new UsageError('--now must be a date such as 2026-01-31T12:00:00Z')
  return time
}
