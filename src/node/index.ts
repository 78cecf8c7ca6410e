/**
 * What Node, Deno and Bun have on top of the main entry.
 *
 * @module tuffet/node
 */
export { nodeCryptography } from './cryptography.js'
export {
  downloadFile,
  type DownloadedFile,
  type DownloadFileOptions,
  type TargetRepository,
} from './download-file.js'
export { fileStore, type FileStoreOptions, type PlantedPath } from './file-store.js'
export type { PathKind } from './planted.js'
export { nodeFetcher, type NodeFetcherOptions } from './node-fetcher.js'
export { type UndiciFetchOptions } from './undici-fetch.js'
