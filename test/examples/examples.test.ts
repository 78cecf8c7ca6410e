import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { examples } from '../../examples/runner/examples.js'
import { playground } from '../../examples/runner/playground.js'
import { modulesOf } from '../support/documents.js'

/** What each prints, in part, and what it writes. */
const expected: Readonly<Record<string, { says: readonly string[]; makes: readonly string[] }>> = {
  download: { says: [], makes: ['a.whl'] },
  'lock-file': { says: ['requests match', 'colorama match'], makes: ['requirements.txt'] },
  offline: {
    says: ['online: 5 requests', 'offline: 0 requests', 'pkgs/a.whl: 7 bytes'],
    makes: [],
  },
  'private-repository': { says: ['attempt 2: ', '7 of 7 bytes'], makes: ['a.whl'] },
  telemetry: {
    says: [
      'span tuf.refresh',
      'tuffet.request {"type":"request"',
      '"role":"timestamp","version":1',
    ],
    makes: [],
  },
  'test-your-tool': {
    says: ['installs what the repository lists', 'refuses to go back'],
    makes: [],
  },
  wheels: {
    says: ['requests-2.32.3-py3-none-any.whl match', 'colorama-0.4.6-py3-none-any.whl mismatch'],
    makes: [],
  },
}

describe('the examples', () => {
  test('are the seven whose output is known, each with a sentence that says what it does', () => {
    expect(examples().map(({ name }) => name)).toEqual(Object.keys(expected).sort())
    for (const { name, about, text } of examples()) {
      expect([name, about]).toEqual([name, expect.stringMatching(/^[A-Z].{30,100}\.$/)])
      expect([name, text.split('\n').length < 60]).toEqual([name, true])
    }
  })

  test.each(examples().map((example) => [example.name, example] as const))(
    '%s runs to its end against a repository on loopback',
    async (name, example) => {
      const { says, makes } = expected[name]!
      const place = await playground(example)
      try {
        const { status, output, made } = await place.run()
        expect([status, output]).toEqual([0, output])
        for (const words of says) expect(output).toContain(words)
        expect(made.filter((file) => !/^tuf[/\\]/.test(file))).toEqual(makes)
      } finally {
        await place.close()
      }
    },
  )

  test('have the programs of the README as they stand there', () => {
    const programs = modulesOf('README.md').map(({ text }) => text.trim())
    const bodies = examples().map(({ text }) => text.replace(/^.*\n/, '').trim())
    expect(programs.length).toBeGreaterThan(1)
    expect(programs.filter((program) => !bodies.includes(program))).toEqual([])
  })

  test('import what the package exports, and nothing else of it', () => {
    const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8'))
    const imported = examples().flatMap(({ text }) =>
      [...text.matchAll(/ from '([^']+)'/g)].map(([, name = '']) => name),
    )
    const names = imported.filter((name) => !name.startsWith('node:'))
    const known = Object.keys(entries).map((entry) => entry.replace(/^\./, 'tuffet'))
    expect(names.filter((name) => !known.includes(name))).toEqual(['@opentelemetry/api'])
  })
})
