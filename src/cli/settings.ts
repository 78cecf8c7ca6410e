/** Which repository, which folder: from `tuffet.json`, and from options, which come first. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { checkBaseUrl } from '../core/names.js'
import { hasCode } from '../node/system-error.js'
import { layoutFrom, type LayoutSettings } from './layout-settings.js'
import type { OptionValues } from './options.js'
import { UsageError } from './usage-error.js'

/** What a repository is asked with. File names are absolute. */
export interface Settings {
  readonly metadataUrl?: string
  readonly targetsUrl?: string
  readonly root?: string
  readonly store?: string
  readonly hashPrefixedTargets?: boolean
  readonly layout?: LayoutSettings
}

/** Takes a field's value; throws UsageError, without the field's name, for what it cannot be. */
type Read<T> = (value: unknown, folder: string) => T

const fields: { readonly [K in keyof Settings]-?: Read<NonNullable<Settings[K]>> } = {
  metadataUrl: urlFrom,
  targetsUrl: urlFrom,
  root: pathFrom,
  store: pathFrom,
  hashPrefixedTargets: booleanFrom,
  layout: layoutFrom,
}

const optionOf = {
  metadataUrl: 'metadata-url',
  targetsUrl: 'targets-url',
  root: 'root',
  store: 'store',
  hashPrefixedTargets: 'hash-prefixed-targets',
  layout: 'layout',
} as const satisfies Readonly<Record<keyof Settings, keyof OptionValues>>

/**
 * Reads the settings file, if there is one, and puts the options over it. A file name in an option
 * is relative to `folder`, one in the file to where the file is.
 *
 * @throws UsageError with the name of the field or option; what the file system says
 */
export async function readSettings(options: OptionValues, folder: string): Promise<Settings> {
  const file = resolve(folder, options.config ?? 'tuffet.json')
  const text = await readText(file, options.config === undefined)
  const given = text === undefined ? {} : fromFile(text, file)
  const overriding = pick(
    (name) => options[optionOf[name]],
    folder,
    (name) => `--${optionOf[name]}`,
  )
  return { ...given, ...overriding }
}

/** @throws UsageError that says how to give it */
export function requireSetting<K extends keyof Settings>(
  settings: Settings,
  name: K,
): NonNullable<Settings[K]> {
  const value: Settings[K] | undefined = settings[name]
  if (value === undefined) {
    throw new UsageError(`give --${optionOf[name]}, or ${JSON.stringify(name)} in tuffet.json`)
  }
  return value
}

async function readText(file: string, mayBeAbsent: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (mayBeAbsent && hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function fromFile(text: string, file: string): Settings {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${file} is not JSON`, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${file} must hold an object`)
  }
  const found = new Map<string, unknown>(Object.entries(value))
  const unknown = [...found.keys()].find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined) {
    throw new UsageError(`${file}: ${JSON.stringify(unknown)} is not a setting`)
  }
  return pick(
    (name) => found.get(name),
    dirname(file),
    (name) => `${file}: ${name}`,
  )
}

/** The settings that `give` has, each read by its own reader. */
function pick(
  give: (name: keyof Settings) => unknown,
  folder: string,
  nameOf: (name: keyof Settings) => string,
): Settings {
  function one<K extends keyof Settings>(
    name: K,
    read: Read<NonNullable<Settings[K]>>,
  ): NonNullable<Settings[K]> | undefined {
    const value = give(name)
    if (value === undefined) return undefined
    try {
      return read(value, folder)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      // A field of the field begins with its own name.
      const what = error.message.startsWith('.') ? error.message : ` ${error.message}`
      throw new UsageError(`${nameOf(name)}${what}`, { cause: error })
    }
  }
  const metadataUrl = one('metadataUrl', fields.metadataUrl)
  const targetsUrl = one('targetsUrl', fields.targetsUrl)
  const root = one('root', fields.root)
  const store = one('store', fields.store)
  const hashPrefixedTargets = one('hashPrefixedTargets', fields.hashPrefixedTargets)
  const layout = one('layout', fields.layout)
  return {
    ...(metadataUrl !== undefined && { metadataUrl }),
    ...(targetsUrl !== undefined && { targetsUrl }),
    ...(root !== undefined && { root }),
    ...(store !== undefined && { store }),
    ...(hashPrefixedTargets !== undefined && { hashPrefixedTargets }),
    ...(layout !== undefined && { layout }),
  }
}

function urlFrom(value: unknown): string {
  try {
    return checkBaseUrl(textFrom(value))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`must be a base URL: ${error.message}`, { cause: error })
  }
}

function pathFrom(value: unknown, folder: string): string {
  return resolve(folder, textFrom(value))
}

function textFrom(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new UsageError('must be text')
  return value
}

function booleanFrom(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new UsageError('must be true or false')
  return value
}
