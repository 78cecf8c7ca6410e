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
      summary: 'update to the newest trusted metadata',
      load: async () => (await import('./refresh.js')).refresh,
    },
  ],
  [
    'find',
    {
      summary: 'print the length and the hashes of a target',
      load: async () => (await import('./find.js')).find,
    },
  ],
  [
    'download',
    {
      summary: 'fetch targets, and keep them only if they verify',
      load: async () => (await import('./download.js')).download,
    },
  ],
  [
    'verify',
    {
      summary: 'check a file against the target in the repository',
      load: async () => (await import('./verify.js')).verify,
    },
  ],
  [
    'explain',
    {
      summary: 'show the chain of trust down to a target',
      load: async () => (await import('./explain.js')).explain,
    },
  ],
  [
    'mirror',
    {
      summary: 'write the verified repository to a folder that any server can serve',
      load: async () => (await import('./mirror.js')).mirror,
    },
  ],
  [
    'inspect',
    {
      summary: 'print a metadata file without believing it',
      load: async () => (await import('./inspect.js')).inspect,
    },
  ],
  [
    'reset',
    {
      summary: 'forget the stored metadata, or the publishers of projects',
      load: async () => (await import('./reset.js')).reset,
    },
  ],
  [
    'pypi verify',
    {
      summary: 'check wheels and source distributions against the repository',
      load: async () => (await import('./pypi-verify.js')).pypiVerify,
    },
  ],
  [
    'pypi check',
    {
      summary: 'check the hashes in a lock file against the repository',
      load: async () => (await import('./pypi-check.js')).pypiCheck,
    },
  ],
  [
    'pypi pin',
    {
      summary: 'print requirements with the hash of every verified file',
      load: async () => (await import('./pypi-pin.js')).pypiPin,
    },
  ],
  [
    'pypi serve',
    {
      summary: 'serve an index with verified files only, on this machine',
      load: async () => (await import('./pypi-serve.js')).pypiServe,
    },
  ],
  [
    'pypi run',
    {
      summary: 'run pip or uv with verified files only',
      load: async () => (await import('./pypi-run.js')).pypiRun,
    },
  ],
  [
    'pypi publishers',
    {
      summary: 'show the signers of the files in a lock file, and pin them',
      load: async () => (await import('./pypi-publishers.js')).pypiPublishers,
    },
  ],
  [
    'pypi bundle',
    {
      summary: 'write the attestations of a wheelhouse or a lock file, for a machine offline',
      load: async () => (await import('./pypi-bundle.js')).pypiBundle,
    },
  ],
  [
    'pypi explain',
    {
      summary: 'show why a wheel or a source distribution may be used',
      load: async () => (await import('./pypi-explain.js')).pypiExplain,
    },
  ],
  [
    'pypi doctor',
    {
      summary: 'try the layout on the repository, and name the setting that would mend it',
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
    'audit',
    {
      summary: 'for operators: walk a whole repository, and report what needs a person',
      load: async () => (await import('./audit.js')).audit,
    },
  ],
  [
    'vectors run',
    {
      summary: 'test whether a TUF client follows the specification',
      load: async () => (await import('./vectors-run.js')).vectorsRun,
    },
  ],
  [
    'completion',
    {
      summary: 'print the script that completes command lines in bash, fish or zsh',
      load: async () => (await import('./completion.js')).completion,
    },
  ],
  [
    'help',
    {
      summary: 'describe tuffet, or one command with its options',
      load: async () => (await import('./help-command.js')).help,
    },
  ],
  [
    'version',
    {
      summary: 'print the version of tuffet',
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
