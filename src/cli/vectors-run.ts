/** `tuffet vectors run`: the vectors, asked of this library or of any program. */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Updater } from '../index.js'
import { readWhole } from '../node/plain-file.js'
import { hasCode } from '../node/system-error.js'
import { loadRequirements } from '../vectors/node/load-requirements.js'
import { loadVectorFolder } from '../vectors/node/load-folder.js'
import { processClient } from '../vectors/node/process-client.js'
import type { VectorClient } from '../vectors/client.js'
import { vectorProfiles, type VectorFile, type VectorProfile } from '../vectors/format.js'
import {
  compareKnownFailures,
  parseKnownFailures,
  writeKnownFailures,
  type KnownFailureReport,
} from '../vectors/known-failures.js'
import { runVectors, selectVectors, type VectorReport } from '../vectors/runner.js'
import { tuffetClient } from '../vectors/tuffet-client.js'
import type { Call, Command } from './command.js'
import { commandCryptography } from './cryptography.js'
import { UsageError } from './usage-error.js'
import { vectorFolder } from './vector-folder.js'
import { sentencesOf, vectorLines } from './vectors-report.js'
import { VerdictError } from './verdict-error.js'

export const vectorsRun: Command = {
  parameters: '',
  words: { least: 0, most: 0 },
  options: ['client', 'folder', 'filter', 'profile', 'known-failures', 'write-known-failures'],
  optionHelp: { folder: 'the folder to read; default: that of the package tuffet-vectors' },
  about: [
    'Runs every vector of the package tuffet-vectors, or of a folder like it, and reports the wrong',
    'answers. With --client it runs the workflow vectors on a program with the command line of',
    'tuf-conformance, against a server on loopback; faketime sets the time, and without it vectors',
    'that need another time are skipped.',
    '',
    'With --known-failures the status is 0 when exactly the listed vectors fail: an unlisted failure,',
    'or a listed vector that passes, is status 1. --write-known-failures writes that list.',
  ],
  examples: ['tuffet vectors run', "tuffet vectors run --client './my-client' --profile spec"],
  async run(call) {
    const { options, io } = call
    const path = knownFailuresPath(call)
    const folder =
      options.folder === undefined ? vectorFolder(io.folder) : resolve(io.folder, options.folder)
    const all = await loadVectorFolder(folder)
    const requirements = await loadRequirements(folder)
    const { client, files, concurrency } = await subjectOf(call, all)
    const { filter } = options
    const selection = {
      ...(filter !== undefined && { filter }),
      ...(options.profile !== undefined && { profiles: profilesOf(options.profile) }),
    }
    if (selectVectors(files, selection).length === 0) throw new UsageError('no vector is like that')
    const writes = options['write-known-failures'] === true
    const listed = path === undefined ? undefined : await readList(path, writes)
    const running = { ...selection, concurrency, signal: io.signal }
    const report = await runVectors(files, client, running)
    if (path !== undefined && listed && writes) {
      await writeFile(path, writeKnownFailures(report, listed, all))
    }
    const list = writes && path !== undefined ? await readList(path, false) : listed
    const known = list && compareKnownFailures(report, list, all)
    const sentences = sentencesOf(requirements)
    const { passes: _passes, ...shown } = report
    const failures = report.failures.map((failure) => ({
      ...failure,
      sentences: failure.requirements.map((id) => sentences.get(id) ?? id),
    }))
    const verdict = verdictOf(report, known)
    return {
      lines: vectorLines(report, requirements, known),
      json: { client: client.name, ...shown, failures, ...(known && { knownFailures: known }) },
      ...(verdict !== undefined && { error: new VerdictError('VECTORS_FAILED', verdict) }),
    }
  },
}

/** Absolute. */
function knownFailuresPath({ options, io }: Call): string | undefined {
  const path = options['known-failures']
  if (path !== undefined) return resolve(io.folder, path)
  if (options['write-known-failures'] === true) {
    throw new UsageError('--write-known-failures needs --known-failures FILE')
  }
  return undefined
}

/** Bytes. */
const longestList = 4_000_000

/** @param mayLack a list that is written now need not be there yet */
async function readList(path: string, mayLack: boolean): Promise<string[]> {
  let text: string
  try {
    text = new TextDecoder().decode(await readWhole(path, longestList))
  } catch (error) {
    if (mayLack && hasCode(error, 'ENOENT')) return []
    throw error
  }
  try {
    return parseKnownFailures(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UsageError(`${path}: ${error.message}`, { cause: error })
  }
}

/** Why the status is 1. */
function verdictOf(
  { failed }: VectorReport,
  known: KnownFailureReport | undefined,
): string | undefined {
  if (!known) return failed === 0 ? undefined : `${vectors(failed)} failed`
  const { unexpectedFailures, unexpectedPasses, unknown } = known
  const parts = [
    ...(unexpectedFailures.length > 0
      ? [`${vectors(unexpectedFailures.length)} failed and not listed`]
      : []),
    ...(unexpectedPasses.length > 0
      ? [`${vectors(unexpectedPasses.length)} listed and passed`]
      : []),
    ...(unknown.length > 0 ? [`${unknown.length} listed and unknown`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

function vectors(number: number): string {
  return `${number} ${number === 1 ? 'vector' : 'vectors'}`
}

interface Subject {
  readonly client: VectorClient
  readonly files: readonly VectorFile[]
  readonly concurrency: number
}

async function subjectOf({ options, io }: Call, files: readonly VectorFile[]): Promise<Subject> {
  if (options.client !== undefined) {
    return {
      client: processClient(options.client, { folder: io.folder, signal: io.signal }),
      // The command line cannot ask the others.
      files: files.filter(({ kind }) => kind === 'workflow'),
      concurrency: availableParallelism(),
    }
  }
  const cryptography = await commandCryptography()
  const client = tuffetClient({
    createUpdater: (updaterOptions) => new Updater(updaterOptions),
    cryptography,
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
