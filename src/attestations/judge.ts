/**
 * Judges files by the attestations that their index serves (PEP 740). Rules:
 * - the page's link is asked first, else the Integrity API where its URL is given;
 * - "not found" is an answer: the file has no attestation. Any other failure is an error, and never
 *   counts as "none";
 * - with a store, publishers are remembered: a change, or a disappearance, is refused and names both;
 * - a pinned project needs its publisher whatever was seen before.
 */
import { defaultCryptography, defaultFetcher } from '#platform'
import { fetchBytes } from '../client/fetch-bytes.js'
import type { Fetcher } from '../client/fetcher.js'
import { resolveLimits, type Limits } from '../client/limits.js'
import { SharedTasks } from '../client/shared-task.js'
import type { Store } from '../client/store.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { joinUrl } from '../core/names.js'
import { isTufError } from '../errors.js'
import type { TrustedRoot } from '../sigstore/trusted-root.js'
import { attestationBudget } from './budget.js'
import { checkFirstUse, firstUseEntry, readFirstUse, writeFirstUse } from './first-use.js'
import type { PublisherPin, PublisherPins } from './pins.js'
import {
  isAcceptable,
  judgeFile,
  type AttestationRequirement,
  type AttestationVerdict,
} from './policy.js'
import { describePublisher } from './publisher.js'

/**
 * - `match`: a pinned publisher signed the file
 * - `mismatch`: the attestation was refused, or another publisher signed it
 * - `signed`: a publisher signed it, and none is pinned
 * - `no-attestation`: nobody signed it
 * - `cannot-be-judged`: its publishers are of kinds that cannot be judged
 */
export type AttestationWord = AttestationVerdict['verdict']

/** The signers of a file, and whether the policy takes it. */
export interface AttestationFinding {
  readonly verdict: AttestationWord
  /** A sentence without its full stop. */
  readonly reason: string
  /** Whether the policy takes the file. */
  readonly accepted: boolean
}

/** A file as an index lists it, for a judge. */
export interface AttestableFile {
  /** Normalised. */
  readonly project: string
  /** Normalised. */
  readonly version: string
  readonly filename: string
  /** Lower-case hexadecimal; undefined when neither page nor target list it. */
  readonly sha256: string | undefined
  /** The URL on the page, if it lists one. */
  readonly provenance?: string | undefined
}

/**
 * Judges a file by its attestations.
 *
 * @throws the errors of fetching them, and the signal's reason
 */
export type JudgeFile = (
  file: AttestableFile,
  options: {
    /** Publishers that count as pins where the policy has none for the project. */
    readonly identities?: readonly PublisherPin[] | undefined
    readonly signal?: AbortSignal | undefined
  },
) => Promise<AttestationFinding>

/** Options of {@link attestationJudge}. */
export interface AttestationJudgeOptions {
  /** From `sigstoreTrustedRoot`. */
  readonly trustedRoot: TrustedRoot
  /** Project, normalised → its publishers. Default: nothing is pinned. */
  readonly pins?: PublisherPins | undefined
  /** Default `pinned`. */
  readonly requirement?: AttestationRequirement | undefined
  /** Where publishers are remembered from first use. Default: they are not. */
  readonly store?: Store | undefined
  /** Whether new publishers are remembered; else they are compared only. Default true. */
  readonly remember?: boolean | undefined
  /** The Integrity API, such as `https://pypi.org/integrity/`, for pages without links. */
  readonly integrityUrl?: string | undefined
  /** Default: the platform's. */
  readonly fetcher?: Fetcher | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
  /** Deadlines and rates, as for `Updater`. */
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined
  /** Called once for each file, with the verdict. */
  readonly onJudged?: ((file: AttestableFile, finding: JudgedFile) => void) | undefined
}

/** A finding, with the verdict that it comes from. */
export interface JudgedFile extends AttestationFinding {
  readonly judged: AttestationVerdict
}

const mediaType = 'application/vnd.pypi.integrity.v1+json'

/**
 * A judge for `pypiView`. It fetches the attestations of a file once.
 *
 * @example
 * ```ts
 * import { attestationJudge, parsePublisherPins } from 'tuffet/attestations'
 * import { PlainIndex, plainIndexLayout, pypiView } from 'tuffet/pypi'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * const pins = parsePublisherPins({
 *   demo: [{ kind: 'GitHub', repository: 'demo/demo', workflow: 'publish.yml' }],
 * })
 * const judge = attestationJudge({ trustedRoot: await sigstoreTrustedRoot(), pins })
 * const index = new PlainIndex({ url: 'https://pypi.org/simple/' })
 * const view = pypiView(index, plainIndexLayout, { unsigned: true, judge })
 * console.log((await view.verifyFile('demo-1.0.tar.gz')).verdict)
 * ```
 */
export function attestationJudge(options: AttestationJudgeOptions): JudgeFile {
  const { cryptography = defaultCryptography, fetcher = defaultFetcher(), trustedRoot } = options
  const { pins = new Map<string, readonly PublisherPin[]>(), requirement = 'pinned' } = options
  const limits = resolveLimits(options.limits)
  const judged = new Map<string, JudgedFile>()
  const judging = new SharedTasks<JudgedFile>()
  let remembering: Promise<unknown> = Promise.resolve()

  async function fetchProvenance(
    file: AttestableFile,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | undefined> {
    const url = file.provenance ?? integrityUrl(options.integrityUrl, file)
    if (url === undefined) return undefined
    const { metadataDeadline: deadline, minimumRate, rateWindow } = limits
    try {
      return await fetchBytes(fetcher, url, {
        kind: 'metadata',
        accept: mediaType,
        maxLength: attestationBudget.provenanceLength,
        deadline,
        minimumRate,
        rateWindow,
        signal,
      })
    } catch (error) {
      // "Forbidden" is also what a firewall or a limit of rate says.
      const missing = isTufError(error) && error.code === 'ERR_TUF_FETCH_NOT_FOUND'
      if (missing && !('status' in error && error.status === 403)) return undefined
      throw error
    }
  }

  async function judge(
    file: AttestableFile,
    own: readonly PublisherPin[],
    signal: AbortSignal | undefined,
  ): Promise<JudgedFile> {
    if (file.sha256 === undefined) {
      const pinned = own.length > 0
      const verdict: AttestationVerdict = { verdict: 'cannot-be-judged', pinned, kinds: [] }
      const why = 'neither its page nor its target has its SHA-256'
      // Else leaving the hash out would take back what was seen before.
      const problem = await compare(file, verdict)
      return problem === undefined ? finding(verdict, requirement, why) : changedTo(problem, false)
    }
    const { filename, sha256 } = file
    const provenance = await fetchProvenance(file, signal)
    const verdict = judgeFile(
      provenance,
      { filename, sha256 },
      { trustedRoot, cryptography, pins: own },
    )
    const problem = await compare(file, verdict)
    if (problem === undefined) return finding(verdict, requirement)
    return changedTo(problem, verdict.pinned)
  }

  function changedTo(reason: string, pinned: boolean): JudgedFile {
    return finding(
      { verdict: 'mismatch', pinned, reason, publishers: [], error: undefined },
      requirement,
    )
  }

  /** One after another: each reads what the one before wrote. */
  function compare(file: AttestableFile, verdict: AttestationVerdict): Promise<string | undefined> {
    const { store, remember = true } = options
    if (store === undefined) return Promise.resolve(undefined)
    const done = remembering.then(() => compareWith(store, remember, file, verdict))
    remembering = done.catch(() => undefined)
    return done
  }

  return async (file, { identities = [], signal }) => {
    const own = pins.get(file.project) ?? identities
    const key = JSON.stringify([file.project, file.filename, file.sha256, file.provenance, own])
    // A failure is not a verdict, and not kept: the next caller asks again.
    return (
      judged.get(key) ??
      judging.run(
        key,
        async (shared) => {
          const result = await judge(file, own, shared)
          judged.set(key, result)
          options.onJudged?.(file, result)
          return result
        },
        signal,
      )
    )
  }
}

/** @internal Why the publishers are not those seen before; undefined when they are. */
async function compareWith(
  store: Store,
  remember: boolean,
  file: AttestableFile,
  verdict: AttestationVerdict,
): Promise<string | undefined> {
  const commit = async (): Promise<string | undefined> => {
    const first = readFirstUse(await store.get(firstUseEntry))
    try {
      const next = checkFirstUse(first, file, verdict)
      if (remember && next !== first) await store.set(firstUseEntry, writeFirstUse(next))
      return undefined
    } catch (error) {
      if (!isTufError(error) || error.code !== 'ERR_TUF_PUBLISHER_CHANGED') throw error
      return error.message
    }
  }
  return store.exclusive ? store.exclusive(commit) : commit()
}

function finding(
  judged: AttestationVerdict,
  requirement: AttestationRequirement,
  reason = reasonOf(judged),
): JudgedFile {
  return { verdict: judged.verdict, reason, accepted: isAcceptable(judged, requirement), judged }
}

function reasonOf(judged: AttestationVerdict): string {
  switch (judged.verdict) {
    case 'match': {
      const { publisher } = judged.pin
      return `signed by its pinned publisher${publisher ? `, ${describePublisher(publisher)}` : ''}`
    }
    case 'mismatch':
      return judged.reason
    case 'signed':
      return `signed by ${judged.publishers.map(describePublisher).join(', ')}, and none is pinned`
    case 'no-attestation':
      return judged.pinned
        ? 'its project has a pinned publisher, and the index has no attestation of the file'
        : 'the index has no attestation of it'
    case 'cannot-be-judged':
      return `signed by ${judged.kinds.join(', ')}, a kind that cannot be judged`
  }
}

function integrityUrl(base: string | undefined, file: AttestableFile): string | undefined {
  if (base === undefined) return undefined
  const segments = [file.project, file.version, file.filename].map(encodeURIComponent)
  return joinUrl(base, [...segments, 'provenance'].join('/'))
}
