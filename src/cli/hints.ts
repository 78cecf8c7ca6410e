/** What to do next, for every code of an error. */
import type { TufErrorCode } from '../errors.js'

/** One sentence each, without its full stop. */
export const hints: Readonly<Record<TufErrorCode, string>> = {
  ERR_TUF_METADATA_INVALID:
    'this is not metadata as the specification has it; check the URL, and tell whoever made it',
  ERR_TUF_SPEC_VERSION_UNSUPPORTED: 'a newer tuffet may read it',
  ERR_TUF_THRESHOLD_NOT_MET:
    'do not use these files: too few trusted keys vouch for them; tell the repository, or check that the root belongs to it',
  ERR_TUF_ROLLBACK:
    'an old state is offered: a mirror behind the times, or an attack; try again later, and tell the repository',
  ERR_TUF_VERSION_MISMATCH: 'the repository is being published or mirrored; try again in a minute',
  ERR_TUF_EXPIRED:
    'the repository, or a mirror of it, has stopped being renewed; check your clock, try again later, tell the repository',
  ERR_TUF_LENGTH_MISMATCH:
    'do not use the file; fetch it again from the repository itself, after a refresh',
  ERR_TUF_HASH_MISMATCH:
    'do not use the file; fetch it again from the repository itself, after a refresh',
  ERR_TUF_ROLE_NOT_LISTED: 'the repository is incomplete; tell it',
  ERR_TUF_TARGET_NOT_FOUND:
    'check how the path is written; tuffet explain PATH shows which roles were asked',
  ERR_TUF_SEARCH_LIMIT: 'the repository delegates further than is followed; tell it',
  ERR_TUF_LIMIT:
    'the file is longer than this client takes; if that is right, a program can raise the limit, else report it to the operators of the repository',
  ERR_TUF_SNAPSHOT_GONE: 'the repository changed meanwhile; try again',
  ERR_TUF_NAME_UNSAFE: 'such a name is never asked for; check how it is written',
  ERR_TUF_FETCH_NOT_FOUND: 'check the URL; if it is right, the repository is incomplete',
  ERR_TUF_FETCH_FAILED: 'check the URL and the connection, and try again',
  ERR_TUF_FETCH_TOO_LONG:
    'try again after a refresh; if it stays so, do not use the file, and tell the repository',
  ERR_TUF_FETCH_TIMEOUT: 'try again, with a better connection or another mirror',
  ERR_TUF_FETCH_TOO_SLOW: 'try again, with a better connection or another mirror',
  ERR_TUF_STORE_FAILED: 'check the folder given by --store: its rights, its disk, links in it',
  ERR_TUF_STORE_CONFLICT: 'try again; other programs are using the same store',
  ERR_TUF_STORE_FOREIGN:
    'give each repository a --store of its own, or check --root; tuffet init --replace starts again with another repository',
  ERR_TUF_NOT_STORED:
    'run tuffet init with a root you trust, then tuffet refresh with a way to the repository',
  ERR_TUF_PAGE_INVALID: 'the repository vouches for a page that is none; tell it',
  ERR_TUF_LOCK_INVALID: 'nothing in the lock file was checked; write it anew with its tool',
  ERR_TUF_CLOCK_BEHIND:
    'set the clock; if it was the earlier time that was wrong, tuffet reset forgets it',
}
