import { readdirSync, readFileSync } from 'node:fs'
import { expect, jest, test } from '@jest/globals'
import { temporaryFolder } from '../support/temporary-folder.js'
import { testingPage } from './page.js'
import { record, recordedProofs, type Proof } from './record.js'

const proof: Proof = {
  proof: 'falls',
  command: 'npm run test:falls',
  seed: 7,
  seconds: 61.4,
  date: '2026-11-29',
  figures: { falls: 1234, 'worst pause': '3 | 4 ms' },
  found: ['A fall was not caught; it is now.'],
}

test('docs/testing.md shows the kept results of the proofs', async () => {
  expect(await testingPage(recordedProofs())).toBe(readFileSync('docs/testing.md', 'utf8'))
})

test('each command on the page is a script of package.json', async () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = (await testingPage(recordedProofs())).matchAll(/`npm run ([a-z:-]+)/g)
  expect([...named].map(([, name]) => name).filter((name) => !(name! in scripts))).toEqual([])
})

test('a run that is not to be kept leaves no file', async () => {
  const folder = temporaryFolder('proof')
  const said = jest.spyOn(console, 'log').mockReturnValue()
  await record(proof, { folder, write: false })
  expect(said.mock.calls).toEqual([['falls, seed 7, 61.4 s: falls 1,234, worst pause 3 | 4 ms']])
  said.mockRestore()
  expect(readdirSync(folder)).toEqual([])
})

test('a kept run is on the page with its figures, seed, date and findings', async () => {
  const folder = temporaryFolder('proof')
  const said = jest.spyOn(console, 'log').mockReturnValue()
  await record(proof, { folder, write: true })
  said.mockRestore()
  expect(recordedProofs(folder)).toEqual([proof])
  const page = await testingPage(recordedProofs(folder))
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  expect(rows).toContainEqual(['', 'falls', '`npm run test:falls`', '7', '61', '2026-11-29', ''])
  expect(rows).toContainEqual(['', 'falls', '1,234', ''])
  expect(rows).toContainEqual(['', 'worst pause', '3 \\| 4 ms', ''])
  expect(page).toContain('- A fall was not caught; it is now.')
})

test.each([
  ['a date', { date: 'yesterday' }],
  ['its name', { proof: 'Falls' }],
  ['figures', { figures: { falls: undefined } }],
])('a result with a wrong field is refused: %s', async (_, change) => {
  const wrong = { ...proof, ...change } as Proof
  await expect(record(wrong, { folder: 'nowhere', write: false })).rejects.toThrow(TypeError)
})
