/** Reads the table of recipes in CONTRIBUTING.md. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { sourceFiles } from './support/source-files.js'

interface Recipe {
  readonly what: string
  /** The name of an existing row. */
  readonly example: string | undefined
  /** The files that are named in it. */
  readonly files: readonly string[]
}

function recipesIn(text: string): Recipe[] {
  const [, section = ''] = text.split(/^## Recipes$/m)
  return [...section.matchAll(/^\| (an? [^|]+) \|([^|]*)\|(.*)\|$/gm)].map(
    ([, what = '', example = '', rest = '']) => ({
      what,
      example: /`([^`]+)`/.exec(example)?.[1],
      files: [...rest.matchAll(/`([^`]*[/.][^`]*)`/g)].map(([, file = '']) => file),
    }),
  )
}

/** Every text in the syntax of each file of `src`, names of fields among them. */
const texts = sourceFiles('src').map(({ path, syntax }) => ({ path, all: textsIn(syntax) }))

function textsIn(syntax: ts.SourceFile): ReadonlySet<string> {
  const all = new Set<string>()
  const visit = (node: ts.Node): void => {
    const isName = ts.isPropertyAssignment(node.parent) && node.parent.name === node
    if (ts.isStringLiteralLike(node) || (isName && ts.isIdentifier(node))) all.add(node.text)
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(syntax, visit)
  return all
}

function filesThatName(example: string): string[] {
  return texts.filter(({ all }) => all.has(example)).map(({ path }) => path)
}

const recipes = recipesIn(readFileSync('CONTRIBUTING.md', 'utf8'))

describe('the recipes in CONTRIBUTING.md', () => {
  test('are there for everything that people add', () => {
    expect(recipes.map(({ what }) => what)).toEqual([
      ...['a hash function', 'a key type', 'a scheme of a key type', 'a lock format', 'a command'],
      ...[
        'an option',
        'a limit with an option',
        'a limit without one',
        'a kind of finding of an audit',
        'a runtime',
        'a vector',
      ],
    ])
  })

  test.each(recipes)('$what: every file that is named exists', ({ files }) => {
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(file))).toEqual([])
  })

  test.each(recipes.filter(({ example }) => example !== undefined))(
    '$what: src names $example in the files of the recipe alone',
    ({ example = '', files }) => {
      const named = filesThatName(example)
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter((path) => !files.includes(path))).toEqual([])
    },
  )

  test('a file that a recipe leaves out is found', () => {
    const [recipe] = recipesIn(
      '## Recipes\n| a hash function | `sha3-512` | `src/web/sha3.ts` | | |\n',
    )
    expect(recipe).toMatchObject({ what: 'a hash function', files: ['src/web/sha3.ts'] })
    expect(filesThatName('sha3-512')).toEqual(
      expect.arrayContaining(['src/core/keys/cryptography.ts', 'src/node/cryptography.ts']),
    )
  })
})
