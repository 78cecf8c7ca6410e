/**
 * `expires` (4.2) as a number. Off-spec: the text asks for `YYYY-MM-DDTHH:MM:SSZ` alone; fractions
 * and offsets are read too, as RFC 3339 writes them, because real roots use them.
 */

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

const minute = 60_000
const day = 86_400_000

/**
 * The moment an RFC 3339 date names, in milliseconds since 1970, or undefined when `text` is not
 * such a date. Digits beyond the millisecond are cut off, which moves the moment towards the past.
 * A second 60 is read where a leap second can be, at the end of a month in UTC, and counts as the
 * first second of the next month.
 */
export function parseDate(text: string): number | undefined {
  const match = dateTime.exec(text)
  if (match === null) return undefined
  const field = (group: number): number => Number(match[group] ?? 0)

  const date = daysSince1970(field(1), field(2), field(3))
  const seconds = field(6)
  if (date === undefined) return undefined
  if (field(4) > 23 || field(5) > 59 || seconds > 60 || field(9) > 23 || field(10) > 59) {
    return undefined
  }

  const offset = (match[8] === '-' ? -1 : 1) * (field(9) * 60 + field(10))
  const start = date * day + (field(4) * 60 + field(5) - offset) * minute
  if (seconds === 60) {
    // An offset is shorter than a day: the month that begins then is this one or the next.
    const begins = (start + minute) / day
    const [year, month] = [field(1), field(2)]
    if (begins !== daysUntilMonth(year, month) && begins !== daysUntilMonth(year, month + 1)) {
      return undefined
    }
  }
  const fraction = (match[7] ?? '').slice(0, 3).padEnd(3, '0')
  return start + seconds * 1000 + Number(fraction)
}

/** Proleptic Gregorian; undefined when the day does not exist. */
function daysSince1970(year: number, month: number, dayOfMonth: number): number | undefined {
  if (month < 1 || month > 12 || dayOfMonth < 1) return undefined
  const firstDay = daysUntilMonth(year, month)
  if (dayOfMonth > daysUntilMonth(year, month + 1) - firstDay) return undefined
  return firstDay + dayOfMonth - 1
}

/** Days from 1970-01-01 to the first day of a month; month 13 is the next January. */
function daysUntilMonth(year: number, month: number): number {
  // Years that begin in March put the leap day last, so that month lengths repeat: 153 days in
  // five months.
  const marchYear = month > 2 ? year : year - 1
  const monthsSinceMarch = month > 2 ? month - 3 : month + 9
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  const daysBefore1970 = 719_468
  return marchYear * 365 + leapDays + Math.floor((153 * monthsSinceMarch + 2) / 5) - daysBefore1970
}
