/**
 * `.netrc`, as curl reads it: a login and a password for each host. The file is the one that `NETRC` names, else
 * `.netrc` (on Windows `_netrc`) in the home folder. No message shows what is in it.
 */
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { hasCode } from '../node/system-error.js'
import { inFolder } from './in-folder.js'
import type { Io } from './io.js'
import { readInputFile } from './read-input.js'
import { UsageError } from './usage-error.js'

/** One entry. */
export interface NetrcEntry {
  /** In lower case; undefined: `default`, for every host that no entry before it names. */
  readonly machine: string | undefined
  readonly login: string
  readonly password: string
}

/** Bytes; more than anybody writes by hand. */
const longest = 1_000_000

/**
 * The entries in their order; none where there is no file.
 *
 * @throws UsageError when it cannot be understood, with its line; what the file system says
 */
export async function readNetrc(
  io: Io,
  environment: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): Promise<readonly NetrcEntry[]> {
  const { NETRC: named = '' } = environment
  const home = environment['HOME'] ?? homedir()
  const name = platform === 'win32' ? '_netrc' : '.netrc'
  const file = named === '' ? join(home, name) : inFolder(io.folder, named)
  try {
    // NETRC=/dev/null: no file is used.
    if ((await stat(file)).isCharacterDevice()) return []
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return []
    throw error
  }
  const text = new TextDecoder().decode(await readInputFile(file, longest, io))
  try {
    return parseNetrc(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UsageError(`${file}: ${error.message}`, { cause: error })
  }
}

/**
 * The first entry for a host, whose name has no case; `default` where no entry before it is.
 *
 * @param known whether the host is one that the settings name: no other gets the `default`
 */
export function entryFor(
  entries: readonly NetrcEntry[],
  host: string,
  known: boolean,
): NetrcEntry | undefined {
  const name = host.toLowerCase()
  return entries.find(({ machine }) => (machine === undefined ? known : machine === name))
}

/** The value of `Authorization` (RFC 7617). */
export function basicAuthorization({ login, password }: NetrcEntry): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`
}

/** @throws SyntaxError that names the line, and nothing else of it */
export function parseNetrc(text: string): NetrcEntry[] {
  const entries: { machine: string | undefined; login: string; password: string }[] = []
  const words = wordsOf(text)
  for (let word = words.next(); !word.done; word = words.next()) {
    const { text: keyword, line } = word.value
    const value = (): string => {
      const next = words.next()
      if (next.done) throw new SyntaxError(`line ${line}: the last word needs a value`)
      return next.value.text
    }
    const entry = entries.at(-1)
    switch (keyword.toLowerCase()) {
      case 'machine':
        entries.push({ machine: value().toLowerCase(), login: '', password: '' })
        continue
      case 'default':
        entries.push({ machine: undefined, login: '', password: '' })
        continue
      case 'login':
      case 'password':
      case 'account': {
        const given = value()
        if (!entry) throw new SyntaxError(`line ${line}: no machine is named before`)
        if (keyword.toLowerCase() === 'login') entry.login = given
        if (keyword.toLowerCase() === 'password') entry.password = given
        continue
      }
      default:
        throw new SyntaxError(`line ${line}: neither machine, default, login, password nor macdef`)
    }
  }
  return entries
}

interface Word {
  readonly text: string
  readonly line: number
}

/** Without comments and the bodies of macros, which end with an empty line. */
function* wordsOf(text: string): Generator<Word, undefined, undefined> {
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^\s*#/.test(line)) continue
    for (const found of wordsIn(line, at + 1)) {
      if (found === 'macro') {
        while (at < lines.length && (lines[at] ?? '').trim() !== '') at++
        break
      }
      yield { text: found.text, line: at + 1 }
    }
  }
  return undefined
}

/** A word in quotes may have spaces, and `\"`, `\\`, `\n`, `\r` and `\t`. */
function* wordsIn(line: string, number: number): Generator<{ text: string } | 'macro'> {
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*)|(\S))/gy
  for (const [, quoted, plain, wrong] of line.matchAll(pattern)) {
    if (wrong !== undefined) throw new SyntaxError(`line ${number}: a quotation mark has no end`)
    if (plain?.toLowerCase() === 'macdef') {
      yield 'macro'
      return
    }
    if (quoted === undefined) yield { text: plain ?? '' }
    else yield { text: quoted.replaceAll(/\\(.)/g, (_, one: string) => escapes.get(one) ?? one) }
  }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
