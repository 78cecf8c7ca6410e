/**
 * A store on object storage, for updaters on many machines.
 *
 * @module tuffet/s3
 */

export type { S3Client } from './objects.js'
export { s3Store, type S3StoreOptions } from './s3-store.js'
