/**
 * A process that makes one repository and serves it on loopback, from memory: twice, with and
 * without compression. It counts the traffic; its own work is in nobody's figures.
 */
import { createCipheriv, hash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createPep458Repository, createRepository, fillerTargets } from 'tuffet/testing'
import type { TestRepository } from 'tuffet/testing'
import { nodeEd25519Signer } from 'tuffet/testing/node'
import { writePageJson } from 'tuffet/pypi'
import { largeFile, lockedPages, smallFiles, targetsInBin } from './shape.js'
import type { Order, Ready, Shape, Traffic } from './shape.js'

const shape: Shape = JSON.parse(process.argv[2] ?? '')
const year = { root: 365, timestamp: 365, snapshot: 365, targets: 365, delegated: 365 }
const repository = makeRepository()
const bits = shape.layout === 'one-role' ? 0 : Math.log2(shape.size)
const apart = pathsApart()
const together = [...pathsTogether(apart[0] ?? '')]
for (const path of [...apart, ...together]) repository.addTarget(path, `content of ${path}`)
if (shape.files) addFiles()
for (const { path, length, sha256 } of shape.entries ?? []) {
  repository.addTargetEntry(path, { length, hashes: { sha256 } })
}
addPages(shape.pages ?? 0)
repository.publish()

const open = new Map<Socket, { read: number; written: number }>()
const counted = { requests: 0, bytesReceived: 0, bytesSent: 0, connections: 0 }
const bodies = new Map<string, { readonly plain: Uint8Array; gzip?: Uint8Array }>()
const plain = await listen(false)
const gzip = await listen(true)
tell({
  origins: { plain: originOf(plain), gzip: originOf(gzip) },
  root: Buffer.from(repository.root()).toString('base64'),
  apart,
  together,
  largeName: shape.files ? (repository.targetNames(largeFile.path)[0] ?? '') : '',
})

process.on('message', (order: Order) => {
  if (order === 'traffic') tell(takeTraffic())
  else if (order === 'next-day') tell(publishNextDay())
  else process.exit()
})
process.on('disconnect', () => process.exit())

function makeRepository(): TestRepository {
  const { layout, size, indent } = shape
  const now = Math.floor(Date.now() / 86_400_000) * 86_400_000
  const common = { indent, now, lifetimes: year, makeSigner: nodeEd25519Signer }
  if (layout !== 'one-role') {
    return createPep458Repository({ ...common, layout, bins: size, fillers: targetsInBin })
  }
  const made = createRepository(common)
  made.fill('targets', () => fillerTargets('one-role', size))
  return made
}

function binOf(path: string): number {
  return bits === 0 ? 0 : Number.parseInt(hash('sha256', path).slice(0, 8), 16) >>> (32 - bits)
}

function pathsApart(): string[] {
  const found = new Map<number, string>()
  for (let i = 0; found.size < Math.min(shape.apart, 2 ** bits); i++) {
    const path = `apart/package_${i}-1.0-py3-none-any.whl`
    if (!found.has(binOf(path))) found.set(binOf(path), path)
  }
  return [...found.values()]
}

function* pathsTogether(first: string): Generator<string> {
  const bin = binOf(first)
  let left = shape.together
  for (let i = 0; left > 0; i++) {
    const path = `together/package_${i}-1.0-py3-none-any.whl`
    if (binOf(path) !== bin) continue
    left -= 1
    yield path
  }
}

function addFiles(): void {
  // Bytes that look like a compressed file, the same each time.
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  repository.addTarget(largeFile.path, noise.update(Buffer.alloc(largeFile.length)))
  for (const path of smallFiles()) repository.addTarget(path, noise.update(Buffer.alloc(4096)))
}

function addPages(count: number): void {
  for (const { project, versions, sha256 } of lockedPages(count)) {
    const files = versions.map((version) => {
      const filename = `${project.replace('-', '_')}-${version}-py3-none-any.whl`
      const hashes = new Map([['sha256', sha256(version)]])
      return { filename, url: `https://files.example.com/${filename}`, hashes, size: 1_000_000 }
    })
    const page = writePageJson({ apiVersion: '1.0', project, files })
    repository.addTarget(`simple/${project}/index.html`, page)
  }
}

/** Every daily role is signed again, as PEP 458 asks. */
function publishNextDay(): 'published' {
  bodies.clear()
  repository.publish(...repository.roles().filter((role) => role !== 'targets' && role !== 'bins'))
  return 'published'
}

function bodyOf(url: string): { readonly plain: Uint8Array; gzip?: Uint8Array } | undefined {
  const known = bodies.get(url)
  if (known) return known
  const kind = url.startsWith('/targets/') ? 'target' : 'metadata'
  const answer = repository.answer(kind, decodeURIComponent(url.slice(url.indexOf('/', 1) + 1)))
  if (!(answer instanceof Uint8Array)) return undefined
  const body =
    kind === 'target' ? { plain: answer } : { plain: answer, gzip: gzipSync(answer, { level: 6 }) }
  bodies.set(url, body)
  return body
}

async function listen(compress: boolean): Promise<Server> {
  const server = createServer((request, response) => {
    counted.requests += 1
    const body = bodyOf(request.url ?? '')
    if (body === undefined) {
      response.writeHead(404).end()
      return
    }
    const accepted = (request.headers['accept-encoding'] ?? '').includes('gzip')
    const zipped = compress && accepted ? body.gzip : undefined
    const bytes = zipped ?? body.plain
    response.writeHead(200, {
      'content-length': bytes.length,
      ...(zipped && { 'content-encoding': 'gzip' }),
    })
    response.end(bytes)
  })
  server.on('connection', (socket) => {
    open.set(socket, { read: 0, written: 0 })
    counted.connections = Math.max(counted.connections, open.size)
    socket.once('close', () => {
      count(socket)
      open.delete(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  return `http://127.0.0.1:${address.port}`
}

function count(socket: Socket): void {
  const seen = open.get(socket)
  if (seen === undefined) return
  counted.bytesReceived += socket.bytesWritten - seen.written
  counted.bytesSent += socket.bytesRead - seen.read
  seen.written = socket.bytesWritten
  seen.read = socket.bytesRead
}

function takeTraffic(): Traffic {
  for (const socket of open.keys()) count(socket)
  const traffic = { ...counted }
  counted.requests = counted.bytesReceived = counted.bytesSent = 0
  counted.connections = open.size
  return traffic
}

function tell(answer: Ready | Traffic | 'published'): void {
  process.send?.(answer)
}
