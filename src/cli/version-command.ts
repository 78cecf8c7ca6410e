/** `tuffet version` */
import type { Command } from './command.js'
import { version } from './version.js'

export const versionCommand: Command = {
  parameters: '',
  words: { least: 0, most: 0 },
  options: [],
  about: ['Prints the version of tuffet, as --version and -V do.'],
  examples: ['tuffet version'],
  run: () => Promise.resolve({ lines: [version()], json: { version: version() } }),
}
