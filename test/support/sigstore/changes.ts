/** Every single change to a character or a number in a JSON text. */

type Leaf = readonly (string | number)[]

/** The text with one character of one value changed, every `step` characters, and where. */
export function* changedCharacters(
  text: string,
  step: number,
): Generator<readonly [where: string, bytes: Uint8Array]> {
  for (const leaf of leavesOf(JSON.parse(text))) {
    const value = valueAt(JSON.parse(text), leaf)
    const length = typeof value === 'string' ? value.length : 1
    for (let at = 0; at < length; at += step) {
      yield [`${leaf.join('.')}[${at}]`, withValue(text, leaf, changed(value, at))]
    }
  }
}

/** One of `changes` by number: a leaf changed, left out or repeated; the same for the same number. */
export function changeNumber(
  text: string,
  number: number,
): readonly [where: string, bytes: Uint8Array] {
  const leaves = [...leavesOf(JSON.parse(text))]
  const leaf = leaves[(number * 7) % leaves.length] ?? []
  const value = valueAt(JSON.parse(text), leaf)
  const where = `${number}: ${leaf.join('.')}`
  if (number % 3 === 0) return [where, withValue(text, leaf, undefined)]
  const length = typeof value === 'string' ? value.length : 1
  return [where, withValue(text, leaf, changed(value, (number * 131) % length))]
}

function changed(value: unknown, at: number): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value !== 'string') return 'changed'
  const other = value[at] === 'A' ? 'B' : 'A'
  return value.slice(0, at) + other + value.slice(at + 1)
}

function* leavesOf(value: unknown, path: Leaf = []): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) {
    yield path
    return
  }
  for (const [name, inner] of Object.entries(value)) {
    yield* leavesOf(inner, [...path, Array.isArray(value) ? Number(name) : name])
  }
}

function valueAt(root: unknown, leaf: Leaf): unknown {
  let value = root
  for (const name of leaf) value = holder(value)[name]
  return value
}

function withValue(text: string, leaf: Leaf, value: unknown): Uint8Array {
  const copy: unknown = JSON.parse(text)
  const inner = holder(valueAt(copy, leaf.slice(0, -1)))
  const last = leaf.at(-1) ?? ''
  if (value === undefined) delete inner[last]
  else inner[last] = value
  return new TextEncoder().encode(JSON.stringify(copy))
}

function holder(value: unknown): Record<string | number, unknown> {
  return value as Record<string | number, unknown>
}
