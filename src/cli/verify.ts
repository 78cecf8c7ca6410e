/** `tuffet verify PATH FILE`: the file is read in pieces, however long it is. */
import { defaultCryptography } from '#platform'
import { createChecker } from '../core/keys/hash.js'
import { TargetNotFoundError } from '../errors.js'
import type { Command } from './command.js'
import { repositoryOptions } from './option-groups.js'
import { streamInput } from './read-input.js'
import { openSession } from './session.js'
import { hashLines, targetJson } from './target-answer.js'

export const verify: Command = {
  parameters: 'PATH FILE',
  words: { least: 2, most: 2 },
  options: repositoryOptions,
  about: [
    'Refreshes, and checks that FILE (- is standard input), from any source, is the target at PATH:',
    'by its length and every known hash.',
  ],
  examples: ['tuffet verify pkgs/a.whl Downloads/a.whl'],
  async run(call) {
    const { io } = call
    const [path = '', file = ''] = call.words
    const session = await openSession(call)
    const target = await session.ask((repository) => repository.find(path, { signal: io.signal }))
    if (!target) throw new TargetNotFoundError(path)
    const checker = createChecker(target, { role: path, step: '5.7.3' }, defaultCryptography)
    for await (const chunk of streamInput(file, io)) checker.update(chunk)
    checker.end()
    return {
      lines: [`${file}: is ${path}`, ...hashLines(target).map((line) => `  ${line}`)],
      json: { file, target: targetJson(target) },
    }
  },
}
