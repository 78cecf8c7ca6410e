/**
 * The exports for Node, Deno and Bun beyond the main entry.
 *
 * @module tuffet/node
 */
export type { PublishedEvent } from '../client/events.js'
export { nodeCryptography } from './cryptography.js'
export {
  downloadFile,
  type DownloadedFile,
  type DownloadFileOptions,
  type TargetRepository,
} from './download-file.js'
export { fileStore, type FileStoreOptions, type PlantedPath } from './file-store.js'
export { folderFetcher } from './folder-fetcher.js'
export { isTargetFile, type IsTargetFileOptions } from './is-target-file.js'
export type { PathKind } from './planted.js'
export { nodeFetcher, type NodeFetcherOptions } from './node-fetcher.js'
export { type UndiciFetchOptions } from './undici-fetch.js'
