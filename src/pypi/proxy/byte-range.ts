/** Which part of a file a request wants: one range of bytes (RFC 9110, 14). */

/** From `start` up to `end`, without the byte at `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * The part that `Range` asks for; undefined: all of it, also for a header of another form or for
 * several parts; `unsatisfiable`: the part does not exist.
 */
export function parseRange(
  header: string | undefined,
  length: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first === '') {
    const start = Math.max(0, length - Number(last))
    return start < length ? { start, end: length } : 'unsatisfiable'
  }
  const start = Number(first)
  const end = last === '' ? length : Math.min(Number(last) + 1, length)
  if (last !== '' && Number(last) < start) return undefined
  return start < length ? { start, end } : 'unsatisfiable'
}
