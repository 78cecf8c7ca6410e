/** Every single change to one part of a metadata file. */

/** The file with each leaf of a part changed, one at a time, and that leaf's path. */
export function* changesOf(
  text: string,
  part: 'signed' | 'signatures',
): Generator<[string, Uint8Array]> {
  const file: Record<string, unknown> = JSON.parse(text)
  for (const leaf of leavesOf(file[part], [part])) {
    const copy: unknown = JSON.parse(text)
    change(copy, leaf)
    yield [leaf.join('.'), new TextEncoder().encode(JSON.stringify(copy))]
  }
}

type Leaf = readonly (string | number)[]

function* leavesOf(value: unknown, path: Leaf): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) {
    yield path
    return
  }
  for (const [name, inner] of Object.entries(value)) yield* leavesOf(inner, [...path, name])
}

/** Another value of the same type: one character, or one number, further. */
function change(root: unknown, leaf: Leaf): void {
  let holder = root as Record<string | number, unknown>
  for (const name of leaf.slice(0, -1)) holder = holder[name] as Record<string | number, unknown>
  const last = leaf.at(-1) ?? ''
  const value = holder[last]
  if (typeof value === 'string') {
    const final = value.at(-1)
    holder[last] = value.slice(0, -1) + (final === '0' ? '1' : '0')
  } else if (typeof value === 'number') holder[last] = value + 1
  else if (typeof value === 'boolean') holder[last] = !value
  else holder[last] = 'changed'
}
