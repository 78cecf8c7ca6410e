/** The fetcher of a command: the platform's, with credentials and the certificates of `SSL_CERT_FILE`. */
import { nodeFetcher } from '../node/node-fetcher.js'
import type { Fetcher } from '../index.js'
import type { HeaderSettings } from './header-settings.js'
import type { Io } from './io.js'
import { readInputFile } from './read-input.js'
import { UsageError } from './usage-error.js'

/** Bytes; the bundles of operating systems take about 250,000. */
const longest = 16_000_000

/**
 * Undefined: the platform's. Headers go to their origin alone, and so does what `authorizationFor`
 * gives, where they have no `Authorization`. As in OpenSSL, the file takes the place of the
 * authorities known here; those of `NODE_EXTRA_CA_CERTS` are trusted beside it.
 *
 * @throws UsageError for a file without certificates; the errors of the file system
 */
export async function environmentFetcher(
  io: Io,
  headers: HeaderSettings = new Map(),
  environment: Readonly<Record<string, string | undefined>> = process.env,
  authorizationFor?: (origin: URL) => string | undefined,
  /** The most to one origin. Default: no limit. */
  connections?: number,
): Promise<Fetcher | undefined> {
  if (io.fetcher) return io.fetcher
  const { SSL_CERT_FILE: file = '', NODE_EXTRA_CA_CERTS: extra = '' } = environment
  const trusted = file === '' ? {} : { ca: await certificates(file, extra, io) }
  const plain = headers.size === 0 && !authorizationFor && connections === undefined
  if (file === '' && plain) return undefined
  const fetchers = new Map<string, Fetcher>()

  function fetcherFor(url: URL): Fetcher {
    const known = fetchers.get(url.origin)
    if (known) return known
    const given = headers.get(url.origin) ?? {}
    const named = Object.keys(given).some((name) => name.toLowerCase() === 'authorization')
    const authorization = named ? undefined : authorizationFor?.(url)
    const fetcher = nodeFetcher({
      ...trusted,
      ...(connections !== undefined && { connections }),
      headers: { ...given, ...(authorization !== undefined && { authorization }) },
    })
    fetchers.set(url.origin, fetcher)
    return fetcher
  }

  return { fetch: (request) => fetcherFor(new URL(request.url)).fetch(request) }
}

async function certificates(file: string, extra: string, io: Io): Promise<string> {
  const files = extra === '' ? [file] : [file, extra]
  const texts = []
  for (const name of files)
    texts.push(new TextDecoder().decode(await readInputFile(name, longest, io)))
  if (texts[0]?.includes('-----BEGIN ') !== true) {
    throw new UsageError(`SSL_CERT_FILE: ${file} contains no certificate in PEM`)
  }
  return texts.join('\n')
}
