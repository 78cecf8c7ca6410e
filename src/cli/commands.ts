/** The table of commands. The name of a group's command is two words, such as `pypi verify`. */
import type { Command } from './command.js'

/** How a command is found. */
export interface CommandEntry {
  /** One line for the list of commands. */
  readonly summary: string
  readonly load: () => Promise<Command>
}

/** In the order of the help. */
export const commands: ReadonlyMap<string, CommandEntry> = new Map([
  [
    'init',
    {
      summary: 'keep the root that every later update starts from',
      load: async () => (await import('./init.js')).init,
    },
  ],
  [
    'refresh',
    {
      summary: 'find out what the repository says now',
      load: async () => (await import('./refresh.js')).refresh,
    },
  ],
  [
    'find',
    {
      summary: 'what the repository says of a target',
      load: async () => (await import('./find.js')).find,
    },
  ],
  [
    'download',
    {
      summary: 'fetch targets, and keep them only if they are right',
      load: async () => (await import('./download.js')).download,
    },
  ],
  [
    'verify',
    {
      summary: 'whether a file is the target that the repository has',
      load: async () => (await import('./verify.js')).verify,
    },
  ],
  [
    'explain',
    {
      summary: 'why a target is believed: the chain of trust down to it',
      load: async () => (await import('./explain.js')).explain,
    },
  ],
  [
    'inspect',
    {
      summary: 'what one metadata file says, without believing it',
      load: async () => (await import('./inspect.js')).inspect,
    },
  ],
  [
    'reset',
    {
      summary: 'forget what the repository said, and keep the root of init',
      load: async () => (await import('./reset.js')).reset,
    },
  ],
  [
    'pypi verify',
    {
      summary: 'whether wheels and source distributions are what the repository has',
      load: async () => (await import('./pypi-verify.js')).pypiVerify,
    },
  ],
  [
    'pypi check',
    {
      summary: 'whether the hashes in a lock file are what the repository has',
      load: async () => (await import('./pypi-check.js')).pypiCheck,
    },
  ],
  [
    'pypi pin',
    {
      summary: 'requirements with the hash of every verified file',
      load: async () => (await import('./pypi-pin.js')).pypiPin,
    },
  ],
  [
    'pypi serve',
    {
      summary: 'an index on this machine that has verified files only',
      load: async () => (await import('./pypi-serve.js')).pypiServe,
    },
  ],
  [
    'pypi run',
    {
      summary: 'pip or uv, with verified files and no others',
      load: async () => (await import('./pypi-run.js')).pypiRun,
    },
  ],
  [
    'pypi doctor',
    {
      summary: 'whether the layout fits the repository, and which setting would mend it',
      load: async () => (await import('./pypi-doctor.js')).pypiDoctor,
    },
  ],
  [
    'pypi publish',
    {
      summary: 'for operators: write pages for a folder, and register it with RSTUF',
      load: async () => (await import('./pypi-publish.js')).pypiPublish,
    },
  ],
  [
    'vectors run',
    {
      summary: 'whether a TUF client does what the specification says',
      load: async () => (await import('./vectors-run.js')).vectorsRun,
    },
  ],
  [
    'completion',
    {
      summary: 'the script that completes command lines in bash, fish or zsh',
      load: async () => (await import('./completion.js')).completion,
    },
  ],
  [
    'help',
    {
      summary: 'what tuffet does, or what one command does and takes',
      load: async () => (await import('./help-command.js')).help,
    },
  ],
  [
    'version',
    {
      summary: 'the version of tuffet',
      load: async () => (await import('./version-command.js')).versionCommand,
    },
  ],
])

/** The command that the first word, or the first two, name. */
export function findCommand(
  words: readonly string[],
):
  | { readonly name: string; readonly entry: CommandEntry; readonly rest: readonly string[] }
  | undefined {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ')
    const entry = commands.get(name)
    if (entry) return { name, entry, rest: words.slice(count) }
  }
  return undefined
}
