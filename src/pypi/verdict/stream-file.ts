/** The bytes of a file that is vouched for, verified on their way, and the same into a folder. */
import { changedNote, sameOrigin, streamTarget, type TargetSource } from '../../client/download.js'
import { createGuard } from '../../client/guard.js'
import { createChecker } from '../../core/keys/hash.js'
import { checkedHashes } from '../../core/metadata/target-file.js'
import { checkNumber } from '../../core/number-option.js'
import { FetchTooLongError } from '../../errors.js'
import { downloadFile } from '../../node/download-file.js'
import { writeWhole, type WritableFile } from '../../node/batch-writer.js'
import { replaceFile } from '../../node/replace-file.js'
import type { PageRepository } from '../pages/project-pages.js'
import type { VouchedFile } from './verdict.js'

/** Options of a transfer. */
export interface StreamFileOptions {
  readonly signal?: AbortSignal | undefined
  /** Called for each chunk; `total` is undefined when the length is unknown. */
  readonly onProgress?: ((progress: FileProgress) => void) | undefined
  /**
   * The longest file of unknown length, in bytes: HTML pages do not state lengths. Default: the
   * view's. A longer file is refused with FetchTooLongError.
   */
  readonly maxUnsizedLength?: number | undefined
  /** @internal As in `StreamTargetOptions`. */
  readonly onRestart?: (() => void | Promise<void>) | undefined
}

const unsizedNote =
  'its page does not state its length, and maxUnsizedLength (--unsized-bytes) allows no more'

/** @internal Its default. */
export const defaultUnsizedLength = 10_000_000_000

/** How far a transfer is, in bytes. */
export interface FileProgress {
  readonly received: number
  readonly total: number | undefined
}

/**
 * @internal The chunks of a file. **They are unverified until the stream has ended**: it throws
 * instead of ending when they are not the file. Throws as `Repository.stream` does.
 */
export async function* streamFile(
  repository: PageRepository,
  vouched: VouchedFile,
  options: StreamFileOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { source, length } = sourceOf(repository, vouched)
  if (length !== undefined) yield* streamTarget(source, options)
  else yield* streamUnsized(source, options)
}

/** @internal As {@link streamFile}; before it ends, the publisher of the file is remembered. */
export async function* streamKept(
  repository: PageRepository,
  vouched: VouchedFile,
  options: StreamFileOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* streamFile(repository, vouched, options)
  await vouched.attestation?.keep?.()
}

/**
 * @internal Into `destination`, as `downloadFile` of `tuffet/node` does. Its publisher is remembered before the
 * file gets its name.
 */
export async function saveFile(
  repository: PageRepository,
  vouched: VouchedFile,
  destination: string,
  options: StreamFileOptions = {},
): Promise<void> {
  const { source, length } = sourceOf(repository, vouched)
  const onVerified = async (): Promise<void> => vouched.attestation?.keep?.()
  if (length !== undefined) {
    const saving = { ...options, onVerified }
    await downloadFile({ downloadSource: () => source }, source.target, destination, saving)
    return
  }
  const receive = async (file: WritableFile): Promise<void> => {
    await writeWhole(file, streamUnsized(source, options))
    await onVerified()
  }
  await replaceFile(destination, receive, options.signal)
}

interface FileSource {
  /** Its target lists every hash that counts. */
  readonly source: TargetSource
  readonly length: number | undefined
}

function sourceOf(repository: PageRepository, vouched: VouchedFile): FileSource {
  const { filename, target, page, address, length, hashes } = vouched
  const known = target ?? page
  if (known === undefined) throw new TypeError('neither a page nor a target vouches for the file')
  const source = repository.downloadSource(known, address)
  const path = target?.path ?? filename
  const verified = { path, length: length ?? 0, hashes: checkedHashes(hashes, path) }
  return { source: { ...source, target: verified }, length }
}

/** Without resumption: the end is unknown. */
async function* streamUnsized(
  { target, urls: [url = ''], fetcher, cryptography, limits }: TargetSource,
  { signal, onProgress, maxUnsizedLength: maxLength = defaultUnsizedLength }: StreamFileOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkNumber('maxUnsizedLength', maxLength, 0, Infinity)
  const { hashes, path } = target
  const checker = createChecker(
    { hashes },
    { role: path, step: '5.7.3', note: changedNote },
    cryptography,
  )
  const { targetDeadline: deadline, minimumRate, rateWindow } = limits
  const guard = createGuard({ maxLength, deadline, minimumRate, rateWindow, signal })
  try {
    const body = await guard.open(fetcher, { url, kind: 'target' })
    try {
      let received = 0
      for (let chunk = await body.next(); chunk; chunk = await body.next()) {
        checker.update(chunk)
        received += chunk.length
        onProgress?.({ received, total: undefined })
        yield chunk
      }
      checker.end()
    } finally {
      body.close()
    }
  } catch (error) {
    if (!(error instanceof FetchTooLongError)) throw error
    throw sameOrigin(error, new FetchTooLongError(error.url, maxLength, unsizedNote))
  } finally {
    guard.close()
  }
}
