/** Stryker's instrumenter: every mutant of a file, all in one text, each with a switch. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { pinnedPackage } from '../../support/pinned-package.js'

/** One change of one file. */
export interface Mutant {
  readonly id: string
  /** Below the project. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The line's text, without its indentation. */
  readonly at: string
  readonly mutator: string
  /** The text that is replaced, and the one in its place. */
  readonly original: string
  readonly replacement: string
  /** Where it is the same in the next run: the file's text and the place. */
  readonly key: string
  /** The digest of the file. */
  readonly text: string
}

interface Place {
  readonly line: number
  readonly column: number
}

interface Tool {
  readonly Instrumenter: new (logger: object) => {
    instrument(
      files: readonly { name: string; mutate: boolean; content: string }[],
      options: object,
    ): Promise<{
      readonly files: readonly { readonly name: string; readonly content: string }[]
      readonly mutants: readonly {
        readonly id: string
        readonly fileName: string
        readonly mutatorName: string
        readonly replacement: string
        readonly location: { readonly start: Place; readonly end: Place }
      }[]
    }>
  }
}

const here = fileURLToPath(new URL('.', import.meta.url))
const name = '@stryker-mutator/instrumenter'
const quiet = (): void => {}
const logger = {
  ...{ trace: quiet, debug: quiet, info: quiet, warn: quiet, error: console.error },
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
}

/** The instrumented texts by path, and the mutants in them. */
export async function instrument(
  project: string,
  paths: readonly string[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly mutants: readonly Mutant[] }> {
  const pinned = pinnedPackage(here, name)
  if ('reason' in pinned) throw new Error(pinned.reason)
  const module = createRequire(join(here, 'package.json')).resolve(name)
  const { Instrumenter } = (await import(pathToFileURL(module).href)) as Tool
  const sources = new Map(paths.map((path) => [path, readFileSync(join(project, path), 'utf8')]))
  const { files, mutants } = await new Instrumenter(logger).instrument(
    [...sources].map(([path, content]) => ({ name: path, mutate: true, content })),
    { plugins: null, excludedMutations: [], ignorers: [], noHeader: false },
  )
  return {
    texts: new Map(files.map(({ name: path, content }) => [path, content])),
    mutants: mutants.map(({ id, fileName: file, mutatorName: mutator, replacement, location }) => {
      const text = sources.get(file) ?? ''
      const [start, end] = [offsetOf(text, location.start), offsetOf(text, location.end)]
      const original = text.slice(start, end)
      const line = text.slice(0, start).split('\n').length
      return {
        ...{ id, file, line, mutator, original, replacement },
        at: text.split('\n')[line - 1]?.trim() ?? '',
        text: createHash('sha256').update(text).digest('hex'),
        key: `${file}:${start}:${end}:${mutator}:${replacement}`,
      }
    }),
  }
}

/** Stryker counts lines and columns from 0. */
function offsetOf(text: string, { line, column }: Place): number {
  let start = 0
  for (let left = line; left > 0; left--) start = text.indexOf('\n', start) + 1
  return start + column
}
