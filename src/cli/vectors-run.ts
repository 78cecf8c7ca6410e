/** `tuffet vectors run`: the vectors of this package, asked of this library or of any program. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultCryptography } from '#platform'
import { Updater } from '../index.js'
import { loadVectorFolder } from '../testing/node/vectors/load-folder.js'
import { processClient } from '../testing/node/vectors/process-client.js'
import type { VectorClient } from '../testing/vectors/client.js'
import { vectorProfiles, type VectorFile, type VectorProfile } from '../testing/vectors/format.js'
import { runVectors, selectVectors, type VectorReport } from '../testing/vectors/runner.js'
import { tuffetClient } from '../testing/vectors/tuffet-client.js'
import type { Call, Command } from './command.js'
import { UsageError } from './usage-error.js'
import { VerdictError } from './verdict-error.js'

export const vectorsRun: Command = {
  parameters: '',
  words: { least: 0, most: 0 },
  options: ['client', 'folder', 'filter', 'profile'],
  optionHelp: { folder: 'the folder to read; default: the vectors of this package' },
  about: [
    'Asks every vector of this package, or of a folder like it, and says which answers are not as',
    'they must be. With --client the workflow vectors are asked of a program that speaks the',
    'command line of tuf-conformance, with a server on loopback; time is faked with faketime, and',
    'vectors are skipped where that is not installed.',
  ],
  async run(call) {
    const { options, io } = call
    const { client, files, concurrency } = await subjectOf(call)
    const { filter } = options
    const selection = {
      ...(filter !== undefined && { filter }),
      ...(options.profile !== undefined && { profiles: profilesOf(options.profile) }),
    }
    if (selectVectors(files, selection).length === 0) throw new UsageError('no vector is like that')
    const running = { ...selection, concurrency, signal: io.signal }
    const report = await runVectors(files, client, running)
    const { failed } = report
    const verdict = `${failed} ${failed === 1 ? 'vector' : 'vectors'} failed`
    return {
      lines: linesOf(report),
      json: { client: client.name, ...report },
      ...(failed > 0 && { error: new VerdictError('VECTORS_FAILED', verdict) }),
    }
  },
}

interface Subject {
  readonly client: VectorClient
  readonly files: readonly VectorFile[]
  readonly concurrency: number
}

async function subjectOf({ options, io }: Call): Promise<Subject> {
  const own = fileURLToPath(new URL('../../spec-vectors/', import.meta.url))
  const folder = options.folder === undefined ? own : resolve(io.folder, options.folder)
  const files = await loadVectorFolder(folder)
  if (options.client !== undefined) {
    return {
      client: processClient(options.client, { folder: io.folder, signal: io.signal }),
      // A command line has no way to ask the others.
      files: files.filter(({ kind }) => kind === 'workflow'),
      concurrency: availableParallelism(),
    }
  }
  const client = tuffetClient({
    createUpdater: (updaterOptions) => new Updater(updaterOptions),
    cryptography: defaultCryptography,
  })
  return { client, files, concurrency: 1 }
}

function profilesOf(list: string): VectorProfile[] {
  return list.split(',').map((name) => {
    const profile = vectorProfiles.find((one) => one === name.trim())
    if (profile !== undefined) return profile
    throw new UsageError(`--profile takes some of ${vectorProfiles.join(',')}`)
  })
}

function linesOf({ passed, failed, skipped, failures, skips }: VectorReport): string[] {
  const reasons = new Map<string, string[]>()
  for (const { id, reason } of skips) reasons.set(reason, [...(reasons.get(reason) ?? []), id])
  return [
    ...failures.flatMap(({ family, id, title, message, actual }) => [
      `${family} ${id}: ${message}`,
      `  ${title}`,
      ...words(actual).map((line) => `  | ${line}`),
    ]),
    ...[...reasons].map(([reason, ids]) => `skipped, ${reason}: ${ids.join(' ')}`),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ]
}

/** What a client said, where it says something. */
function words(actual: unknown): string[] {
  if (typeof actual !== 'object' || actual === null || !('message' in actual)) return []
  const { message } = actual
  if (typeof message !== 'string' || message.trim() === '') return []
  return message.trim().split('\n')
}
