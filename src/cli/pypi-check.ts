/** `tuffet pypi check LOCKFILE…` */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { LockVerdict } from '../pypi/check-lock.js'
import type { LockEntry } from '../pypi/lock/entry.js'
import { readLock } from '../pypi/lock/read-lock.js'
import type { Command } from './command.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions, rethrowVanished } from './pypi-session.js'
import { countVerdicts, differenceJson, verdictError, verdictLines } from './verdict-table.js'

export const pypiCheck: Command = {
  parameters: 'LOCKFILE...',
  words: { least: 1, most: Infinity },
  options: [...pypiOptions, 'fetch'],
  about: [
    'Refreshes, and compares what lock files say of each file with what the repository says:',
    'requirements.txt, Pipfile.lock, poetry.lock, pdm.lock, uv.lock, pylock.toml, SHA256SUMS.',
    'Status 1 unless every entry is a match.',
  ],
  async run(call) {
    const { io, options } = call
    const read = (path: string): Promise<Uint8Array> => readFile(resolve(io.folder, path))
    const entries: LockEntry[] = []
    for (const name of call.words) {
      const file = await readLock(name, await read(name), { read, variables: process.env })
      if (file.entries.length === 0) {
        throw new NotVerifiedError(`${name} locks nothing: nothing was verified`)
      }
      entries.push(...file.entries)
    }
    const session = await openPypiSession(call)
    const verdicts = await session.ask(async (view) => {
      const all: LockVerdict[] = []
      const checking = { signal: io.signal, download: options.fetch === true }
      for await (const verdict of view.checkLock(entries, checking)) {
        rethrowVanished(verdict.error)
        all.push(verdict)
      }
      return all
    })
    const rows = verdicts.map(({ entry, verdict, reason }) => ({
      verdict,
      subject: nameOf(entry),
      reason: `${placeOf(entry)}${reason}`,
    }))
    return {
      lines: verdictLines(rows, 'entry'),
      json: { counts: countVerdicts(rows), entries: verdicts.map(verdictJson) },
      ...verdictError(rows, 'entry'),
    }
  },
}

function verdictJson({ entry, verdict, reason, files }: LockVerdict): Record<string, unknown> {
  const { name, version, source, line, origin, location } = entry
  return {
    name,
    version,
    verdict,
    reason,
    ...(source !== undefined && { source }),
    ...(line !== undefined && { line }),
    ...(origin !== undefined && { origin, location }),
    files: files.map(({ file, verdict, reason, difference }) => ({
      ...(file.filename !== undefined && { filename: file.filename }),
      hashes: Object.fromEntries(file.hashes),
      verdict,
      reason,
      ...differenceJson(difference),
    })),
  }
}

function nameOf({ name, version, location = '' }: LockEntry): string {
  if (name === '') return location
  return version === undefined ? name : `${name} ${version}`
}

function placeOf({ source, line }: LockEntry): string {
  return source === undefined ? '' : `${source}${line === undefined ? '' : `:${line}`}: `
}
