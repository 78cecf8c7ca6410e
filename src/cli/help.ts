/** The help: of the whole command, and of each. */
import type { Command } from './command.js'
import { commands } from './commands.js'
import { commonOptions, describeOptions } from './options.js'

/** What commands there are. */
export function generalHelp(): string[] {
  const width = Math.max(...[...commands.keys()].map((name) => name.length))
  return [
    'tuffet: may these bytes be used under this name, now? A client of TUF repositories.',
    '',
    'usage: tuffet COMMAND [options]',
    '',
    ...[...commands].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'tuffet COMMAND --help says what a command takes.',
    'Status: 0 done, 1 refused (or input and output failed), 2 wrong usage.',
  ]
}

/** What one command does and takes. */
export function commandHelp(name: string, command: Command): string[] {
  return [
    `usage: tuffet ${name} [options] ${command.parameters}`.trimEnd(),
    '',
    ...command.about,
    '',
    ...describeOptions([...command.options, ...commonOptions]),
  ]
}
