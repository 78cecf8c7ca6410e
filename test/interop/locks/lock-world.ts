/**
 * The surroundings of a lock file: a repository that vouches for `foo` 1.0, an index, and a host
 * elsewhere. Index and host serve the files of one side, and list its hashes.
 */
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import {
  parseFilename,
  writePageHtml,
  writePageJson,
  type IndexFile,
} from '../../../src/pypi/index.js'
import { openDesk, type Desk } from '../../cli/desk.js'
import { filesOf, sdistName, sha256Of, wheelName, type Side } from './foreign-files.js'

export interface LockWorld {
  /** URL of the index, with a slash at the end. */
  readonly index: string
  /** URL of another host's folder of files, with a slash at the end. */
  readonly elsewhere: string
  /** The files of index and host. */
  side: Side
  /** The requested paths. */
  readonly asked: string[]
  /** Status and both streams of `tuffet pypi check`. */
  check(file: string, text: string): Promise<{ readonly status: number; readonly output: string }>
  close(): Promise<void>
}

const layout = { name: 'pages-and-files', page: 'simple/{project}', file: 'files/{filename}' }

export async function openWorld(): Promise<LockWorld> {
  const desk = await openDesk({ layout })
  const servers: Server[] = []
  const world = { side: 'good' as Side, asked: [] as string[] }
  const start = async (host: string): Promise<string> => {
    const server = createServer((request, response) => {
      const path = request.url ?? '/'
      world.asked.push(`${host}${path}`)
      const answer = answerTo(path, world.side)
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': typeOf(path) })
      response.end(request.method === 'HEAD' ? undefined : answer)
    })
    servers.push(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, host, resolve)
    })
    const address = server.address()
    return `http://${host}:${typeof address === 'object' && address ? address.port : 0}/`
  }
  const [index, elsewhere] = [await start('127.0.0.1'), await start('127.0.0.2')]
  vouch(desk)
  return Object.assign(world, {
    index: `${index}simple/`,
    elsewhere: `${elsewhere}files/`,
    async check(file: string, text: string) {
      await writeFile(join(desk.folder, file), text)
      const { status, stdout, stderr } = await desk.run(['pypi', 'check', file])
      return { status, output: stdout + stderr }
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
      await desk.clear()
    },
  })
}

function vouch(desk: Desk): void {
  const files = [wheelName, sdistName].map((filename): IndexFile => {
    const bytes = filesOf.good.get(filename) ?? Buffer.alloc(0)
    desk.repository.addTarget(`files/${filename}`, bytes)
    const hashes = new Map([['sha256', sha256Of('good', filename)]])
    return { filename, url: `https://files.example.com/${filename}`, hashes, size: bytes.length }
  })
  const page = { apiVersion: '1.0', project: 'foo', files }
  desk.repository.addTarget('simple/foo', writePageJson(page))
  desk.repository.publish()
}

function answerTo(path: string, side: Side): Buffer | string | undefined {
  const [, project] = /^\/simple\/([a-z]+)\/?(?:[?#]|$)/.exec(path) ?? []
  if (project === undefined) {
    return filesOf[side].get(decodeURIComponent(path.replace(/[?#].*$/, '').replace(/^.*\//, '')))
  }
  const names = [...filesOf[side].keys()].filter((name) => parseFilename(name)?.project === project)
  if (names.length === 0) return undefined
  const files = names.map((filename): IndexFile => ({
    filename,
    url: `/files/${filename}`,
    hashes: new Map([['sha256', sha256Of(side, filename)]]),
  }))
  return Buffer.from(writePageHtml({ apiVersion: '1.0', project, files }))
}

function typeOf(path: string): string {
  return path.startsWith('/simple/') ? 'text/html' : 'application/octet-stream'
}
