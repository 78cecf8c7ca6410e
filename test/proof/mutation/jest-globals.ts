/**
 * As much of `@jest/globals` as the tests use, in a plain process: the tests of all files are one
 * list, and each can be run by itself, any number of times.
 */
import { ModernFakeTimers } from '@jest/fake-timers'
import { expect } from 'expect'
import { ModuleMocker } from 'jest-mock'

export { expect }

type Body = (...args: unknown[]) => unknown

/** A `describe`, or a file. */
interface Block {
  readonly title: string
  readonly outer: Block | undefined
  readonly beforeAll: Body[]
  readonly afterAll: Body[]
  readonly beforeEach: Body[]
  readonly afterEach: Body[]
}

export interface Case {
  readonly id: string
  readonly file: string
  readonly block: Block
  readonly body: Body
}

export interface Failure {
  readonly error: unknown
}

export const cases: Case[] = []
let current: Block = blockOf('', undefined)

function blockOf(title: string, outer: Block | undefined): Block {
  return { title, outer, beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] }
}

/** Collects the tests of a file while it is loaded. */
export async function collect(file: string, load: () => Promise<unknown>): Promise<void> {
  current = blockOf(file, undefined)
  await load()
}

function addCase(title: string, body: Body): void {
  const file = blocksOf(current)[0]?.title ?? ''
  const path = [...blocksOf(current).map((block) => block.title), title].join(' > ')
  // Titles are not unique.
  const same = cases.filter(({ id }) => id === path || id.startsWith(`${path} #`)).length
  cases.push({ id: same === 0 ? path : `${path} #${same}`, file, block: current, body })
}

/** From the file to the innermost. */
export function blocksOf(block: Block): Block[] {
  return block.outer ? [...blocksOf(block.outer), block] : [block]
}

function group(title: string, body: Body, args: unknown[] = []): void {
  const outer = current
  current = blockOf(title, outer)
  body(...args)
  current = outer
}

function skip(): void {}
skip.each = () => skip

/** A row is a list of arguments only where every row is one. */
function rowsOf(table: readonly unknown[]): unknown[][] {
  const isTable = table.every((row) => Array.isArray(row))
  return table.map((row) => (isTable ? (row as unknown[]) : [row]))
}

export function describe(title: string, body: Body): void {
  group(title, body)
}
describe.skip = skip
describe.each = (table: readonly unknown[]) => (title: string, body: Body) => {
  for (const [at, row] of rowsOf(table).entries()) group(`${title} [${at}]`, body, row)
}

export function test(title: string, body: Body): void {
  addCase(title, body)
}
test.skip = skip
test.each = (table: readonly unknown[]) => (title: string, body: Body) => {
  for (const [at, row] of rowsOf(table).entries()) {
    addCase(`${title} [${labelOf(row, at)}]`, () => body(...row))
  }
}

function labelOf(row: readonly unknown[], at: number): string {
  const [first] = row
  if (typeof first === 'string') return first.slice(0, 60)
  const id = typeof first === 'object' && first !== null && 'id' in first ? first.id : undefined
  return typeof id === 'string' ? id : String(at)
}

export function beforeAll(body: Body): void {
  current.beforeAll.push(body)
}
export function afterAll(body: Body): void {
  current.afterAll.push(body)
}
export function beforeEach(body: Body): void {
  current.beforeEach.push(body)
}
export function afterEach(body: Body): void {
  current.afterEach.push(body)
}

const mocker = new ModuleMocker(globalThis)
/** Of jest's settings it reads only those for its own timers. */
const config = { fakeTimers: {}, rootDir: process.cwd(), testMatch: [] }
const timers = new ModernFakeTimers({ global: globalThis, config: config as never })
export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  useFakeTimers: timers.useFakeTimers.bind(timers),
  useRealTimers: timers.useRealTimers.bind(timers),
  advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
}

/** Runs tests in their order, with the hooks of their blocks, until `onEnd` says no. */
export async function runCases(
  chosen: readonly Case[],
  onStart: (one: Case) => void,
  onEnd: (one: Case, failure: Failure | undefined) => boolean,
  patienceOf: (one: Case) => number,
): Promise<void> {
  const open: Block[] = []
  const problems = new Map<Block, Failure>()
  const closeDownTo = async (wanted: readonly Block[]): Promise<void> => {
    while (open.length > 0 && !wanted.includes(open.at(-1)!)) {
      for (const hook of open.pop()!.afterAll) await hook()
    }
  }
  try {
    for (const one of chosen) {
      const blocks = blocksOf(one.block)
      await closeDownTo(blocks)
      onStart(one)
      for (const block of blocks.filter((block) => !open.includes(block))) {
        open.push(block)
        const error = await failureOf(async () => {
          for (const hook of block.beforeAll) await hook()
        })
        if (error) problems.set(block, error)
      }
      const broken = blocks.map((block) => problems.get(block)).find((error) => error)
      const failure =
        broken ?? (await failureOf(() => within(patienceOf(one), runCase(one, blocks))))
      if (!onEnd(one, failure)) return
    }
  } finally {
    await closeDownTo([]).catch(() => undefined)
  }
}

export class TooLate extends Error {}

async function within(patience: number, running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`no end after ${patience} ms`)), patience)
  })
  try {
    await Promise.race([running, late])
  } finally {
    clearTimeout(timer)
  }
}

async function runCase(one: Case, blocks: readonly Block[]): Promise<void> {
  expect.setState({ assertionCalls: 0, currentTestName: one.id, suppressedErrors: [] })
  try {
    for (const block of blocks) for (const hook of block.beforeEach) await hook()
    await one.body()
  } finally {
    for (const block of blocks.toReversed()) for (const hook of block.afterEach) await hook()
  }
}

async function failureOf(run: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return { error }
  }
}
