/** Times and amounts in words. */

/** As in metadata; seconds, unless there is a fraction. */
export function isoTime(time: number): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return String(time)
  return date.toISOString().replace('.000Z', 'Z')
}

/** `1 key`, `1,234 keys` */
export function count(amount: number, singular: string, plural: string = `${singular}s`): string {
  return `${grouped(amount)} ${amount === 1 ? singular : plural}`
}

/** `1,234`. Not by `toLocaleString`: its first call takes 10 ms, for the tables of all languages. */
function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
