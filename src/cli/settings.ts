/** Which repository, which folder: from `tuffet.json`, and from options, which come first. */
import { dirname, resolve } from 'node:path'
import { attestationsFrom, type AttestationSettings } from './attestation-settings.js'
import { checkBaseUrl } from '../core/names.js'
import { printLine, type Io } from './io.js'
import { layoutFrom, type LayoutSettings } from './layout-settings.js'
import { headersFrom, type HeaderSettings } from './header-settings.js'
import { limitsFrom, type LimitSettings } from './limit-settings.js'
import { didYouMean } from './nearest.js'
import type { OptionValues } from './options.js'
import { checkFoundPath, readSettingsFile, type SettingsFile } from './settings-file.js'
import { UsageError } from './usage-error.js'

/** The settings for a repository. File names are absolute. */
export interface Settings {
  readonly metadataUrl?: string
  readonly targetsUrl?: string
  readonly root?: string
  readonly store?: string
  readonly hashPrefix?: boolean
  readonly retries?: number
  readonly layout?: LayoutSettings
  readonly limits?: LimitSettings
  readonly headers?: HeaderSettings
  /** The URL of an index without signatures. */
  readonly index?: string
  /** Sigstore's trusted root, when it is not to come from its own repository. */
  readonly trustedRoot?: string
  readonly attestations?: AttestationSettings
}

/** Takes a field's value; throws UsageError, without the field's name, for an invalid value. */
type Read<T> = (value: unknown, folder: string) => T

const fields: { readonly [K in keyof Settings]-?: Read<NonNullable<Settings[K]>> } = {
  metadataUrl: urlFrom,
  targetsUrl: urlFrom,
  root: pathFrom,
  store: pathFrom,
  hashPrefix: booleanFrom,
  retries: retriesFrom,
  layout: layoutFrom,
  limits: limitsFrom,
  headers: headersFrom,
  index: urlFrom,
  trustedRoot: pathFrom,
  attestations: attestationsFrom,
}

const optionOf = {
  metadataUrl: 'metadata-url',
  targetsUrl: 'targets-url',
  root: 'root',
  store: 'store',
  hashPrefix: 'hash-prefix',
  retries: 'retries',
  layout: 'layout',
  limits: 'limit',
  headers: 'header',
  index: 'index-url',
  trustedRoot: 'trusted-root',
  attestations: 'attestations',
} as const satisfies Readonly<Record<keyof Settings, keyof OptionValues>>

/**
 * Reads the settings file, if there is one, and puts the options over it. A file name in an option
 * is relative to the current folder, one in the file to where the file is. Which file gives the root
 * and the store is said on standard error.
 *
 * @throws UsageError with the name of the field or option; the errors of the file system
 */
export async function readSettings(options: OptionValues, io: Io): Promise<Settings> {
  const overriding = pick(
    (name) => options[optionOf[name]],
    io.folder,
    (name) => `--${optionOf[name]}`,
  )
  const { attested = false, attestations: word, bundle } = options
  const needed =
    attested || [word, bundle, options['index-url'], options['trusted-root']].some(isGiven)
  const file = await readSettingsFile(options.config, io, needed)
  if (!file) return overriding
  const given = await givenBy(file, overriding, io)
  // The option says how much is required, not who the publishers are.
  const attestations = { ...given.attestations, ...overriding.attestations }
  const both = { ...given, ...overriding }
  return both.attestations ? { ...both, attestations } : both
}

/** `a`, `a and b`, `a, b and c`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

function isGiven(value: unknown): boolean {
  return value !== undefined
}

/**
 * Whether targets' names are hash-prefixed, for every command. RSTUF leaves files where they are,
 * under their plain names. Undefined: as root says.
 */
export function hashPrefixOf(settings: Settings): boolean | undefined {
  return settings.hashPrefix ?? (settings.layout?.name === 'rstuf' ? false : undefined)
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

/** The part of a settings file that counts beside the options. */
async function givenBy(file: SettingsFile, overriding: Settings, io: Io): Promise<Settings> {
  const { path, found } = file
  const unknown = [...file.fields.keys()].find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined) {
    const near = didYouMean(unknown, Object.keys(fields))
    throw new UsageError(`${path}: ${JSON.stringify(unknown)} is not a setting${near}`)
  }
  const given = pick(
    (name) => file.fields.get(name),
    dirname(path),
    (name) => `${path}: ${name}`,
  )
  const { root, ...others } = given
  let kept: Settings = given
  const beside = (['store', 'metadataUrl'] as const).find((name) => name in overriding)
  if (found && root !== undefined && !('root' in overriding) && beside !== undefined) {
    // An option that names a repository does not mean the root that happens to be in this folder.
    kept = others
    const unused = `the root in ${path} is not used with --${optionOf[beside]}`
    printLine(io.stderr, `tuffet: ${unused}; --root FILE names one`)
  }
  const supplied: string[] = []
  const said = ['root', 'trustedRoot', 'index', 'attestations', 'store'] as const
  for (const name of said) {
    const value = name in overriding ? undefined : kept[name]
    if (value === undefined) continue
    if (found && name !== 'index' && typeof value === 'string')
      await checkFoundPath(file, name, value, io)
    supplied.push(name)
  }
  if (supplied.length > 0) {
    printLine(io.stderr, `tuffet: ${inWords(supplied)} from ${path}`)
  }
  return kept
}

/** The settings in `give`, each read by its own reader. */
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
  const hashPrefix = one('hashPrefix', fields.hashPrefix)
  const retries = one('retries', fields.retries)
  const layout = one('layout', fields.layout)
  const limits = one('limits', fields.limits)
  const headers = one('headers', fields.headers)
  const index = one('index', fields.index)
  const trustedRoot = one('trustedRoot', fields.trustedRoot)
  const attestations = one('attestations', fields.attestations)
  return {
    ...(metadataUrl !== undefined && { metadataUrl }),
    ...(targetsUrl !== undefined && { targetsUrl }),
    ...(root !== undefined && { root }),
    ...(store !== undefined && { store }),
    ...(hashPrefix !== undefined && { hashPrefix }),
    ...(retries !== undefined && { retries }),
    ...(layout !== undefined && { layout }),
    ...(limits !== undefined && { limits }),
    ...(headers !== undefined && { headers }),
    ...(index !== undefined && { index }),
    ...(trustedRoot !== undefined && { trustedRoot }),
    ...(attestations !== undefined && { attestations }),
  }
}

function urlFrom(value: unknown): string {
  let url
  try {
    url = checkBaseUrl(textFrom(value))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`must be a base URL: ${error.message}`, { cause: error })
  }
  const { protocol } = new URL(url)
  if (protocol === 'https:' || protocol === 'http:') return url
  throw new UsageError(`must be a URL of https or http, not ${protocol}`)
}

function pathFrom(value: unknown, folder: string): string {
  return resolve(folder, textFrom(value))
}

function textFrom(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new UsageError('must be text')
  return value
}

/** A number in the file, digits in an option. */
function retriesFrom(value: unknown): number {
  const number = typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 100) {
    throw new UsageError('must be an integer from 0 to 100')
  }
  return number
}

function booleanFrom(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new UsageError('must be true or false')
  return value
}
