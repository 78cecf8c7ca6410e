/**
 * Projects, index pages and files of a PEP 458-style repository, verified.
 *
 * @module tuffet/pypi
 */
export {
  openOfflineBundle,
  type BundleTrustOptions,
  type OfflineBundle,
} from './bundle/read-bundle.js'
export { writeOfflineBundle, type BundleContent, type BundledFile } from './bundle/write-bundle.js'
export type { CheckLockOptions, LockedFileVerdict, LockVerdict } from './verdict/check-lock.js'
export { parseFilename, type DistributionKind, type DistributionName } from './names/file-name.js'
export type { Content } from './verdict/file-content.js'
export type { FindOptions } from './verdict/find-file.js'
export type {
  IndexFile,
  IndexPage,
  LeftOut,
  MapFileUrl,
  ParsePageOptions,
  WritePageOptions,
} from './pages/index-page.js'
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
export type { LockedFile, LockEntry, LockOption } from './lock/entry.js'
export type { LockFormat } from './lock/formats.js'
export type { MarkerEnvironment } from './names/marker.js'
export { type LockFile, readLock, type ReadLockOptions } from './lock/read-lock.js'
export { blake2bOfUrl, blake2bPath, normalizeName } from './names/names.js'
export { htmlPageType, parsePageHtml, writePageHtml } from './pages/page-html.js'
export { jsonPageType, parsePageJson, writePageJson } from './pages/page-json.js'
export { parsePage, type ParseAnyPageOptions } from './pages/parse-page.js'
export type { LeftFile, Pin, PinnedFile, PinOptions } from './verdict/pin.js'
export type { PageRepository, ProjectPagesOptions } from './pages/project-pages.js'
export { PlainIndex, plainIndexLayout, type PlainIndexOptions } from './plain-index.js'
export type { ProxyRepository, RepositorySource } from './proxy/current-view.js'
export { allowRemote, startProxy, type Proxy, type ProxyOptions } from './proxy/proxy.js'
export type { ProxyRefusal } from './proxy/refusal.js'
export type { SpoolOptions } from './proxy/spool.js'
export type { ReleaseFile } from './pages/release-files.js'
export type { FileProgress, StreamFileOptions } from './verdict/stream-file.js'
export type {
  Difference,
  FileVerdict,
  Finding,
  Unvouched,
  Verdict,
  VouchedFile,
} from './verdict/verdict.js'
export type { FolderProgress, VerifyFolderOptions } from './verdict/verify-folder.js'
export {
  compareVersions,
  formatVersion,
  parseVersion,
  satisfiesVersion,
  versionKey,
  type Version,
} from './names/version.js'
export {
  PypiView,
  type DownloadOptions,
  type FilesOptions,
  type PypiViewOptions,
  type VerifyFileOptions,
} from './view.js'
