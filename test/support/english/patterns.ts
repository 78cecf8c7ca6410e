/** The words and phrases that make a sentence hard to read, and how often each kind of text has them. */
import { kinds, type Kind, type Passage } from './passages.js'

export interface Pattern {
  readonly name: string
  readonly pattern: RegExp
  readonly instead: string
}

/** Words that a good text uses seldom. */
export const patterns: readonly Pattern[] = [
  { name: 'what', pattern: /\bwhat\b/gi, instead: 'name the thing with a noun' },
  {
    name: 'who as a subject',
    pattern: /\bwhoever\b|(?<=^|[.:;] )who\b(?![^.:;]*\?)|\b(?:and|but|if|when|by|as) who\b/gi,
    instead: 'name the person, or give an order',
  },
  {
    name: 'is no, is none',
    pattern: /\b(?:is|are|was|were) (?:no|none)\b(?! longer\b)/gi,
    instead: '"is not a", or "no" before the subject',
  },
  { name: 'has, have, had', pattern: /\b(?:has|have|had)\b/gi, instead: 'a verb that says more' },
  { name: 'nothing', pattern: /\bnothing\b/gi, instead: 'say what does not happen' },
]

/** Phrases that never occur. */
export const phrases: readonly Pattern[] = [
  phrase(/\b(?:is|are|was|were|be|been|being) had\b/gi, 'obtained, loaded, fetched'),
  phrase(/\bof today\b/gi, 'current'),
  phrase(/\bby the (?:dozen|hundred|thousand|million)s?\b/gi, 'thousands of'),
  phrase(/\b(?:comes?|came) to nothing\b/gi, 'is skipped'),
  phrase(/\bin secret\b/gi, 'silently'),
  phrase(/\bperhaps\b/gi, 'may'),
  phrase(/\btold nothing\b/gi, 'print nothing'),
  phrase(/\btells? the repository\b/gi, "report it to the repository's operators"),
  phrase(/\bstands? behind\b/gi, 'after'),
  phrase(/\bbytes? behind\b/gi, 'a trailing byte'),
  phrase(/\bthat (?:is|are) known\b/gi, 'known'),
  phrase(/\bin your hand\b/gi, 'in-memory'),
  phrase(/\berrand\b/gi, 'messenger'),
  phrase(/\bthere (?:is|are|was|were) none\b/gi, 'name the missing thing'),
]

export interface Hit {
  readonly kind: Kind
  readonly name: string
  /** `path:line: sentence`, with the advice. */
  readonly place: string
}

/** Every place where one of the patterns occurs. */
export function hitsOf(passages: readonly Passage[], wanted: readonly Pattern[]): Hit[] {
  return passages.flatMap(({ kind, path, lines }) => {
    const text = lines.map(({ text }) => text).join(' ')
    return wanted.flatMap(({ name, pattern, instead }) =>
      [...text.matchAll(pattern)].map(({ index }) => {
        const sentence = sentenceAt(text, index)
        return { kind, name, place: `${path}:${lineAt(lines, index)}: ${sentence} [${instead}]` }
      }),
    )
  })
}

/** Words in all passages of each kind. */
export function wordsOf(passages: readonly Passage[]): ReadonlyMap<Kind, number> {
  const words = new Map<Kind, number>(kinds.map((kind) => [kind, 0]))
  for (const { kind, lines } of passages) {
    const count = lines.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0)
    words.set(kind, (words.get(kind) ?? 0) + count)
  }
  return words
}

/** Occurrences per 1,000 words, rounded to two digits after the point. */
export function figuresOf(
  passages: readonly Passage[],
): ReadonlyMap<Kind, ReadonlyMap<string, number>> {
  const words = wordsOf(passages)
  const hits = hitsOf(passages, patterns)
  const rate = (kind: Kind, name: string) => {
    const count = hits.filter((hit) => hit.kind === kind && hit.name === name).length
    return Math.round((100_000 * count) / Math.max(1, words.get(kind) ?? 0)) / 100
  }
  return new Map(
    kinds.map((kind) => [kind, new Map(patterns.map(({ name }) => [name, rate(kind, name)]))]),
  )
}

function phrase(pattern: RegExp, instead: string): Pattern {
  return { name: pattern.source.replaceAll(/\\b|\(\?:|\)/g, ''), pattern, instead }
}

function sentenceAt(text: string, index: number): string {
  const start = Math.max(...['. ', ': ', '; ', '? '].map((end) => text.lastIndexOf(end, index - 1)))
  const end = text.slice(index).search(/[.:;?] /)
  return text.slice(start < 0 ? 0 : start + 2, end < 0 ? undefined : index + end + 1).trim()
}

function lineAt(lines: Passage['lines'], index: number): number {
  let start = 0
  for (const { line, text } of lines) {
    start += text.length + 1
    if (index < start) return line
  }
  return lines.at(-1)?.line ?? 0
}
