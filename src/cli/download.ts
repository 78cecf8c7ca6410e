/** `tuffet download PATH…` */
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { defaultCryptography } from '#platform'
import { digestText } from '../core/keys/hash.js'
import { readableFileName } from '../core/names.js'
import { TargetNotFoundError } from '../errors.js'
import type { Repository, TargetFile } from '../index.js'
import { downloadFile } from '../node/download-file.js'
import { checkDestination } from '../node/replace-file.js'
import { makeTemporaryFolder, sweepTemporaryFolders } from '../node/temporary-folder.js'
import type { Answer, Call, Command } from './command.js'
import { printLine } from './io.js'
import { repositoryOptions } from './option-groups.js'
import { progressBar } from './progress.js'
import { openSession, type Session } from './session.js'
import { requireSetting } from './settings.js'
import { withPath } from './system-words.js'
import { targetJson } from './target-answer.js'
import { UsageError } from './usage-error.js'
import { count } from '../words/amounts.js'

export const download: Command = {
  parameters: 'PATH...',
  words: { least: 1, most: Infinity },
  options: [
    ...repositoryOptions.filter((name) => name !== 'offline'),
    ...(['hash-prefix', 'output', 'folder'] as const),
  ],
  about: [
    'Refreshes, and fetches the targets in the order given, up to the first that fails. A file gets',
    'its name only when its length and every known hash match; a file that already matches is kept.',
    'Its name is the last part of PATH, or that of --output; characters that a file name cannot hold',
    'are written as %XX. A regular file of that name is replaced, anything else refused. With',
    '--output - the bytes go to standard output, once all of them are verified.',
  ],
  examples: [
    'tuffet download pkgs/a.whl pkgs/b.whl --folder wheels',
    'tuffet download pkgs/a.tar.gz --output - | tar -t -z',
  ],
  async run(call) {
    if (call.options.output === '-') return toStandardOutput(call)
    const destinations = destinationsOf(call)
    const session = await openSession(call)
    requireSetting(session.settings, 'targetsUrl')
    if (call.options.folder !== undefined) {
      await mkdir(resolve(call.io.folder, call.options.folder), { recursive: true })
    }
    const done = []
    for (const [path, file] of destinations) done.push(await downloadOne(path, file, session, call))
    return {
      lines: done.map(
        ({ target, file, fetched }) =>
          `${file}: ${count(target.length, 'byte')}, ${fetched ? 'verified' : 'was there already'}`,
      ),
      json: {
        files: done.map(({ target, file, fetched }) => ({
          file,
          fetched,
          target: targetJson(target),
        })),
      },
    }
  },
}

interface Downloaded {
  readonly target: TargetFile
  readonly file: string
  readonly fetched: boolean
}

function downloadOne(
  path: string,
  file: string,
  session: Session,
  { io }: Call,
): Promise<Downloaded> {
  const { signal } = io
  return session.ask(async (repository: Repository) => {
    const target = await repository.find(path, { signal })
    if (!target) throw new TargetNotFoundError(path)
    const bar = progressBar(io.stderr, path)
    try {
      const { fetched } = await downloadFile(repository, target, file, {
        signal,
        onProgress: (progress) => bar.update(progress),
      })
      return { target, file, fetched }
    } catch (error) {
      throw withPath(error, file)
    } finally {
      bar.end()
    }
  })
}

/** By way of a file: no byte may be seen before the last one is verified. */
async function toStandardOutput(call: Call): Promise<Answer> {
  const { options, words, io } = call
  const [path = ''] = words
  if (words.length > 1) throw new UsageError('--output takes one PATH')
  if (options.json === true) throw new UsageError('--json and --output - need standard output both')
  if (options.folder !== undefined) throw new UsageError('give --output or --folder, not both')
  const session = await openSession(call)
  requireSetting(session.settings, 'targetsUrl')
  // Of runs that were killed.
  await sweepTemporaryFolders(tmpdir(), 'download')
  const folder = await makeTemporaryFolder(tmpdir(), 'download')
  try {
    const { target, file } = await downloadOne(path, join(folder, 'target'), session, call)
    await print(file, call)
    printLine(io.stderr, `${path}: ${count(target.length, 'byte')}, verified`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return { lines: [], json: {} }
}

async function print(file: string, { io }: Call): Promise<void> {
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file, { signal: io.signal })
  for await (const chunk of chunks) await io.stdout.writeBytes(chunk)
  await io.stdout.flush()
}

/**
 * Target path → its destination, an absolute path.
 *
 * @throws UsageError; DestinationError where the named file cannot be written
 */
function destinationsOf({ words, options, io }: Call): ReadonlyMap<string, string> {
  const { output, folder } = options
  if (output !== undefined) {
    const [path = ''] = words
    if (words.length > 1) throw new UsageError('--output takes one PATH')
    if (folder !== undefined) throw new UsageError('give --output or --folder, not both')
    const file = resolve(io.folder, output)
    checkDestination(file)
    return new Map([[path, file]])
  }
  const destinations = new Map<string, string>()
  const taken = new Set<string>()
  for (const path of new Set(words)) {
    const name = readableFileName(lastPart(path), (text) => digestText(text, defaultCryptography))
    const known = nameOnDisk(name, process.platform)
    if (taken.has(known)) throw new UsageError(`two of the files would be called ${name}`)
    taken.add(known)
    destinations.set(path, join(resolve(io.folder, folder ?? '.'), name))
  }
  return destinations
}

/** The same for names that the disks of a platform usually take for one. */
export function nameOnDisk(name: string, platform: string): string {
  const folds = platform === 'darwin' || platform === 'win32'
  return folds ? name.normalize('NFC').toUpperCase().toLowerCase() : name
}

function lastPart(path: string): string {
  const parts = path.split('/')
  return parts.findLast((part) => part !== '') ?? path
}
