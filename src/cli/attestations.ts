/** The judge of attestations of one call, made of its settings. Only a call that needs it loads it. */
import { join } from 'node:path'
import { attestationJudge, type JudgedFile, type JudgeFile } from '../attestations/judge.js'
import { indexProvenance, type AttestableFile } from '../attestations/source.js'
import { defaultFetcher } from '#platform'
import { retrying } from '../client/retry.js'
import type { Fetcher } from '../index.js'
import { sigstoreTrustedRoot } from '../sigstore/load-trusted-root.js'
import { parseTrustedRoot, type TrustedRoot } from '../sigstore/trusted-root.js'
import type { Call } from './command.js'
import { readInputFile } from './read-input.js'
import { openStore, refreshOptions } from './session.js'
import type { Settings } from './settings.js'
import { sigstoreFolder, stateFolder } from './state-folder.js'

/** Bytes; the one of Sigstore's public instance has 7,000. */
const longestTrustedRoot = 4_000_000

/** Makes judges, and knows what they found. */
export interface Attestations {
  /** Each has the trusted root as it is then. */
  judge(signal: AbortSignal): Promise<JudgeFile>
  /** Every file that was judged, once, with its latest verdict. */
  judged(): readonly JudgedEntry[]
}

/** A file that was judged. */
export interface JudgedEntry {
  readonly file: AttestableFile
  readonly finding: JudgedFile
  /** Whether its bytes, or a SHA-256 that the user has, agreed with its page. */
  readonly agreed: boolean
}

export function openAttestations(
  call: Call,
  settings: Settings,
  fetcher: Fetcher | undefined,
): Attestations {
  const folder = settings.store ?? stateFolder()
  const store = openStore(folder, call)
  const { publishers, require, firstUse = true } = settings.attestations ?? {}
  const judged = new Map<string, JudgedEntry>()
  function note(file: AttestableFile, finding: JudgedFile, agreed = false): void {
    const key = JSON.stringify([file.project, file.filename, file.sha256])
    judged.set(key, { file, finding, agreed: agreed || judged.get(key)?.agreed === true })
  }
  return {
    judged: () => [...judged.values()],
    judge: async (signal) =>
      attestationJudge({
        trustedRoot: await trustedRootOf(call, settings, { folder, fetcher, signal }),
        pins: publishers,
        requirement: require,
        store: firstUse ? store : undefined,
        // A report is no use of the files.
        remember: require !== 'report',
        source: indexProvenance({
          integrityUrl: settings.attestations?.integrityUrl,
          origins: settings.attestations?.origins,
          fetcher: retrying(fetcher ?? defaultFetcher(), { retries: settings.retries }),
          limits: settings.limits,
        }),
        onJudged: (file, finding) => note(file, finding),
        onAgreed: (file, finding) => note(file, finding, true),
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
    store: openStore(join(folder, sigstoreFolder), call),
    now: call.io.now,
    retries,
    fetcher,
    mode,
    signal,
  })
}
