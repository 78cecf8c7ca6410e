/** Values that are handed out and must stay as they are: the next answer is made of them. */

/** Freezes plain objects and arrays, and takes from maps the methods that change them. In place. */
export function deepFreeze<T>(value: T): T {
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue
    if (ArrayBuffer.isView(next)) continue // Bytes cannot be frozen.
    if (next instanceof Map) {
      const values: Iterable<unknown> = next.values()
      for (const inner of values) pending.push(inner)
      Object.setPrototypeOf(next, frozenMap)
    } else {
      // One by one: a table may hold more entries than a call takes arguments.
      const values: readonly unknown[] = Object.values(next)
      for (const inner of values) pending.push(inner)
    }
    Object.freeze(next)
  }
  return value
}

function refuse(): never {
  throw new TypeError('a verified value cannot be changed')
}

const frozenMap = frozenMapPrototype()

/** A prototype costs less than three properties on each map. */
function frozenMapPrototype(): object {
  const prototype = { set: refuse, delete: refuse, clear: refuse }
  Object.setPrototypeOf(prototype, Map.prototype)
  return prototype
}
