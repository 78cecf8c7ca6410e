/** Durations in words. */
import { count, isoTime } from './amounts.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `expires in 3 days (2026-01-04T00:00:00Z)`; at that very moment it is expired. */
export function expiryInWords(expires: number, now: number): string {
  const words =
    expires > now
      ? `expires in ${durationInWords(expires - now)}`
      : `expired ${durationInWords(now - expires)} ago`
  return `${words} (${isoTime(expires)})`
}

/** `3 days`: the largest unit of which there are two, rounded down. */
export function durationInWords(milliseconds: number): string {
  if (milliseconds >= 2 * day) return count(Math.floor(milliseconds / day), 'day')
  if (milliseconds >= 2 * hour) return count(Math.floor(milliseconds / hour), 'hour')
  if (milliseconds >= 2 * minute) return count(Math.floor(milliseconds / minute), 'minute')
  return count(Math.floor(milliseconds / 1000), 'second')
}
