/**
 * Projects, index pages and files of a PEP 458-style repository, verified.
 *
 * @module tuffet/pypi
 */
export type { CheckLockOptions, LockedFileVerdict, LockVerdict } from './check-lock.js'
export { parseFilename, type DistributionKind, type DistributionName } from './file-name.js'
export type { Content } from './file-content.js'
export type { FindOptions } from './find-file.js'
export type {
  IndexFile,
  IndexPage,
  LeftOut,
  MapFileUrl,
  ParsePageOptions,
  WritePageOptions,
} from './index-page.js'
export {
  pagesAndFilesLayout,
  pagesLayout,
  rstufLayout,
  type FileQuestion,
  type FilesLayoutOptions,
  type Layout,
  type LayoutAddress,
  type PageAddress,
  type PagesLayoutOptions,
} from './layouts.js'
export type { LockedFile, LockEntry } from './lock/entry.js'
export type { LockFile, LockFormat, LockOption } from './lock/lock-file.js'
export type { MarkerEnvironment } from './lock/marker.js'
export { readLock, type ReadLockOptions } from './lock/read-lock.js'
export { blake2bOfUrl, blake2bPath, normalizeName } from './names.js'
export { htmlPageType, parsePageHtml, writePageHtml } from './page-html.js'
export { jsonPageType, parsePageJson, writePageJson } from './page-json.js'
export { parsePage, type ParseAnyPageOptions } from './parse-page.js'
export type { LeftFile, Pin, PinnedFile, PinOptions } from './pin.js'
export type { PageRepository, ProjectPagesOptions } from './project-pages.js'
export { PlainIndex, plainIndexLayout, type PlainIndexOptions } from './plain-index.js'
export type { ProxyRepository, RepositorySource } from './proxy/current-view.js'
export { allowRemote, startProxy, type Proxy, type ProxyOptions } from './proxy/proxy.js'
export type { ProxyRefusal } from './proxy/refusal.js'
export type { SpoolOptions } from './proxy/spool.js'
export type { ReleaseFile } from './release-files.js'
export type { FileProgress, StreamFileOptions } from './stream-file.js'
export type { Difference, FileVerdict, Finding, Refusal, Verdict, VouchedFile } from './verdict.js'
export type { FolderProgress, VerifyFolderOptions } from './verify-folder.js'
export {
  compareVersions,
  formatVersion,
  parseVersion,
  satisfiesVersion,
  versionKey,
  type Version,
} from './version.js'
export {
  pypiView,
  type DownloadOptions,
  type PypiView,
  type PypiViewOptions,
  type VerifyFileOptions,
} from './view.js'
