/** Hints for the next step, by the code of an error and by the origin of the refused bytes. */
import { anchorEntry } from '../core/names.js'
import {
  FetchError,
  LimitError,
  RepositoryError,
  ThresholdError,
  type TufError,
} from '../errors.js'
import type { TufErrorCode } from '../errors.js'
import { MirrorError } from '../node/mirror/mirror-error.js'
import { connectionHint } from './connection-hint.js'
import { mlDsaPackage } from './ml-dsa-package.js'

/**
 * One sentence each, without its full stop, for errors whose origin is unknown or does not help.
 */
export const hints: Readonly<Record<TufErrorCode, string>> = {
  ERR_TUF_METADATA_INVALID:
    'this is not TUF metadata; check the URL, or report it to the operators of the repository',
  ERR_TUF_SPEC_VERSION_UNSUPPORTED: 'a newer tuffet may read it',
  ERR_TUF_THRESHOLD_NOT_MET:
    'do not use these files: too few trusted keys vouch for them; check that the root belongs to the repository, or report it to its operators',
  ERR_TUF_ROLLBACK:
    'the server offers an old state: an outdated mirror, or an attack; try again later, and report it to the operators of the repository',
  ERR_TUF_VERSION_MISMATCH: 'the repository is being published or mirrored; try again in a minute',
  ERR_TUF_EXPIRED:
    'the repository, or a mirror of it, is no longer renewed; check your clock, try again later, and report it to its operators',
  ERR_TUF_LENGTH_MISMATCH:
    'do not use the file; fetch it again from the repository itself, after a refresh',
  ERR_TUF_HASH_MISMATCH:
    'do not use the file; fetch it again from the repository itself, after a refresh',
  ERR_TUF_ROLE_NOT_LISTED: 'the repository is incomplete; report it to its operators',
  ERR_TUF_TARGET_NOT_FOUND:
    'check the spelling of the path; tuffet explain PATH shows which roles were asked',
  ERR_TUF_SEARCH_LIMIT:
    'the repository delegates further than this client follows; report it to its operators',
  ERR_TUF_LIMIT:
    'the file is longer than this client takes; if that is right, a program can raise the limit, else report it to the operators of the repository',
  ERR_TUF_SNAPSHOT_GONE: 'the repository changed meanwhile; try again',
  ERR_TUF_NAME_UNSAFE: 'tuffet never asks for such a name; check its spelling',
  ERR_TUF_FETCH_NOT_FOUND: 'check the URL; if it is right, the repository is incomplete',
  ERR_TUF_FETCH_FAILED: 'check the URL and the connection, and try again',
  ERR_TUF_FETCH_TOO_LONG:
    'try again after a refresh; if it stays so, do not use the file, and report it to the operators of the repository',
  ERR_TUF_FETCH_TIMEOUT: 'try again, with a better connection or another mirror',
  ERR_TUF_FETCH_TOO_SLOW: 'try again, with a better connection or another mirror',
  ERR_TUF_STORE_FAILED: 'check the folder given by --store: its rights, its disk, links in it',
  ERR_TUF_STORE_CONFLICT: 'try again; other programs are using the same store',
  ERR_TUF_STORE_FOREIGN:
    'give each repository a --store of its own, or check --root; tuffet init --replace starts again with another repository',
  ERR_TUF_NOT_STORED:
    'run tuffet init with a root you trust, then tuffet refresh with access to the repository',
  ERR_TUF_PAGE_INVALID:
    'the repository vouches for a file that is not an index page; report it to its operators',
  ERR_TUF_LOCK_INVALID: 'the lock file was not checked; write it again with its tool',
  ERR_TUF_TRUSTED_ROOT_INVALID:
    'a newer tuffet may read it; else report it to the operators of the Sigstore instance',
  ERR_TUF_PUBLISHER_CHANGED:
    'do not use the file before the project confirms the change; then pin its publishers',
  ERR_TUF_ATTESTATION_REFUSED:
    'do not use the file: its attestation is not valid; report it to the index and to the project',
  ERR_TUF_WORKER_ENDED: 'try again; the error before it says why the worker ended',
  ERR_TUF_DESTINATION: 'name a file in an existing folder; tuffet download --folder DIR makes one',
  ERR_TUF_MAP_INVALID: 'correct the map file: it says which repositories must agree on a target',
  ERR_TUF_DISAGREEMENT:
    'do not use the file: the repositories that must agree on it do not; report it to their operators',
  ERR_TUF_MIRRORS_FAILED: 'try again later, or with another mirror of the repository',
  ERR_TUF_CLOCK_BEHIND: 'set the clock; if the earlier time was wrong, tuffet reset forgets it',
}

/** The hint for this error, without its full stop. */
export function hintFor(error: TufError): string {
  if (
    error instanceof ThresholdError &&
    error.keys.some(({ verdict }) => verdict === 'unsupported-key')
  ) {
    return `do not use these files: a key is of a kind that this runtime does not verify; for ML-DSA use Node 24.6 or newer, or install ${mlDsaPackage} beside tuffet; a newer tuffet may know other kinds`
  }
  if (error instanceof MirrorError) return error.hint
  const hint = hintByOrigin(error) ?? hints[error.code]
  const end = error instanceof RepositoryError ? error.rootEnd : undefined
  if (end === undefined) return hint
  const led = end.redirectedTo === undefined ? '' : ` after a redirect to ${end.redirectedTo}`
  const answer = `${end.url} was answered with status ${end.status}${led}`
  if (error.code === 'ERR_TUF_EXPIRED')
    return `${hint}; the repository serves no newer root: ${answer}`
  if (error.code === 'ERR_TUF_ROLLBACK' && error.origin?.from === 'store') {
    return `the server withholds roots that the store lost (${answer}): try another mirror; if the store was damaged or changed, tuffet reset forgets its newest root`
  }
  if (error.code !== 'ERR_TUF_THRESHOLD_NOT_MET') return hint
  return `the root you start from may be too old: get a newer one (${answer}); else ${hint}`
}

const half: ReadonlySet<TufErrorCode> = new Set([
  'ERR_TUF_LENGTH_MISMATCH',
  'ERR_TUF_HASH_MISMATCH',
  'ERR_TUF_VERSION_MISMATCH',
  'ERR_TUF_FETCH_TOO_LONG',
])

function hintByOrigin(error: TufError): string | undefined {
  const { code, origin } = error
  const ofBundle = bundleHint(error)
  if (ofBundle !== undefined) return ofBundle
  if (error instanceof LimitError) return limitHint(error.limit)
  switch (origin?.from) {
    case 'given':
      return origin.file === undefined
        ? undefined
        : `${origin.file} is damaged, or not a root: get it again from a source that you trust`
    case 'store':
      return storeHint(error, origin.entry)
    case 'proxy':
      return (
        (error instanceof FetchError ? connectionHint(error) : undefined) ??
        `check the proxy that ${origin.variable} names, or unset ${origin.variable}`
      )
    case 'network':
      if (origin.limit !== undefined) return limitHint(origin.limit)
      if (origin.webPage && code === 'ERR_TUF_METADATA_INVALID') {
        return 'the answer is a web page, not metadata: a sign-in page of your network, or a page in place of a missing file; check the network and the URL'
      }
      // Metadata that other metadata vouches for; a target file is another matter.
      if (origin.role !== undefined && half.has(code)) return hints.ERR_TUF_VERSION_MISMATCH
      return error instanceof FetchError ? connectionHint(error) : undefined
    case undefined:
      return error instanceof FetchError ? connectionHint(error) : undefined
  }
}

function storeHint({ code }: TufError, entry: string): string | undefined {
  if (entry === anchorEntry) {
    return 'the root that init kept in the store is damaged: run tuffet init with the right root'
  }
  if (code === 'ERR_TUF_EXPIRED') {
    return 'run tuffet refresh with access to the repository, or set the time to judge by with --now'
  }
  return 'the stored file cannot be used: run tuffet refresh with access to the repository'
}

function limitHint(name: string): string {
  return `this is a limit of this client: if the repository is right, raise it with --limit ${name}=NUMBER, or "limits" in tuffet.json`
}

/** For what `--bundle` names: no server, and no connection, is at fault. */
function bundleHint(error: TufError): string | undefined {
  const { code, origin } = error
  const from = origin?.from === 'network' ? origin.url : undefined
  const url = error instanceof FetchError ? error.url : (from ?? '')
  if (!/^(?:https:\/\/bundle\.invalid\/|file:)/.test(url)) return undefined
  const again = 'write it again with tuffet pypi bundle'
  if (code === 'ERR_TUF_EXPIRED') {
    return `the bundle is too old: ${again}, or set the time to judge by with --now`
  }
  if (code === 'ERR_TUF_ROLLBACK') return `the bundle is older than the store: ${again}`
  return 'check the folder given by --bundle; do not use it if it was changed after it was written'
}
