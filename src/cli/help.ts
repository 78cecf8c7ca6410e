/** The help: of the whole command, of a group such as `pypi`, and of each. */
import type { Command } from './command.js'
import { commands, type CommandEntry } from './commands.js'
import { commonOptions, describeOptions } from './options.js'

/** The list of commands. */
export function generalHelp(): string[] {
  return [
    'tuffet: may these bytes be used under this name, now? A client of TUF repositories.',
    '',
    'usage: tuffet COMMAND [options]',
    '',
    ...summaries([...commands]),
    '',
    'tuffet help COMMAND describes a command with its options.',
    'Status: 0 done, 1 refused (or input and output failed), 2 wrong usage.',
  ]
}

/** The commands of a group. */
export function groupHelp(group: string): string[] {
  return [
    `usage: tuffet ${group} COMMAND [options]`,
    '',
    ...summaries([...commands].filter(([name]) => name.startsWith(`${group} `))),
    '',
    `tuffet ${group} COMMAND --help describes a command with its options.`,
  ]
}

function summaries(entries: readonly (readonly [string, CommandEntry])[]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
}

/** Each on its own line, the first after a label. */
function exampleLines(examples: readonly string[]): string[] {
  if (examples.length === 0) return []
  const label = examples.length > 1 ? 'examples: ' : 'example: '
  const lines = examples.map((one, at) => `${at === 0 ? label : ' '.repeat(label.length)}${one}`)
  return [...lines, '']
}

/** The help of one command. */
export function commandHelp(name: string, command: Command): string[] {
  return [
    `usage: tuffet ${name} [options] ${command.parameters}`.trimEnd(),
    '',
    ...command.about,
    '',
    ...exampleLines(command.examples ?? []),
    ...describeOptions([...command.options, ...commonOptions], command.optionHelp),
  ]
}
