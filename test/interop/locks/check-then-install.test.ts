/**
 * For each format and each origin: the lock file is written, `tuffet pypi check` judges it, and the
 * real tool installs from it. A `match` must never be followed by bytes that nobody verified.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { installTools, isReady, nameMissing, type ReadyTool } from '../tools.js'
import { consumers, installLocked, type Consumer } from './consumers.js'
import type { LockRow } from './lock-row.js'
import { lockRows } from './lock-rows.js'
import { openWorld, type LockWorld } from './lock-world.js'

const tools = await installTools({
  pip: ['oldest', 'newest'],
  uv: ['oldest', 'newest'],
  poetry: ['all'],
  pdm: ['all'],
  pipenv: ['all'],
})
nameMissing(tools, 'installing from lock files')

interface Case {
  readonly title: string
  readonly row: LockRow
  readonly tool: ReadyTool
  readonly consumer: Consumer
}

const cases = lockRows.flatMap((row): Case[] => {
  const consumer: Consumer = consumers[row.consumer]
  const { versions = /^/ } = row
  return tools
    .filter(isReady)
    .filter(({ name, version }) => name === consumer.tool && versions.test(version))
    .map((tool) => ({
      title: `${tool.label}, ${consumer.title}, ${row.origin}`,
      row,
      tool,
      consumer,
    }))
})
const matches = cases.filter(({ row }) => row.match)
const refusals = cases.filter(({ row }) => !row.match)

let world: LockWorld
/** The behaviour of tools with lock files that `check` refuses. */
const tried: string[] = []
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world.close()
  if (tried.length > 0)
    process.stderr.write(`refused by check, and the tool:\n${tried.join('\n')}\n`)
})

async function check({ row, consumer }: Case): Promise<{ matched: boolean; output: string }> {
  const { status, output } = await world.check(consumer.file, row.text(world))
  return { matched: status === 0 && /^match /m.test(output), output }
}

function install({ row, tool, consumer }: Case): ReturnType<typeof installLocked> {
  return installLocked(tool, consumer, world, row.text(world), row.requires?.(world))
}

if (matches.length > 0) {
  describe('a lock file that check lets through', () => {
    test.each(matches)(
      'installs only verified files: $title',
      async (one) => {
        const { matched, output } = await check(one)
        expect([matched, output]).toEqual([true, expect.any(String)])
        world.side = 'foreign'
        const foreign = await install(one)
        expect([foreign.messages, foreign.output]).toEqual([[], expect.any(String)])
        world.side = 'good'
        const right = await install(one)
        expect([right.messages, right.output]).toEqual([['good'], expect.any(String)])
      },
      600_000,
    )
  })
}

if (refusals.length > 0) {
  describe('a lock file that could bring other bytes', () => {
    test.each(refusals)(
      'is not let through: $title',
      async (one) => {
        const { matched, output } = await check(one)
        expect([matched, output]).toEqual([false, expect.any(String)])
        const { attack } = one.row
        if (attack === undefined) return
        world.side = attack
        const { messages } = await install(one)
        const done = messages.includes('foreign') ? 'installed other bytes' : 'refused it too'
        tried.push(`  ${one.title}: ${done}`)
      },
      600_000,
    )
  })
}
