import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { picker } from '../histories/history.js'
import { withCounters } from './counters.js'
import { Broken, faultOf, search, shorten, type Target } from './loop.js'
import { seedsOf } from './seeds.js'
import { targets } from './targets.js'

const project = process.cwd()
const words = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A target over a source with counters, as the tree has it. */
function counting(source: string, change: Partial<Target> = {}): readonly [Target, Uint32Array] {
  const { text, next } = withCounters('a.ts', source, 0)
  const counts = new Uint32Array(next)
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  })
  const build = compileFunction(`${outputText}; return ask`, ['tuffetCounters', 'Broken'])
  const ask: Target['ask'] = build(counts, Broken)
  const target = { name: 'a', isTyped: () => false, words: [], mostSteps: () => 1e9, longest: 64 }
  return [{ ...target, ask, ...change }, counts]
}

const hidden = `
function ask(bytes: Uint8Array): void {
  if (bytes[0] !== 0x46) return
  if (bytes[1] !== 0x55) return
  if (bytes[2] !== 0x5a) return
  if (bytes[3] === 0x7a) throw new Broken('found')
}`

describe('the search', () => {
  const upTo = (most: number) => (asked: number) => asked < most

  test('follows the branches to a fault that chance would not find', async () => {
    const [target, counts] = counting(hidden)
    const found = await search(target, [words('....')], counts, picker(1), upTo(200_000))
    expect(found.fault?.reason).toBe('found')
    expect(found.kept.length).toBeGreaterThan(3)
    const blind = await search(target, [words('....')], new Uint32Array(1), picker(1), upTo(20_000))
    expect(blind.fault).toBeUndefined()
  })

  test('makes the input of a fault short', async () => {
    const [target] = counting(hidden)
    const fault = { target: 'a', input: words('FUZzand more'), reason: 'found' }
    expect(await shorten(target, fault)).toEqual(words('FUZz'))
  })

  test('reports a cost that grows faster than the input', async () => {
    const source = `
      function ask(bytes: Uint8Array): void {
        for (const one of bytes) for (const other of bytes) if (one + other > 600) return
      }`
    const mostSteps = ({ length }: Uint8Array): number => 100 + 10 * length
    const [target, counts] = counting(source, { mostSteps })
    const { fault } = await search(target, [words('..')], counts, picker(1), upTo(10_000))
    expect(fault?.reason).toMatch(/^takes \d+ branches for \d+ bytes, over \d+$/)
  })

  test.each([
    ['an untyped error', 'throw new TypeError("oops")', 'throws TypeError: oops'],
    ['a change of its input', 'bytes[0] ^= 1', 'changes the bytes that it reads'],
  ])('reports %s', async (_, body, reason) => {
    const [target] = counting(`function ask(bytes: Uint8Array): void { ${body} }`)
    expect(await faultOf(target, words('a'))).toBe(reason)
  })

  test('finds the same with the same seed', async () => {
    const [target, counts] = counting(hidden)
    const find = () => search(target, [words('....')], counts, picker(5), upTo(3_000))
    expect(await find()).toEqual(await find())
  })
})

test('counters do not change the meaning of a source', () => {
  const source = `
    function f(a) {
      const g = (x) => x ?? 'none'
      if (a > 2 && a < 9) return g(a); else if (a === 0) { return g(undefined) }
      for (const b of [1, 2]) while (a < b) a++
      switch (a) { case 1: return 'one'; default: return a ? [a].map((x) => ({ x })) : 'zero' }
    }`
  const { text, next } = withCounters('a.js', source, 3)
  const counts = new Uint32Array(next)
  const f = (code: string): unknown[] =>
    [0, 1, 2, 5, 9].map(compileFunction(`${code}; return f`, ['tuffetCounters'])(counts))
  expect(f(text)).toEqual(f(source))
  expect(counts.slice(0, 3)).toEqual(new Uint32Array(3))
  expect(counts.filter((count) => count > 0).length).toBeGreaterThan(10)
})

describe('the kept inputs and samples', () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    'leave the promises of %s true',
    async (name, target) => {
      const inputs = seedsOf(name, project)
      expect(inputs.length).toBeGreaterThan(0)
      for (const input of inputs) {
        expect([Buffer.from(input).toString('base64'), await faultOf(target, input)]).toEqual([
          expect.any(String),
          undefined,
        ])
      }
    },
  )

  test('are small, and each file is of a target', () => {
    const folder = join(project, 'test/proof/fuzz/corpus')
    const names = readdirSync(folder)
    const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    expect(bytes).toBeLessThan(200_000)
    const known = new Set(targets.map((target) => target.name))
    expect(names.filter((name) => !known.has(name.replace(/\.(txt|json)$/, '')))).toEqual([])
  })
})
