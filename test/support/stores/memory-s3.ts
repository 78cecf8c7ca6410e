/** Object storage in memory, with the answers and errors of `@aws-sdk/client-s3`. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { S3Client } from '../../../src/s3/index.js'

/** Its objects, and the requests in order. */
export interface MemoryS3 extends S3Client {
  readonly objects: Map<string, Uint8Array>
  readonly requests: string[]
}

export interface MemoryS3Options {
  /** The conditions that it ignores. */
  readonly ignores?: readonly ('IfMatch' | 'IfNoneMatch')[]
  /** The ETag of every object. Default: of its bytes. */
  readonly etag?: string
}

/** One bucket, `bucket`. */
export function memoryS3({ ignores = [], etag }: MemoryS3Options = {}): MemoryS3 {
  const objects = new Map<string, Uint8Array>()
  const requests: string[] = []
  const etagOf = (bytes: Uint8Array): string => etag ?? digestOf(bytes)
  const begin = async (what: string, bucket: string, key: string): Promise<void> => {
    requests.push(`${what} ${key}`)
    await setImmediate()
    if (bucket !== 'bucket') throw failure('NoSuchBucket', 404)
  }
  return {
    objects,
    requests,
    async getObject({ Bucket, Key, IfNoneMatch }) {
      await begin('get', Bucket, Key)
      const bytes = objects.get(Key)
      if (!bytes) throw failure('NoSuchKey', 404)
      if (etagOf(bytes) === IfNoneMatch) throw failure('304', 304)
      return { Body: chunks(bytes), ETag: etagOf(bytes) }
    },
    async putObject({ Bucket, Key, Body, IfMatch, IfNoneMatch }) {
      const asked = Body.slice()
      await begin('put', Bucket, Key)
      const there = objects.get(Key)
      if (IfMatch !== undefined && !ignores.includes('IfMatch')) {
        if (!there) throw failure('NoSuchKey', 404)
        if (etagOf(there) !== IfMatch) throw failure('PreconditionFailed', 412)
      }
      if (IfNoneMatch === '*' && there && !ignores.includes('IfNoneMatch')) {
        throw failure('PreconditionFailed', 412)
      }
      objects.set(Key, asked)
      return { ETag: etagOf(asked) }
    },
    async deleteObject({ Bucket, Key }) {
      await begin('delete', Bucket, Key)
      objects.delete(Key)
    },
  }
}

/** An error of the client. */
export function failure(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } })
}

function digestOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.slice(at, at + 65_536)
}
