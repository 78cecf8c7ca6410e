/** Walks the tables of docs/budgets.md: each row has a program for both sides of its limit. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { resolveLimits } from '../../src/client/limits.js'
import { budget } from '../../src/core/budget.js'
import { limitSides, repetitionSides } from './client-sides.js'
import { budgetSides } from './core-sides.js'
import type { Sides } from './sides.js'

interface Row {
  readonly name: string
  readonly value: string
}

/** A row may have several limits, and then as many values. */
function rows(): Row[] {
  // The limits of attestations and of mirrors are held by tests of their own.
  const others = /^## (?:Sigstore|A mirror).*?(?=^## )/gms
  const text = readFileSync('docs/budgets.md', 'utf8').replace(others, '')
  const lines = text.matchAll(/^\| (`.*?) \| (.*?) \|/gm)
  return [...lines].flatMap(([, names = '', values = '']) =>
    names.split(', ').map((name, index) => ({
      name: name.replaceAll('`', ''),
      value: values.split(/, (?!\d{3}\b)/)[index] ?? values,
    })),
  )
}

const sides: ReadonlyMap<string, Sides> = new Map(
  Object.entries({ ...limitSides, ...budgetSides, ...repetitionSides }),
)

/** The result: the value, or the error. */
async function outcome(side: () => unknown): Promise<unknown> {
  try {
    return await side()
  } catch (error) {
    return error
  }
}

describe('each limit in docs/budgets.md', () => {
  test('has a program for both sides, and each program has its row', () => {
    expect(
      rows()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...sides.keys()].sort())
  })

  test('lists the value of the code', () => {
    const inCode: Record<string, unknown> = { ...resolveLimits(), ...budget }
    for (const { name, value } of rows()) {
      const [number] = /^\d{1,3}(?:,\d{3})*/.exec(value) ?? []
      const stated = number === undefined ? undefined : Number(number.replaceAll(',', ''))
      const found = inCode[name]
      if (typeof found === 'object' && found !== null && 'base' in found) {
        expect([name, value]).toEqual([name, formula(found as typeof budget.jsonEntries)])
      } else if (!(name in repetitionSides)) {
        expect([name, stated]).toEqual([name, found])
      }
    }
  })

  test.each([...sides])(
    '%s: just within it passes, one above it is refused by its name',
    async (_name, { attempt, beyond }) => {
      const within = await outcome(() => attempt(0))
      expect(within).not.toBeInstanceOf(Error)
      expect(within ?? {}).not.toMatchObject(beyond)
      expect(await outcome(() => attempt(1))).toMatchObject(beyond)
    },
  )
})

function formula({
  base,
  bytesEach,
}: {
  readonly base: number
  readonly bytesEach: number
}): string {
  return `${base.toLocaleString('en')} + bytes / ${bytesEach}`
}
