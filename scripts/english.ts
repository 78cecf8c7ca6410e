/**
 * Prints how often each kind of text uses the patterns that test/english.test.ts bounds: `npm run
 * english`. With a part of a kind's name, it prints the places: `npm run english -- titles`.
 */
import { allPassages } from '../test/support/english/passages.js'
import { figuresOf, hitsOf, patterns, phrases, wordsOf } from '../test/support/english/patterns.js'

const passages = allPassages()
const [wanted] = process.argv.slice(2)
if (wanted === undefined) {
  const words = wordsOf(passages)
  const rows = [...figuresOf(passages)].map(([kind, figures]) => [
    kind,
    { words: words.get(kind), ...Object.fromEntries(figures) },
  ])
  console.log('Occurrences per 1,000 words')
  console.table(Object.fromEntries(rows))
} else {
  const found = passages.filter(({ kind }) => kind.includes(wanted))
  for (const { place } of hitsOf(found, [...patterns, ...phrases])) console.log(place)
}
