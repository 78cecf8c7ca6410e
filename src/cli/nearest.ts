/** Guesses the name that a mistyped one may stand for. */

/** The name nearest to `given`, unless none is near; capitals and dashes do not count. */
function nearest(given: string, names: Iterable<string>): string | undefined {
  const plain = plainForm(given)
  let best: string | undefined
  // A third of the letters may be wrong, and two of four.
  let least = Math.max(Math.floor(plain.length / 3), plain.length < 4 ? 1 : 2) + 1
  for (const name of names) {
    const distance = editDistance(plain, plainForm(name))
    if (distance >= least) continue
    best = name
    least = distance
  }
  return best
}

/** `; did you mean find?`, or the empty text. */
export function didYouMean(given: string, names: Iterable<string>, prefix = ''): string {
  const name = nearest(given, names)
  return name === undefined ? '' : `; did you mean ${prefix}${name}?`
}

function plainForm(name: string): string {
  // Longer ones are like no name, and would cost time.
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, '')
}

/** Letters added, left out, replaced, or two neighbours swapped. */
function editDistance(one: string, other: string): number {
  let before: number[] = []
  let above = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      const replaced = (above[j - 1] ?? 0) + (same ? 0 : 1)
      let least = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[other.length] ?? 0
}
