/** The text of the guide to migrating, for the tests that hold it. */
import { readFileSync } from 'node:fs'

const guide = readFileSync('docs/guides/migrating.md', 'utf8')

/** The code in a language, in order. */
export function documentBlocks(language: string): string[] {
  const blocks = guide.matchAll(new RegExp(`^\`\`\`${language}\\b[^\\n]*\\n(.*?)^\`\`\`$`, 'gms'))
  return [...blocks].map(([, text = '']) => text)
}

export interface LimitRow {
  readonly there: string
  readonly limit: string
  readonly defaultThere: number
  readonly defaultHere: number
}

export function limitRows(): LimitRow[] {
  const rows = guide.matchAll(
    /^\| `(max_\w+|\w+_max_length)` \| `(\w+)` \| ([\d,]+) \| ([\d,]+) \|$/gm,
  )
  return [...rows].map(([, there = '', limit = '', theirs = '', ours = '']) => ({
    there,
    limit,
    defaultThere: Number(theirs.replaceAll(',', '')),
    defaultHere: Number(ours.replaceAll(',', '')),
  }))
}
