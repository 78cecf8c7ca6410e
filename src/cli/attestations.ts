/** The judge of attestations of one call, made of its settings. Only a call that needs it loads it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  attestationJudge,
  type AttestableFile,
  type JudgedFile,
  type JudgeFile,
} from '../attestations/judge.js'
import { defaultFetcher } from '#platform'
import { retrying } from '../client/retry.js'
import type { Fetcher } from '../index.js'
import { sigstoreTrustedRoot } from '../sigstore/load-trusted-root.js'
import { parseTrustedRoot, type TrustedRoot } from '../sigstore/trusted-root.js'
import type { Call } from './command.js'
import { readInputFile } from './read-input.js'
import { openStore, refreshOptions } from './session.js'
import type { Settings } from './settings.js'

/** Bytes; the one of Sigstore's public instance has 7,000. */
const longestTrustedRoot = 4_000_000

/** Makes judges, and knows what they found. */
export interface Attestations {
  /** Each has the trusted root as it is then. */
  judge(signal: AbortSignal): Promise<JudgeFile>
  /** Every file that was judged, in the order of the verdicts. */
  readonly judged: readonly { readonly file: AttestableFile; readonly finding: JudgedFile }[]
}

export function openAttestations(
  call: Call,
  settings: Settings,
  fetcher: Fetcher | undefined,
): Attestations {
  const folder = settings.store ?? stateFolder()
  const store = openStore(folder, call)
  const { publishers, require, firstUse = true, integrityUrl } = settings.attestations ?? {}
  const judged: { file: AttestableFile; finding: JudgedFile }[] = []
  return {
    judged,
    judge: async (signal) =>
      attestationJudge({
        trustedRoot: await trustedRootOf(call, settings, { folder, fetcher, signal }),
        pins: publishers,
        requirement: require,
        store: firstUse ? store : undefined,
        // A report is no use of the files.
        remember: require !== 'report',
        integrityUrl,
        fetcher: retrying(fetcher ?? defaultFetcher(), { retries: settings.retries }),
        limits: settings.limits,
        onJudged: (file, finding) => judged.push({ file, finding }),
      }),
  }
}

/** A file of the user's, or the one that Sigstore's own repository vouches for. */
async function trustedRootOf(
  call: Call,
  { trustedRoot, retries }: Settings,
  {
    folder,
    fetcher,
    signal,
  }: { folder: string; fetcher: Fetcher | undefined; signal: AbortSignal },
): Promise<TrustedRoot> {
  if (trustedRoot !== undefined) {
    return parseTrustedRoot(await readInputFile(trustedRoot, longestTrustedRoot, call.io))
  }
  const { mode = 'online' } = refreshOptions(call.options)
  return sigstoreTrustedRoot({
    store: openStore(join(folder, 'sigstore'), call),
    now: call.io.now,
    retries,
    fetcher,
    mode,
    signal,
  })
}

/** Where a user's programs keep their state, for a call without a store of its own. */
function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { XDG_STATE_HOME: state = '', LOCALAPPDATA: local = '' } = env
  if (process.platform === 'win32' && local !== '') return join(local, 'tuffet')
  return join(state.startsWith('/') ? state : join(homedir(), '.local', 'state'), 'tuffet')
}
