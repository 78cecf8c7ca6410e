/** docs/fleet.md has the tables that its simulation prints, and the simulation says what it is meant to. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { firstRun, fleet, newProxy, playDay, sizes } from '../scripts/fleet/model.js'
import { withTables } from '../scripts/fleet/page.js'

test('the page of the fleet has the tables of the simulation', async () => {
  const page = readFileSync('docs/fleet.md', 'utf8')
  expect(await withTables(page)).toBe(page)
})

test('every file of every job arrives, whatever stands in between', () => {
  const files = fleet.runners * fleet.jobsPerRunner * fleet.filesPerJob
  expect(playDay('alone').runners.bytes).toBeGreaterThan(files * sizes.file)
  expect(playDay('mirror').runners).toMatchObject({ requests: 2 * files })
})

test('each arrangement asks the repository less than the one before', () => {
  const asked = (['alone', 'kept', 'proxies', 'mirror'] as const).map(
    (one) => playDay(one).repository.bytes,
  )
  expect([...asked].sort((a, b) => b - a)).toEqual(asked)
  expect(playDay('mirror').mirror).toEqual(playDay('proxies').repository)
})

test('what is loaded once is more than what a day changes', () => {
  expect(firstRun().requests).toBeGreaterThan(playDay('mirror').repository.requests)
  expect(newProxy().requests).toBeLessThan(firstRun().requests)
})

test('a page without its marks is refused', async () => {
  await expect(withTables('# A fleet')).rejects.toThrow('lacks the marks')
})
