/** The layout of a repository, from `tuffet.json` and from options. */
import {
  pagesAndFilesLayout,
  pagesLayout,
  rstufLayout,
  type FilesLayoutOptions,
  type Layout,
} from '../pypi/layouts.js'
import type { OptionValues } from './options.js'
import { UsageError } from './usage-error.js'

/** A layout by its name, with templates of its own. */
export interface LayoutSettings extends FilesLayoutOptions {
  readonly name: LayoutName
}

type LayoutName = 'pages' | 'pages-and-files' | 'rstuf'

const makers: Readonly<Record<LayoutName, (options: FilesLayoutOptions) => Layout>> = {
  pages: pagesLayout,
  'pages-and-files': pagesAndFilesLayout,
  rstuf: rstufLayout,
}

const texts = ['page', 'pageUrl', 'baseUrl', 'file', 'fileUrl'] as const
const booleans = ['pageHashPrefix', 'fileHashPrefix'] as const
const forFiles: readonly string[] = ['file', 'fileHashPrefix']

/** Field of the settings → its option. */
const optionOf = {
  page: 'page',
  pageUrl: 'page-url',
  baseUrl: 'page-base-url',
  form: 'page-form',
  pageHashPrefix: 'page-hash-prefix',
  file: 'file',
  fileUrl: 'file-url',
  fileHashPrefix: 'file-hash-prefix',
} as const satisfies Readonly<Record<Exclude<keyof LayoutSettings, 'name'>, keyof OptionValues>>

/**
 * Reads the field `layout`: a name, or an object with `name` and templates.
 *
 * @throws UsageError; of a field of it, its message begins with `.field`
 */
export function layoutFrom(value: unknown): LayoutSettings {
  if (typeof value === 'string') return { name: nameFrom(value, '') }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError('must be the name of a layout, or an object')
  }
  const given = new Map<string, unknown>(Object.entries(value))
  const known: readonly string[] = ['name', ...Object.keys(optionOf)]
  const unknown = [...given.keys()].find((field) => !known.includes(field))
  if (unknown !== undefined) throw new UsageError(`.${unknown} is not a setting`)
  return {
    name: nameFrom(given.get('name'), '.name'),
    ...fieldsFrom(given, (field) => `.${field}`),
  }
}

/**
 * The layout of the settings, with the options over it.
 *
 * @throws UsageError
 */
export function layoutOf(settings: LayoutSettings | undefined, options: OptionValues): Layout {
  if (!settings) throw new UsageError('give --layout, or "layout" in tuffet.json')
  const given = new Map<string, unknown>()
  for (const [field, option] of Object.entries(optionOf)) {
    if (options[option] !== undefined) given.set(field, options[option])
  }
  const { name, ...before } = settings
  const fields = { ...before, ...fieldsFrom(given, (field) => `--${optionOf[field]}`) }
  const foreign = name === 'pages' ? forFiles.find((field) => field in fields) : undefined
  if (foreign !== undefined) {
    throw new UsageError(`layout.${foreign}: in the layout pages files are not targets`)
  }
  try {
    return makers[name](fields)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`layout: ${error.message}`, { cause: error })
  }
}

function fieldsFrom(
  given: ReadonlyMap<string, unknown>,
  nameOf: (field: keyof typeof optionOf) => string,
): FilesLayoutOptions {
  const fields: Record<string, string | boolean> = {}
  for (const field of texts) {
    const value = given.get(field)
    if (value === undefined) continue
    if (typeof value !== 'string' || value === '') {
      throw new UsageError(`${nameOf(field)} must be text`)
    }
    fields[field] = value
  }
  for (const field of booleans) {
    const value = given.get(field)
    if (value === undefined) continue
    if (typeof value !== 'boolean') throw new UsageError(`${nameOf(field)} must be true or false`)
    fields[field] = value
  }
  const form = given.get('form')
  if (form === undefined) return fields
  if (form === 'json' || form === 'html') return { ...fields, form }
  throw new UsageError(`${nameOf('form')} must be json or html`)
}

function nameFrom(value: unknown, field: string): LayoutName {
  const names = Object.keys(makers)
  if (value === 'pages' || value === 'pages-and-files' || value === 'rstuf') return value
  throw new UsageError(`${field} must be one of ${names.join(', ')}`.trim())
}
