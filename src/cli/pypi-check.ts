/** `tuffet pypi check LOCKFILE…` */
import type { LockEntry } from '../pypi/lock/entry.js'
import { readLock } from '../pypi/lock/read-lock.js'
import { pathProblem } from '../pypi/lock/requirements-path.js'
import { maskCredentials } from '../errors/mask-credentials.js'
import { tryNormalizeName } from '../pypi/names/names.js'
import type { LockVerdict } from '../pypi/verdict/check-lock.js'
import type { Verdict } from '../pypi/verdict/verdict.js'
import type { Command } from './command.js'
import { lineWidth } from './io.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions, rethrowVanished } from './pypi-session.js'
import { lockFileReader } from './read-input.js'
import { UsageError } from './usage-error.js'
import {
  acceptance,
  countVerdicts,
  differenceJson,
  verdictError,
  verdictLines,
} from './verdict-table.js'

export const pypiCheck: Command = {
  parameters: 'LOCKFILE...',
  words: { least: 1, most: Infinity },
  options: [...pypiOptions, 'fetch', 'include', 'allow-unverified'],
  about: [
    'Compares each entry of lock files with the repository, after a refresh, and prints a verdict:',
    'requirements.txt, Pipfile.lock, poetry.lock, pdm.lock, uv.lock, pylock.toml, SHA256SUMS.',
    'Status 1 unless every entry is a match; one from a version control system or a folder never is.',
  ],
  examples: ['tuffet pypi check requirements.txt uv.lock'],
  async run(call) {
    const { io, options } = call
    if (options.fetch === true && options.offline === true) {
      throw new UsageError('--fetch asks the repository, --offline does not')
    }
    if (options.fetch === true && options.bundle !== undefined) {
      throw new UsageError('--fetch asks the index, --bundle does not')
    }
    const read = lockFileReader(io)
    const copies = await readCopies(options.include ?? [], read)
    const copied = new Set<string>()
    const entries: LockEntry[] = []
    const aside: Aside[] = []
    const allowed = options['allow-unverified'] ?? []
    for (const name of call.words) {
      const problem = pathProblem(name)
      if (problem !== undefined) throw new UsageError(`${name} ${problem}`)
      const file = await readLock(name, await read(name), {
        read,
        copies,
        variables: process.env,
      })
      for (const url of file.copied) copied.add(url)
      if (file.entries.length === 0) {
        const named = file.format === 'requirements.txt' || name.endsWith(file.format)
        const format = named ? '' : ` (${file.format})`
        throw new NotVerifiedError(`${name}${format} locks nothing: nothing was verified`)
      }
      // The hashes and the URLs of constraints count for pip like those of requirements.
      const limits = file.constraints.filter(({ files, origin }) => files.length > 0 || origin)
      if (file.own) aside.push({ entry: file.own, reason: 'it is the project itself' })
      for (const entry of [...file.entries, ...limits]) {
        if (isAllowed(entry, allowed)) {
          aside.push({ entry, reason: '--allow-unverified lets it' })
        } else {
          entries.push(entry)
        }
      }
    }
    if (entries.length === 0) throw new NotVerifiedError('nothing is left to compare')
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
    const rows = verdicts.map((one) => ({
      verdict: one.verdict,
      ...acceptance(one),
      subject: nameOf(one.entry),
      reason: `${placeOf(one.entry)}${one.reason}${wayOut(one.entry, one.verdict)}`,
    }))
    return {
      lines: [
        ...verdictLines(rows, 'entry', lineWidth(io.stdout)),
        ...aside.map(asideLine),
        ...[...copied].map(copiedLine),
      ],
      json: {
        counts: countVerdicts(rows),
        entries: verdicts.map(verdictJson),
        ...(copied.size > 0 && { copied: [...copied] }),
        ...(aside.length > 0 && { notCompared: aside.map(asideJson) }),
      },
      ...verdictError(rows, 'entry'),
    }
  },
}

/** URL → the bytes of the copy that `--include URL=FILE` names. */
async function readCopies(
  given: readonly string[],
  read: (file: string) => Promise<Uint8Array>,
): Promise<Map<string, Uint8Array>> {
  const copies = new Map<string, Uint8Array>()
  for (const one of given) {
    // A URL may contain `=`.
    const [, url, file] = /^(https?:\/\/.+)=([^=]+)$/i.exec(one) ?? []
    if (url === undefined || file === undefined) throw new UsageError('--include is URL=FILE')
    copies.set(url, await read(file))
  }
  return copies
}

function copiedLine(url: string): string {
  return `not compared: ${url}: a copy was read; an installer fetches it anew, so give it the copy`
}

/** An entry without a verdict, and why that is right. */
interface Aside {
  readonly entry: LockEntry
  readonly reason: string
}

/** By project, or, as for `run`, by URL or path where the project is unknown. */
function isAllowed(
  { name, origin, location = '' }: LockEntry,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return false
  // Messages show a location without its credentials.
  const shown = [location, maskCredentials(location)]
  return allowed.some(
    (one) => shown.includes(one) || (name !== '' && tryNormalizeName(one) === name),
  )
}

/** The option for a user who accepts the entry. */
function wayOut({ name, origin, location = '' }: LockEntry, verdict: Verdict): string {
  if (origin === undefined || verdict !== 'no-hash') return ''
  return `; --allow-unverified ${name === '' ? location : name} sets it aside`
}

function asideLine({ entry, reason }: Aside): string {
  return `not compared: ${nameOf(entry)}: ${placeOf(entry)}${reason}`
}

function asideJson({ entry, reason }: Aside): Record<string, unknown> {
  const { name, version, source, line, origin, location } = entry
  return { name, version, source, line, origin, location, reason }
}

function verdictJson(judged: LockVerdict): Record<string, unknown> {
  const { entry, verdict, reason, files } = judged
  const { name, version, source, line, origin, location } = entry
  return {
    name,
    version,
    verdict,
    ...acceptance(judged),
    reason,
    ...(source !== undefined && { source }),
    ...(line !== undefined && { line }),
    ...(origin !== undefined && { origin, location }),
    files: files.map(({ file, verdict, accepted, reason, difference }) => ({
      ...(file.filename !== undefined && { filename: file.filename }),
      hashes: Object.fromEntries(file.hashes),
      verdict,
      ...(accepted === true && { accepted }),
      reason,
      ...differenceJson(difference),
    })),
  }
}

function nameOf({ name, version, location, files }: LockEntry): string {
  if (name === '') return location ?? files[0]?.filename ?? '(no name)'
  return version === undefined ? name : `${name} ${version}`
}

function placeOf({ source, line }: LockEntry): string {
  return source === undefined ? '' : `${source}${line === undefined ? '' : `:${line}`}: `
}
