/** `tuffet find PATH` */
import { TargetNotFoundError } from '../errors.js'
import type { Command } from './command.js'
import { repositoryOptions } from './option-groups.js'
import { openSession } from './session.js'
import { targetJson, targetLines } from './target-answer.js'

export const find: Command = {
  parameters: 'PATH',
  words: { least: 1, most: 1 },
  options: repositoryOptions,
  about: [
    'Refreshes, and prints the length and the hashes of the target at PATH. Status 1 when no role',
    'that may list it does so.',
  ],
  examples: ['tuffet find pkgs/a.whl'],
  async run(call) {
    const [path = ''] = call.words
    const session = await openSession(call)
    const target = await session.ask((repository) =>
      repository.find(path, { signal: call.io.signal }),
    )
    if (!target) throw new TargetNotFoundError(path)
    return { lines: targetLines(target), json: { target: targetJson(target) } }
  },
}
