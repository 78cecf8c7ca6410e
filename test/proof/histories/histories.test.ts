import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PortedUpdater } from '../../../src/client/updater.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { MutantBuild } from '../../support/mutant-build.js'
import { brokenClients } from './broken-clients.js'
import type { MakeSubject } from './client.js'
import { historyOf, shrink, type History } from './history.js'
import { play } from './world.js'

const makeSubject: MakeSubject = (options) =>
  new PortedUpdater({ ...options, cryptography: nodeCryptography })

test('random histories show no fault', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { fault } = await play(historyOf(seed), makeSubject)
    expect({ seed, fault }).toEqual({ seed, fault: undefined })
  }
})

test('the same seed plays the same history', async () => {
  expect(historyOf(7)).toEqual(historyOf(7))
  expect(await play(historyOf(7), makeSubject)).toEqual(await play(historyOf(7), makeSubject))
})

test('a history that fails is made as short as it can be', async () => {
  const history = historyOf(3, 40)
  const fails = ({ operations }: History): Promise<boolean> => {
    const verbs = operations.map((one) => one.do)
    return Promise.resolve(verbs.includes('rotate') && verbs.lastIndexOf('refresh') > 0)
  }
  expect(await fails(history)).toBe(true)
  const short = await shrink(history, fails)
  expect(short.operations.map((one) => one.do).sort()).toEqual(['refresh', 'rotate'])
  expect(short.operations.flatMap((one) => one.with).every((number) => number === 0)).toBe(true)
})

describe('a broken client is noticed', () => {
  let build: MutantBuild
  let found: readonly (string | null)[] = []

  beforeAll(async () => {
    build = new MutantBuild()
    const script = join(import.meta.dirname, 'broken-process.ts')
    const plays = brokenClients.map(
      ({ seed, mutant }, number) => `${seed}:${build.mutate(mutant, number)}`,
    )
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', script, ...plays],
      { env: { ...process.env, NODE_OPTIONS: '' } },
    )
    found = stdout
      .trim()
      .split('\n')
      .map((line): string | null => JSON.parse(line))
  }, 900_000)

  afterAll(() => build.clear())

  test.each(brokenClients.map(({ mutant: { name } }, number) => ({ name, number })))(
    'that $name',
    ({ number }) => {
      expect(found[number]).toMatch(/^(operation \d+, [a-z]+|at the end): /)
    },
  )
})
