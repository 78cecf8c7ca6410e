/** `tuffet refresh` */
import type { Repository } from '../index.js'
import type { Answer, Command } from './command.js'
import { repositoryOptions } from './option-groups.js'
import { openSession } from './session.js'
import { count, isoTime } from '../words/amounts.js'
import { expiryInWords } from '../words/durations.js'

export const refresh: Command = {
  parameters: '',
  words: { least: 0, most: 0 },
  options: repositoryOptions,
  about: [
    'Runs one update cycle and prints the trusted version of each top-level role.',
    'It makes two requests if the repository has not changed.',
  ],
  examples: ['tuffet refresh', 'tuffet refresh --cached --json'],
  async run(call) {
    let requests = 0
    const session = await openSession(call, {
      onEvent: ({ type }) => {
        if (type === 'request') requests++
      },
    })
    const repository = await session.ask((current) => Promise.resolve(current))
    return answer(repository, requests)
  },
}

function answer(repository: Repository, requests: number): Answer {
  const { now, root, timestamp, snapshot, targets } = repository
  const roles = { root, timestamp, snapshot, targets }
  return {
    lines: [
      ...Object.entries(roles).map(
        ([name, { version, expires }]) =>
          `${name.padEnd(9)} ${version}, ${expiryInWords(expires, now)}`,
      ),
      count(requests, 'request'),
    ],
    json: {
      now: isoTime(now),
      requests,
      roles: Object.fromEntries(
        Object.entries(roles).map(([name, { version, expires }]) => [
          name,
          { version, expires: isoTime(expires) },
        ]),
      ),
    },
  }
}
