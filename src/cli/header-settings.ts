/**
 * Headers for a private repository: `--header 'NAME: VALUE'` for the origin of the metadata URL, or an
 * object in `tuffet.json` by origin. They go to that origin alone, and no message shows a value.
 */
import { UsageError } from './usage-error.js'

/** Origin → name → value. For an option the origin is still unknown: the empty text. */
export type HeaderSettings = ReadonlyMap<string, Readonly<Record<string, string>>>

/** @throws UsageError, without the name of the setting */
export function headersFrom(value: unknown): HeaderSettings {
  if (Array.isArray(value)) return new Map([['', checked(value.map(pairFrom))]])
  if (!isObject(value)) throw new UsageError(`must be an object such as ${example}`)
  return new Map(
    Object.entries(value).map(([origin, headers]) => {
      if (!isObject(headers)) throw new UsageError(`must be an object such as ${example}`)
      return [originFrom(origin), checked(Object.entries(headers))]
    }),
  )
}

/** The same, with the origin of `metadataUrl` for headers from options. */
export function headersByOrigin(given: HeaderSettings, metadataUrl: string): HeaderSettings {
  const own = new URL(metadataUrl).origin
  return new Map([...given].map(([origin, headers]) => [origin === '' ? own : origin, headers]))
}

const example = '{"https://tuf.example.com": {"Authorization": "Bearer …"}}'

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function originFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '') === url.origin) {
    return url.origin
  }
  throw new UsageError(`: ${JSON.stringify(text)} is not an origin such as https://tuf.example.com`)
}

function pairFrom(text: unknown): [string, string] {
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(String(text)) ?? []
  return [name.trim(), value.trim()]
}

/** Without the value in any message: it may be a secret. */
function checked(pairs: readonly (readonly [string, unknown])[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of pairs) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new UsageError('must be NAME: VALUE')
    if (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]+$/.test(value)) {
      throw new UsageError(`has a value of ${name} that a header cannot carry`)
    }
    headers[name] = value
  }
  return headers
}
