/** Changes of an input: bytes, pieces of the format, parts of itself and of others. */

/** A whole number below `end`. */
export type Pick = (end: number) => number

const interesting = Buffer.from('"\\{}[]:, \n\t0123456789-+.eEnulltrfsa\0\u001f\u007f<>&;=#/@!~')
  .toJSON()
  .data.concat(0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff, 0x30, 0x02, 0x03)

const common = ['1e5', '-0', '00', '9007199254740993', '1.0', 'null', 'true', '{}', '[]', '""']
  .concat('\\u0022', '\\ud83d\\ude00', '\\ud800', '\\/', 'é', '😀', '\ufeff', '  ', '\r\n')
  .concat('"__proto__":{},', '2147483648', '*', '?', '[!a-z]', '../', '%2f', '==', ' ; ')

const utf8 = new TextEncoder()

/** @param longest of the result, bytes */
export function mutate(
  bytes: Uint8Array,
  others: readonly Uint8Array[],
  words: readonly string[],
  longest: number,
  pick: Pick,
): Uint8Array {
  let changed = bytes
  for (let left = 1 + pick(4); left > 0; left--) changed = change(changed, others, words, pick)
  return changed.subarray(0, longest)
}

function change(
  bytes: Uint8Array,
  others: readonly Uint8Array[],
  words: readonly string[],
  pick: Pick,
): Uint8Array {
  const at = pick(bytes.length + 1)
  const length = pick(1 + Math.min(32, bytes.length - at))
  const part = bytes.subarray(at, at + length)
  switch (pick(10)) {
    case 0:
      if (pick(2) === 0) return splice(bytes, at, 1, Uint8Array.of(pick(256)))
      return splice(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << pick(8))))
    case 1:
      return splice(bytes, at, 1, Uint8Array.of(interesting[pick(interesting.length)] ?? 0))
    case 2:
      return splice(bytes, at, 0, Uint8Array.of(interesting[pick(interesting.length)] ?? 0))
    case 3:
      return splice(bytes, at, length, new Uint8Array())
    case 4: {
      const all = [...words, ...common]
      return splice(bytes, at, pick(2) * length, utf8.encode(all[pick(all.length)] ?? ''))
    }
    case 5:
      return splice(bytes, pick(bytes.length + 1), 0, part)
    case 6: {
      // A cost that grows faster than the length shows in long inputs.
      const times = 1 << pick(10)
      const many = new Uint8Array(part.length * times)
      for (let i = 0; i < times; i++) many.set(part, i * part.length)
      return splice(bytes, at, 0, many)
    }
    case 7: {
      const other = others[pick(others.length)] ?? bytes
      const from = pick(other.length + 1)
      return splice(bytes, at, pick(2) * length, other.subarray(from, from + pick(200)))
    }
    case 8: {
      const other = others[pick(others.length)] ?? bytes
      return splice(bytes, at, bytes.length, other.subarray(Math.min(at, other.length)))
    }
    default:
      return splice(bytes, at, 1, Uint8Array.of(((bytes[at] ?? 0) + pick(2) * 2 - 1) & 0xff))
  }
}

export function splice(
  bytes: Uint8Array,
  at: number,
  removed: number,
  put: Uint8Array,
): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + removed))
  const whole = new Uint8Array(at + put.length + rest.length)
  whole.set(bytes.subarray(0, at))
  whole.set(put, at)
  whole.set(rest, at + put.length)
  return whole
}
