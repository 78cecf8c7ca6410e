/** The folder of a call that names no store, and a store's own folders. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a user's programs keep their state, for a call without a store of its own. */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const { XDG_STATE_HOME: state = '', LOCALAPPDATA: local = '' } = env
  if (process.platform === 'win32' && local !== '') return join(local, 'tuffet')
  return join(state.startsWith('/') ? state : join(homedir(), '.local', 'state'), 'tuffet')
}

/** Below a store: the metadata of Sigstore's repository. */
export const sigstoreFolder = 'sigstore'
