/** Times and amounts in words. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** As in metadata; seconds, unless there is a fraction. */
export function isoTime(time: number): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return String(time)
  return date.toISOString().replace('.000Z', 'Z')
}

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

/** `1 key`, `1,234 keys` */
export function count(amount: number, singular: string, plural: string = `${singular}s`): string {
  return `${grouped(amount)} ${amount === 1 ? singular : plural}`
}

/** `1,234`. Not by `toLocaleString`: its first call takes 10 ms, for the tables of all languages. */
function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
