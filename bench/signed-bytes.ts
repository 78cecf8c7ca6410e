/** The two ways in which the floor comes by the canonical form of `signed`. Neither proves much. */

/**
 * By one scan: the member `signed` without white space outside of strings. Right only for files
 * that are sorted and escape the same characters as the canonical form.
 */
export function signedBytes(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  let start = 0
  let depth = 0
  let nameStart = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === 0x22) {
      const from = at++
      while (bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1
      for (let copied = from; copied <= at; copied++) out[length++] = bytes[copied]!
      if (depth === 1) nameStart = from + 1
      continue
    }
    if (byte <= 0x20) continue
    out[length++] = byte
    if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      if (depth === 2) start = length - 1
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1
      // `signed`, and not `signatures`.
      if (depth === 1 && bytes[nameStart + 4] === 0x65) return out.subarray(start, length)
    }
  }
  throw new Error('no member signed')
}

/** From the objects: names sorted, everything written again. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalText(value))
}

function canonicalText(value: unknown): string {
  if (typeof value === 'string') {
    return value.includes('"') || value.includes('\\')
      ? `"${value.replace(/["\\]/g, '\\$&')}"`
      : `"${value}"`
  }
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (!isObject(value)) return String(value)
  let text = '{'
  for (const name of Object.keys(value).sort()) {
    text += `${text === '{' ? '' : ','}${canonicalText(name)}:${canonicalText(value[name])}`
  }
  return `${text}}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
