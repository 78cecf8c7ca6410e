import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { withTables } from '../../scripts/findings-table.js'
import { answers } from '../../src/audit/clients/answers.js'
import { clientLimits, clientsBelow } from '../../src/audit/clients/client-limits.js'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import { vectorsInSource } from '../support/audit-vectors.js'

test('the page has the tables of the sources', () => {
  const page = readFileSync('docs/guides/auditing-a-repository.md', 'utf8')
  expect(withTables(page)).toBe(page)
})

test('every vector that a finding names was asked, and no other', async () => {
  const files = await loadVectorFolder(new URL('../../spec-vectors/', import.meta.url))
  expect(Object.keys(answers)).toEqual([...vectorsInSource(files)].sort())
})

test('the answers are those of the page about other clients', async () => {
  const page = readFileSync('docs/interop.md', 'utf8')
  const files = await loadVectorFolder(new URL('../../spec-vectors/', import.meta.url))
  // A family that is younger than the page was asked for the answers alone.
  const young = new Set(
    files
      .filter(({ family }) => !page.includes(`\n| ${family} |`))
      .flatMap(({ vectors }) => vectors.map(({ id }) => id)),
  )
  for (const [vector, differing] of Object.entries<readonly string[]>(answers)) {
    if (young.has(vector)) continue
    for (const client of ['python-tuf', 'tuf-js']) {
      const sections = page.split(/^## /m).filter((one) => one.startsWith(`${client} `))
      const listed = sections
        .filter((one) => !one.startsWith(`${client} `) || !/^.*: not asked/.test(one))
        .some((one) => one.includes(`\`${vector}\`:`))
      expect([vector, client, differing.includes(client)]).toEqual([vector, client, listed])
    }
  }
})

test('the clients of the limits are those that were asked', () => {
  const page = readFileSync('docs/interop.md', 'utf8')
  for (const name of Object.keys(clientLimits)) {
    if (name !== 'tuffet') expect(page).toContain(name)
  }
})

test.each([
  ['timestamp', 16_384, []],
  ['timestamp', 16_385, ['python-tuf 7.0.1', 'go-tuf 2.4.2', 'tuf-js 6.0.2']],
  ['snapshot', 1_048_577, ['tough 0.24.0']],
  ['root', 512_001, ['python-tuf 7.0.1', 'go-tuf 2.4.2', 'tuf-js 6.0.2', 'tuffet']],
] as const)('a %s of %i bytes is too large for %j', (type, size, clients) => {
  expect(clientsBelow(type, size).map((one) => one.replace(/ \(.*/, ''))).toEqual(clients)
})

test('a listed length counts in place of the limits of others', () => {
  expect(clientsBelow('snapshot', 9_000_000, true)).toEqual(['tuffet (8000000)'])
})
