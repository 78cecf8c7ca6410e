import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parseCommandLine, refuseOthers } from '../../src/cli/command-line.js'
import { commands, findCommand } from '../../src/cli/commands.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

/** The words of a line for a shell, up to a pipe or a redirection. */
function argumentsOf(line: string): string[] {
  const [own = ''] = line.replace(/^source <\((.*)\)$/, '$1').split(/ [|>] /)
  const words = own.match(/'[^']*'|\S+/g) ?? []
  return words.map((word) => word.replaceAll("'", '')).slice(1)
}

describe('the help of each command', () => {
  test.each([...commands.keys()])(
    '%s has an example, of words and options that it takes',
    async (name) => {
      const { examples } = await commands.get(name)!.load()
      expect(examples.length).toBeGreaterThan(0)
      const { stdout } = await desk.run(['help', ...name.split(' ')])
      for (const example of examples) {
        expect(stdout).toContain(example)
        expect(example).toMatch(/^(source <\()?tuffet /)
        const { options, words } = parseCommandLine(argumentsOf(example))
        const found = findCommand(words)!
        const command = await found.entry.load()
        expect([example, found.name]).toEqual([example, name])
        refuseOthers(found.name, options, command.options)
        expect(found.rest.length).toBeGreaterThanOrEqual(command.words.least)
        expect(found.rest.length).toBeLessThanOrEqual(command.words.most)
      }
    },
  )

  test('an example that is wrong is found out', () => {
    const { options } = parseCommandLine(argumentsOf("tuffet find 'a b' --client x > y"))
    expect(argumentsOf("tuffet find 'a b' --json > y")).toEqual(['find', 'a b', '--json'])
    expect(() => refuseOthers('find', options, ['root'])).toThrow('has no option --client')
  })
})

describe('on a terminal', () => {
  test.each([...commands.keys(), '', 'pypi'])(
    'the help of %s fits into 80 columns',
    async (name) => {
      const words = name === '' ? [] : name.split(' ')
      const { stdout } = await desk.run(['help', ...words], { isTerminal: true, columns: 80 })
      const long = stdout.split('\n').filter((line) => line.length > 80)
      // An example is there to be copied, and stays in one piece.
      expect(long.filter((line) => !/^(examples?:| +tuffet )/.test(line))).toEqual([])
      const plain = await desk.run(['help', ...words])
      expect(stdout.replace(/\s+/g, ' ')).toBe(plain.stdout.replace(/\s+/g, ' '))
    },
  )
})
