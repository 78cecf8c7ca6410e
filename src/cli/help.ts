/** The help: of the whole command, of a group such as `pypi`, and of each. */
import type { Command } from './command.js'
import { commands, type CommandEntry } from './commands.js'
import { describeOptions } from './describe-options.js'
import { commonOptions } from './option-groups.js'
import { tableLines, unlimited, wrap } from './table.js'

/** The list of commands. */
export function generalHelp(width: number): string[] {
  return [
    ...wrap(
      'tuffet: may these bytes be used under this name, now? A client of TUF repositories.',
      width,
    ),
    '',
    'usage: tuffet COMMAND [options]',
    '',
    ...summaries([...commands], width),
    '',
    'tuffet help COMMAND describes a command with its options.',
    'Status: 0 done, 1 refused (or input and output failed), 2 wrong usage.',
  ]
}

/** The commands of a group. */
export function groupHelp(group: string, width: number): string[] {
  return [
    `usage: tuffet ${group} COMMAND [options]`,
    '',
    ...summaries(
      [...commands].filter(([name]) => name.startsWith(`${group} `)),
      width,
    ),
    '',
    `tuffet ${group} COMMAND --help describes a command with its options.`,
  ]
}

function summaries(entries: readonly (readonly [string, CommandEntry])[], width: number): string[] {
  const rows = entries.map(([name, { summary }]) => [`  ${name}`, summary])
  return tableLines(rows, width)
}

/** Each on its own line, the first after a label. */
function exampleLines(examples: readonly string[]): string[] {
  const label = examples.length > 1 ? 'examples: ' : 'example: '
  return examples.map((one, at) => `${at === 0 ? label : ' '.repeat(label.length)}${one}`)
}

/** The help of one command. */
export function commandHelp(name: string, command: Command, width: number): string[] {
  const options = describeOptions([...command.options, ...commonOptions], command.optionHelp)
  return [
    `usage: tuffet ${name} [options] ${command.parameters}`.trimEnd(),
    '',
    ...reflow(command.about, width),
    '',
    ...exampleLines(command.examples),
    '',
    ...tableLines(options, width),
  ]
}

/** Paragraphs as they stand, or filled up to a terminal's width. */
function reflow(lines: readonly string[], width: number): string[] {
  if (width === unlimited) return [...lines]
  const paragraphs = lines.join('\n').split('\n\n')
  return paragraphs.flatMap((text, at) => [
    ...(at > 0 ? [''] : []),
    ...wrap(text.replaceAll('\n', ' '), width),
  ])
}
