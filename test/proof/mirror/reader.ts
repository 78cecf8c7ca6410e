/** A client that only knows a mirror's folder, as a web server shows it, and verifies everything in it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FetchNotFoundError } from '../../../src/errors.js'
import { Updater, type Fetcher } from '../../../src/index.js'

const base = 'http://mirror.test/'

export interface Served {
  /** The version of the timestamp. */
  readonly timestamp: number
  /** Files that were verified. */
  readonly files: number
}

/**
 * Starts from the first root with an empty store, and verifies every role and every target that the served
 * timestamp leads to.
 *
 * @returns undefined where no timestamp is served yet
 * @throws the errors of the client for anything that is missing, torn or of another snapshot
 */
export async function readAll(folder: string, root: Uint8Array): Promise<Served | undefined> {
  if (!existsSync(join(folder, 'metadata', 'timestamp.json'))) return undefined
  const [metadataUrl, targetsUrl] = [`${base}metadata/`, `${base}targets/`]
  const fetcher = folderServer(folder)
  const repository = await new Updater({ metadataUrl, targetsUrl, fetcher, root }).refresh()
  let files = 4
  for await (const role of repository.walk()) {
    files += 1
    for (const path of role.signed.targets.keys()) {
      const target = await repository.find(path)
      if (!target) throw new Error(`${path} is listed and not found`)
      const [url = ''] = repository.downloadSource(target).urls
      await repository.verify(path, bytesAt(folder, url))
      files += 1
    }
  }
  return { timestamp: repository.timestamp.version, files }
}

function folderServer(folder: string): Fetcher {
  return {
    fetch: async ({ url }) => {
      const bytes = bytesAt(folder, url)
      return { offset: 0, length: bytes.length, body: once(bytes) }
    },
  }
}

function bytesAt(folder: string, url: string): Uint8Array {
  try {
    return readFileSync(join(folder, decodeURIComponent(new URL(url).pathname)))
  } catch {
    throw new FetchNotFoundError(url)
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
