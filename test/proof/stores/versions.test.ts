/** The documents name the servers of the last long run of `npm run test:stores`, and no others. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { recordedProofs } from '../record.js'

const { figures = {} } = recordedProofs().find(({ proof }) => proof === 'stores') ?? {}
const [redis, s3] = [figures['servers'], figures['servers of S3']].map((names) =>
  String(names).split(' and '),
)
const refused = String(figures['refused, since they ignore conditions'])
const compatibility = readFileSync('docs/compatibility.md', 'utf8')
const rowOf = (store: string): string =>
  compatibility.split('\n').find((line) => line.startsWith(`| \`${store}\``)) ?? ''
const versionsIn = (text: string): string[] => (text.match(/\d+(?:\.\d+)+/g) ?? []).sort()

test.each([
  ['redisStore', redis],
  ['s3Store', [...(s3 ?? []), refused]],
] as const)('of %s', (store, names) => {
  const tried = versionsIn(String(names))
  const row = rowOf(store).replace(' (8.0-M01)', '')
  expect(versionsIn(row)).toEqual(tried)
  const guide = readFileSync('docs/guides/many-machines.md', 'utf8')
  for (const version of versionsIn((names ?? []).filter((name) => name !== refused).join(' '))) {
    expect(guide).toContain(version)
  }
})
