/**
 * A target file on disk. It is written under a name of its own beside the destination and takes the
 * destination's name only when length and every known hash match. Every other file is removed.
 */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type StreamTargetOptions, streamTarget, type TargetSource } from '../client/download.js'
import type { TargetFile } from '../core/metadata/model.js'
import { checkedTarget } from '../core/metadata/target-file.js'
import { BatchWriter, type WritableFile } from './batch-writer.js'
import { hasContent } from './is-target-file.js'
import { regularFile, replaceFile } from './replace-file.js'

/** Options of {@link downloadFile}. */
export interface DownloadFileOptions extends StreamTargetOptions {
  /** Whether a destination with the right length and hashes is kept. Default true. */
  readonly reuse?: boolean | undefined
  /** @internal Called when the bytes are verified, before the file gets its name; it may throw. */
  readonly onVerified?: (() => Promise<void>) | undefined
}

/** The result of {@link downloadFile}. */
export interface DownloadedFile {
  /** False when the destination was already right, so that no request was made. */
  readonly fetched: boolean
}

/** The part of a `Repository` that {@link downloadFile} uses. */
export interface TargetRepository {
  downloadSource(target: TargetFile): TargetSource
}

/**
 * Brings `target` to `destination`. It replaces a regular file and keeps its mode; it refuses a
 * link, a device or a folder. It resumes a broken connection. It removes the temporary files of
 * earlier downloads that were killed.
 *
 * Throws `LengthMismatchError` or `HashMismatchError` (step 5.7.3; the latter also when no listed
 * hash is known), `FetchNotFoundError`, `FetchTooLongError`, `FetchTooSlowError`,
 * `FetchTimeoutError`, `FetchFailedError`, the signal's own reason, `DestinationError` when no file
 * can have that path (a folder, a link or a device has it, its folder is missing, the name is too
 * long), `TypeError` when the target lacks a length or hashes, and the other errors of the file
 * system. After each of them the destination is unchanged, without a temporary file beside it.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { downloadFile } from 'tuffet/node'
 *
 * async function fetchWheel(updater: Updater): Promise<void> {
 *   const repository = await updater.refresh()
 *   const target = await repository.find('pkgs/a.whl')
 *   if (target) await downloadFile(repository, target, 'a.whl')
 * }
 * ```
 */
export async function downloadFile(
  repository: TargetRepository,
  target: TargetFile,
  destination: string | URL,
  options: DownloadFileOptions = {},
): Promise<DownloadedFile> {
  const path = destination instanceof URL ? fileURLToPath(destination) : resolve(destination)
  const given = repository.downloadSource(checkedTarget(target))
  const source = { ...given, target: checkedTarget(given.target) }
  options.signal?.throwIfAborted()
  if (await isThere(path, source, options)) {
    await options.onVerified?.()
    return { fetched: false }
  }

  await replaceFile(path, (file) => receive(source, file, options), options.signal)
  return { fetched: true }
}

async function receive(
  source: TargetSource,
  file: WritableFile,
  options: DownloadFileOptions,
): Promise<void> {
  const writer = new BatchWriter(file)
  const chunks = streamTarget(source, { ...options, onRestart: () => writer.restart() })
  for await (const chunk of chunks) {
    const full = writer.add(chunk)
    if (full !== undefined) await full
  }
  await writer.end()
  await options.onVerified?.()
}

/** Whether the destination is the target already. */
async function isThere(
  path: string,
  source: TargetSource,
  options: DownloadFileOptions,
): Promise<boolean> {
  const found = regularFile(path)
  if (options.reuse === false || found?.size !== source.target.length) return false
  return matches(path, source, options)
}

async function matches(
  path: string,
  { target, cryptography }: TargetSource,
  { signal }: DownloadFileOptions,
): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW || 0))
  try {
    return await hasContent(file, target, cryptography, signal)
  } finally {
    await file.close()
  }
}
