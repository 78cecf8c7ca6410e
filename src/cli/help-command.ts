/** `tuffet help [COMMAND]`, and the answer to `--help` and to a wrong command. */
import type { Command } from './command.js'
import { commands, findCommand } from './commands.js'
import { commandHelp, generalHelp, groupHelp } from './help.js'
import { lineWidth } from './io.js'
import { didYouMean } from './nearest.js'
import { unlimited } from './table.js'
import { UsageError } from './usage-error.js'

export const help: Command = {
  parameters: '[COMMAND]',
  words: { least: 0, most: 2 },
  options: [],
  about: ['Describes tuffet, or one of its commands with its options.'],
  examples: ['tuffet help', 'tuffet help pypi check'],
  async run({ words, io }) {
    const lines = await helpOn(words, lineWidth(io.stdout))
    return { lines, json: { help: lines } }
  },
}

/** @throws UsageError when it is not a command */
export async function helpOn(
  words: readonly string[],
  width: number = unlimited,
): Promise<string[]> {
  const found = findCommand(words)
  if (found) return commandHelp(found.name, await found.entry.load(), width)
  const [first, second] = words
  if (first === undefined) return generalHelp(width)
  if (second === undefined && namesIn(first).length > 0) return groupHelp(first, width)
  throw new UsageError(unknownCommand(words))
}

/** Why the words do not begin with a command. */
export function unknownCommand([first = '', second]: readonly string[]): string {
  const inGroup = namesIn(first)
  const given = JSON.stringify(inGroup.length > 0 && second !== undefined ? second : first)
  if (inGroup.length === 0) {
    return `no command ${given}${didYouMean(first, firstWords()) || '; tuffet help lists them'}`
  }
  if (second === undefined) {
    return `${given} alone is not a command; tuffet ${first} has ${inGroup.join(', ')}`
  }
  const near = didYouMean(second, inGroup, `${first} `)
  return `no command ${given}${near || `; tuffet ${first} has ${inGroup.join(', ')}`}`
}

/** The commands of a group, without its name. */
function namesIn(group: string): string[] {
  return [...commands.keys()]
    .filter((name) => name.startsWith(`${group} `))
    .map((name) => name.slice(group.length + 1))
}

function firstWords(): Set<string> {
  return new Set([...commands.keys()].map((name) => name.split(' ')[0] ?? name))
}
