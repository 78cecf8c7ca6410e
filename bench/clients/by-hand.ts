/** A download without a TUF client: bytes, hash and file, with each of Node's HTTP clients. */
import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { streamingClient } from '../http-by-hand.js'
import { readTask } from '../task.js'
import { measureSection } from '../usage.js'

const task = readTask()
const { download } = task
if (download === undefined) throw new Error('nothing to download')
mkdirSync(download.folder)
const getStream = await streamingClient(task.http ?? 'node:http')
await readFile(task.root)
// The others made requests before they download.
for await (const _ of Readable.from(await getStream(`${task.metadataUrl}timestamp.json`))) continue

await measureSection(download.paths.length, async () => {
  for (const path of download.paths) {
    const hash = createHash('sha256')
    const body = await getStream(`${task.targetsUrl}${path}`)
    const file = createWriteStream(join(download.folder, path.replaceAll('/', '_')))
    async function* hashed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    }
    await pipeline(body as AsyncIterable<Uint8Array>, hashed, file)
    hash.digest('hex')
  }
})
