/**
 * Judges files by the attestations that their index serves (PEP 740). Rules:
 * - provenance that is there and cannot be used is never "no attestation";
 * - with a store, publishers are remembered: a change, or a disappearance, is refused and names both;
 * - a publisher is remembered when the bytes of its file agreed, and not before;
 * - a pinned project needs its publisher whatever was seen before.
 */
import { defaultCryptography } from '#platform'
import { SharedTasks } from '../client/shared-task.js'
import type { Store } from '../client/store.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { isTufError, type PublisherChangedError } from '../errors.js'
import type { TrustedRoot } from '../sigstore/trusted-root.js'
import { compareWithStore, rememberInStore } from './first-use.js'
import { describePin, type PublisherPin, type PublisherPins } from './pins.js'
import {
  isAcceptable,
  judgeFile,
  judgeProvenance,
  type AttestationRequirement,
  type AttestationVerdict,
} from './policy.js'
import { describePublisher } from './publisher.js'
import { indexProvenance, type AttestableFile, type ProvenanceSource } from './source.js'

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
  /**
   * To be called when the bytes of the file agreed, before they are used: it remembers the publisher.
   *
   * @throws PublisherChangedError when another one was remembered meanwhile; StoreFailedError
   */
  readonly keep?: (() => Promise<void>) | undefined
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
  /** Default: `indexProvenance()`. */
  readonly source?: ProvenanceSource | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
  /** Called for each file with its verdict, and again if `keep` finds that its publisher changed. */
  readonly onJudged?: ((file: AttestableFile, finding: JudgedFile) => void) | undefined
  /** Called for each file whose bytes agreed and whose publisher was remembered, if it had to be. */
  readonly onAgreed?: ((file: AttestableFile, finding: JudgedFile) => void) | undefined
}

/** A finding, with the verdict that it comes from. */
export interface JudgedFile extends AttestationFinding {
  readonly judged: AttestationVerdict
}

/**
 * A judge for `PypiView`. It fetches the attestations of a file once.
 *
 * @example
 * ```ts
 * import { attestationJudge, parsePublisherPins } from 'tuffet/attestations'
 * import { PlainIndex, plainIndexLayout, PypiView } from 'tuffet/pypi'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * const pins = parsePublisherPins({
 *   demo: [{ kind: 'GitHub', repository: 'demo/demo', workflow: 'publish.yml' }],
 * })
 * const judge = attestationJudge({ trustedRoot: await sigstoreTrustedRoot(), pins })
 * const index = new PlainIndex({ url: 'https://pypi.org/simple/' })
 * const view = new PypiView(index, plainIndexLayout, { unsigned: true, judge })
 * console.log((await view.verifyFile('demo-1.0.tar.gz')).verdict)
 * ```
 */
export function attestationJudge(options: AttestationJudgeOptions): JudgeFile {
  const { cryptography = defaultCryptography, source = indexProvenance(), trustedRoot } = options
  const { pins = new Map<string, readonly PublisherPin[]>(), requirement = 'pinned' } = options
  const { store, remember = true } = options
  const judged = new Map<string, JudgedFile>()
  const judging = new SharedTasks<JudgedFile>()

  function record(key: string, file: AttestableFile, result: JudgedFile): JudgedFile {
    judged.set(key, result)
    options.onJudged?.(file, result)
    return result
  }

  async function judge(
    key: string,
    file: AttestableFile,
    own: readonly PublisherPin[],
    signal: AbortSignal | undefined,
  ): Promise<JudgedFile> {
    const { verdict, why } = await verdictOn(file, own, signal)
    const changed = (error: PublisherChangedError): JudgedFile =>
      finding(
        {
          verdict: 'mismatch',
          pinned: verdict.pinned,
          reason: why === undefined ? error.message : `${error.message} (${why})`,
          publishers: [],
          error: undefined,
        },
        requirement,
      )
    try {
      if (store) await compareWithStore(store, file, verdict)
    } catch (error) {
      if (!isPublisherChanged(error)) throw error
      return record(key, file, changed(error))
    }
    let kept: Promise<void> | undefined
    const keepNow = async (): Promise<void> => {
      try {
        if (store && remember) await rememberInStore(store, file, verdict)
        options.onAgreed?.(file, result)
      } catch (error) {
        // A store that failed may work the next time.
        kept = undefined
        if (isPublisherChanged(error)) record(key, file, changed(error))
        throw error
      }
    }
    const result = {
      ...finding(verdict, requirement, why),
      keep: (): Promise<void> => (kept ??= keepNow()),
    }
    return record(key, file, result)
  }

  async function verdictOn(
    file: AttestableFile,
    own: readonly PublisherPin[],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly verdict: AttestationVerdict; readonly why?: string | undefined }> {
    const { filename, sha256 } = file
    const unjudged = { verdict: 'cannot-be-judged', pinned: own.length > 0, kinds: [] } as const
    // Else leaving the hash out would take back what was seen before.
    if (sha256 === undefined) {
      return { verdict: unjudged, why: 'neither its page nor its target has its SHA-256' }
    }
    const answer = await source(file, signal)
    if (answer.provenance !== undefined) {
      const attested = { filename, sha256 }
      const { provenance } = answer
      return { verdict: judgeFile(provenance, attested, { trustedRoot, cryptography, pins: own }) }
    }
    if (answer.unusable !== undefined) return { verdict: unjudged, why: answer.unusable }
    return { verdict: judgeProvenance(undefined, own) }
  }

  return async (file, { identities = [], signal }) => {
    const own = pins.get(file.project) ?? identities
    const { project, filename, sha256, provenance, unreadableLink, page } = file
    const key = JSON.stringify([project, filename, sha256, provenance, unreadableLink, page, own])
    // A failure is not a verdict, and not kept: the next caller asks again.
    const task = (shared: AbortSignal): Promise<JudgedFile> => judge(key, file, own, shared)
    return judged.get(key) ?? judging.run(key, task, signal)
  }
}

function isPublisherChanged(error: unknown): error is PublisherChangedError {
  return isTufError(error) && error.code === 'ERR_TUF_PUBLISHER_CHANGED'
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
    case 'match':
      return `signed by its pinned publisher, ${describePin(judged.pin)}`
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
