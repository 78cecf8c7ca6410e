/** Notes on errors where the refused bytes came from. It never judges. */
import type { NetworkRequest } from '../core/cycle/request.js'
import { FetchError, FetchTooLongError, RepositoryError, type Origin } from '../errors.js'
import type { Limits } from './limits.js'

/** Where the root chain ended: the request for the root that is not there. */
export type RootEnd = NonNullable<RepositoryError['rootEnd']>

/** @internal The origin to put on an error that lacks one. */
export function noteOrigin(error: unknown, origin: Origin, rootEnd: RootEnd | undefined): void {
  if (!(error instanceof RepositoryError)) return
  error.origin ??= origin
  if (rootEnd) error.rootEnd ??= rootEnd
}

/** @internal A file longer than asked for: too long for this client, or than its voucher says. */
export function noteFetchOrigin(error: unknown, request: NetworkRequest, limits: Limits): void {
  if (!(error instanceof FetchError)) return
  const name = limitOf(request.role)
  const ours = error instanceof FetchTooLongError && request.maxLength === limits[name]
  const { url, origin } = error
  if (origin !== undefined && origin.from !== 'network') return
  const { role } = request
  error.origin = { from: 'network', url, role, ...origin, ...(ours && { limit: name }) }
}

/** @internal The origin of metadata that a server sent. */
export function networkOrigin(
  url: string,
  role: string,
  { bytes, redirectedTo }: ServedMetadata,
): Origin {
  return {
    from: 'network',
    url,
    role,
    ...(redirectedTo !== undefined && { redirectedTo }),
    ...(bytes && isWebPage(bytes) && { webPage: true }),
  }
}

/** @internal An answer to a request for metadata. */
export interface ServedMetadata {
  /** Undefined where the server says that the file is not there. */
  readonly bytes: Uint8Array | undefined
  readonly redirectedTo?: string | undefined
  /** Of the answer "not there", if known. */
  readonly status?: number | undefined
}

function limitOf(
  role: string,
): 'rootLength' | 'timestampLength' | 'snapshotLength' | 'targetsLength' {
  if (role === 'root') return 'rootLength'
  if (role === 'timestamp') return 'timestampLength'
  return role === 'snapshot' ? 'snapshotLength' : 'targetsLength'
}

/** Metadata never begins with `<`, also after white space and a byte order mark. */
function isWebPage(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 512))
  return start.trimStart().startsWith('<')
}
