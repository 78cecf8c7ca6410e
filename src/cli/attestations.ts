/** The judge of attestations of one call, made of its settings. Only a call that needs it loads it. */
import { join } from 'node:path'
import { attestationJudge, type JudgedFile, type JudgeFile } from '../attestations/judge.js'
import {
  indexProvenance,
  type AttestableFile,
  type ProvenanceSource,
} from '../attestations/source.js'
import { defaultFetcher } from '#platform'
import { retrying } from '../client/retry.js'
import type { Fetcher, Store } from '../index.js'
import type { OfflineBundle } from '../pypi/bundle/read-bundle.js'
import { sigstoreTrustedRoot, type SigstoreOptions } from '../sigstore/load-trusted-root.js'
import { sigstoreTrustedRootChain, type TrustedRootChain } from '../sigstore/trusted-root-chain.js'
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
  /** From now on provenance is kept as it is served, by {@link provenanceKey}. */
  keepProvenance(): ReadonlyMap<string, Uint8Array>
  /** The files that lead to Sigstore's trusted root; undefined for a trusted root of the user's. */
  chain(signal: AbortSignal): Promise<TrustedRootChain | undefined>
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
  {
    fetcher,
    bundle,
  }: { readonly fetcher: Fetcher | undefined; readonly bundle?: OfflineBundle | undefined },
): Attestations {
  const folder = settings.store ?? stateFolder()
  const store = openStore(folder, call)
  const {
    publishers,
    require,
    firstUse = true,
    integrityUrl,
    origins,
  } = settings.attestations ?? {}
  const { limits, retries } = settings
  const asked = retrying(fetcher ?? defaultFetcher(), { retries })
  const given = bundle?.source ?? indexProvenance({ integrityUrl, origins, fetcher: asked, limits })
  let kept: Map<string, Uint8Array> | undefined
  const source: ProvenanceSource = async (file, signal) => {
    const answer = await given(file, signal)
    const { filename, sha256 } = file
    if (answer.provenance && sha256 !== undefined) {
      kept?.set(provenanceKey(filename, sha256), answer.provenance)
    }
    return answer
  }
  const judged = new Map<string, JudgedEntry>()
  function note(file: AttestableFile, finding: JudgedFile, agreed = false): void {
    const key = JSON.stringify([file.project, file.filename, file.sha256])
    judged.set(key, { file, finding, agreed: agreed || judged.get(key)?.agreed === true })
  }
  const trust = { call, settings, fetcher, store: openStore(join(folder, sigstoreFolder), call) }
  return {
    judged: () => [...judged.values()],
    keepProvenance: () => (kept ??= new Map()),
    chain: (signal) =>
      settings.trustedRoot === undefined
        ? sigstoreTrustedRootChain(sigstoreOptions(trust, signal))
        : Promise.resolve(undefined),
    judge: async (signal) =>
      attestationJudge({
        trustedRoot: await trustedRootOf(trust, bundle, signal),
        pins: publishers,
        requirement: require,
        store: firstUse ? store : undefined,
        // A report is no use of the files.
        remember: require !== 'report',
        source,
        onJudged: (file, finding) => note(file, finding),
        onAgreed: (file, finding) => note(file, finding, true),
      }),
  }
}

/** Two files can have the same bytes. */
export function provenanceKey(filename: string, sha256: string): string {
  return `${sha256} ${filename}`
}

interface TrustContext {
  readonly call: Call
  readonly settings: Settings
  readonly fetcher: Fetcher | undefined
  readonly store: Store
}

/** A file of the user's, or the one that Sigstore's own repository vouches for. */
async function trustedRootOf(
  context: TrustContext,
  bundle: OfflineBundle | undefined,
  signal: AbortSignal,
): Promise<TrustedRoot> {
  const { call, settings, store } = context
  if (settings.trustedRoot !== undefined) {
    return parseTrustedRoot(await readInputFile(settings.trustedRoot, longestTrustedRoot, call.io))
  }
  if (bundle === undefined) return sigstoreTrustedRoot(sigstoreOptions(context, signal))
  const { fixedTime, now } = sigstoreOptions(context, signal)
  return bundle.trustedRoot({ store, fixedTime, now, signal })
}

function sigstoreOptions(
  { call: { options, io }, settings, fetcher, store }: TrustContext,
  signal: AbortSignal,
): SigstoreOptions {
  const { mode, now: fixedTime } = refreshOptions(options)
  return { store, now: io.now, retries: settings.retries, fetcher, mode, fixedTime, signal }
}
