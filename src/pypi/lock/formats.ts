/** The formats, and which of them a file is in: its name says so, or its content. */
import { checksums } from './checksums.js'
import type { LockContent } from './content.js'
import type { TextFormat, TomlFormat } from './format.js'
import { notALock, tomlLooksLike } from './looks-like.js'
import { pdmLock } from './pdm-lock.js'
import { pipfileLock } from './pipfile-lock.js'
import { poetryLock } from './poetry-lock.js'
import { pylock } from './pylock.js'
import { requirements } from './requirements.js'
import { eachLine } from './text.js'
import { uvLock } from './uv-lock.js'

/** In the order in which their content is looked at. */
const names = [
  'Pipfile.lock',
  'SHA256SUMS',
  'pdm.lock',
  'poetry.lock',
  'pylock.toml',
  'uv.lock',
  'requirements.txt',
] as const

/**
 * The supported formats, each named after its usual file.
 *
 * @useDeclaredType
 */
export type LockFormat = (typeof names)[number]

const formats: Readonly<Record<LockFormat, TextFormat | TomlFormat>> = {
  'Pipfile.lock': pipfileLock,
  SHA256SUMS: checksums,
  'pdm.lock': pdmLock,
  'poetry.lock': poetryLock,
  'pylock.toml': pylock,
  'uv.lock': uvLock,
  'requirements.txt': requirements,
}

/** @internal A format of the table. */
export type Format = (TextFormat | TomlFormat) & { readonly name: LockFormat }

const all: readonly Format[] = names.map((name) => ({ name, ...formats[name] }))

/** The format of text that is of no other. */
const plain: Format = { name: 'requirements.txt', ...requirements }

/** @throws LockFileError for a file in an unknown format */
export async function formatOf(content: LockContent): Promise<Format> {
  const { name, filename } = content
  const named = all.find(({ filenames }) => filenames?.test(filename))
  if (named) return named
  const text = content.text()
  const inText = all.find((one) => one.syntax === 'text' && one.matches?.(text))
  if (inText) return inText
  if (!/\.toml$/i.test(filename) && !looksLikeToml(text)) return plain
  // No tool looks for one under such a name, and pip would read its lines.
  if (/\.(?:txt|in)$/i.test(filename)) throw notALock(name, 'TOML, by its name it is lines of pip')
  const root = await content.toml()
  const inToml = all.find((one) => one.syntax === 'toml' && one.matches(root))
  if (inToml) return inToml
  throw notALock(name, tomlLooksLike(root))
}

/** Whether the first line that says something is a header or a field. No requirement is either. */
function looksLikeToml(text: string): boolean {
  for (const line of eachLine(text)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    return /^\s*(?:\[\[?[\w."\s-]+\]|[\w-]+\s*=\s*["'[{\d])/.test(line)
  }
  return false
}
