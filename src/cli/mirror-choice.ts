/** The files that `tuffet mirror` is asked for: paths, patterns, lock files, or all of them. */
import { compilePathPattern, codePoints, type PathPattern } from '../core/search/path-pattern.js'
import type { Call } from './command.js'
import { inputLimits, readInputFile } from './read-input.js'
import { UsageError } from './usage-error.js'

/** The files of a mirror besides the metadata. */
export interface MirrorChoice {
  readonly all: boolean
  /** Target paths as they are. */
  readonly paths: readonly string[]
  /** Pattern → its matcher, as in a delegation. */
  readonly patterns: ReadonlyMap<string, (path: string) => boolean>
  readonly locks: readonly string[]
  /** Whether only the roles that lead to these files are kept. */
  readonly partial: boolean
}

/** @throws UsageError; the errors of reading the lists */
export async function readChoice({ options, words, io }: Call): Promise<MirrorChoice> {
  const { all = false, partial = false, lock: locks = [] } = options
  const named = words.slice(1)
  for (const file of options.list ?? []) {
    const bytes = await readInputFile(file, inputLimits.lockFile, io)
    for (const line of linesOf(textOf(bytes, file))) named.push(line)
  }
  if (all && named.length > 0)
    throw new UsageError('--all takes every target: give no PATH with it')
  const isPattern = (one: string): boolean => /[*?[]/.test(one)
  const patterns = named.filter(isPattern)
  if (partial && (all || patterns.length > 0)) {
    throw new UsageError(
      '--partial needs paths or --lock: to find what matches, all roles are read',
    )
  }
  if (partial && named.length === 0 && locks.length === 0) {
    throw new UsageError('--partial keeps the roles of chosen files: give PATH or --lock')
  }
  return {
    all,
    partial,
    locks,
    paths: [...new Set(named.filter((one) => !isPattern(one)))],
    patterns: new Map(patterns.map((one) => [one, matcher(compilePathPattern(one))])),
  }
}

/** Hours, up to ten years; a fraction may be given. */
export function graceOf({ options: { grace = '24' } }: Pick<Call, 'options'>): number {
  const hours = /^\d{1,5}(\.\d{1,3})?$/.test(grace) ? Number(grace) : NaN
  if (hours <= 87_600) return hours * 3_600_000
  throw new UsageError('--grace must be a number of hours up to 87600')
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError(`${file} is not a text in UTF-8`, { cause })
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'))
}

function matcher(pattern: PathPattern): (path: string) => boolean {
  return (path) => pattern(codePoints(path))
}
