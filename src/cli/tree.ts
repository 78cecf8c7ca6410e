/** Lines of text as a tree. */

/** A node, and how far below the first one it hangs. */
export interface Branch {
  readonly depth: number
  readonly title: string
  /** Lines below the title. */
  readonly details: readonly string[]
}

/** Each branch hangs on the nearest one before it that is less deep. */
export function treeLines(branches: readonly Branch[]): string[] {
  return branches.flatMap(({ depth, title, details }, index) => {
    const indent = '   '.repeat(Math.max(0, depth - 1))
    const bears = (branches[index + 1]?.depth ?? 0) > depth
    const below = '   '.repeat(depth) + (bears ? '│  ' : '   ')
    return [
      `${indent}${depth > 0 ? '└─ ' : ''}${title}`,
      ...details.map((detail) => `${below}${detail}`),
    ]
  })
}
