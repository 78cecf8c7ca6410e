/** An index on loopback whose files bear every kind of odd name that is valid in a release. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { writePageHtml, type IndexFile } from '../../../src/pypi/index.js'
import { makeWheel } from '../../support/wheel.js'

/** Project → file name → bytes. Source distributions are never opened: a wheel lies beside each. */
export type OddFiles = ReadonlyMap<string, ReadonlyMap<string, Buffer>>

export function oddFiles(message: string): OddFiles {
  const wheel = (name: string, version: string, requires: readonly string[] = []): Buffer =>
    makeWheel({ name, version, message, requires }).bytes
  const other = (filename: string): Buffer => Buffer.from(`${message}: ${filename}`)
  const named = (names: readonly string[]): [string, Buffer][] =>
    names.map((name) => [name, other(name)])
  return new Map([
    [
      'markupsafe',
      new Map([
        ['MarkupSafe-3.0.2-py3-none-any.whl', wheel('MarkupSafe', '3.0.2')],
        ...named(['MarkupSafe-3.0.2.tar.gz']),
      ]),
    ],
    [
      'zope-interface',
      new Map([
        ['zope.interface-7.0-py3-none-any.whl', wheel('zope_interface', '7.0')],
        ...named(['zope.interface-7.0.tar.bz2', 'zope.interface-7.0-py2.7.egg']),
      ]),
    ],
    ['local-app', new Map([['local_app-1.0+cpu-py3-none-any.whl', wheel('local_app', '1.0+cpu')]])],
    ['epoch', new Map([['epoch-1!2.0-py3-none-any.whl', wheel('epoch', '1!2.0')]])],
    [
      'builds',
      new Map([
        ['Builds-1.0-1-py3-none-any.whl', wheel('Builds', '1.0')],
        ['Builds-1.0-2b-py2.py3-none-any.whl', wheel('Builds', '1.0', [])],
        ...named(['Builds-1.0.zip', 'Builds-1.0.tgz', 'Builds-1.0.win32.exe']),
      ]),
    ],
    [
      'with-extra',
      new Map([
        ['With_Extra-2.0-py3-none-any.whl', wheel('With_Extra', '2.0', ['MarkupSafe'])],
        ...named(['With.Extra-2.0.tar.xz']),
      ]),
    ],
  ])
}

export interface OddIndex {
  /** With a slash at the end. */
  readonly url: string
  /** The requested paths. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export async function openOddIndex(files: OddFiles, host: string): Promise<OddIndex> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const [, area, project = '', name = ''] = (request.url ?? '').replace(/\?.*$/, '').split('/')
    const release = files.get(project)
    const body =
      area === 'simple' && release
        ? pageOf(project, release)
        : release?.get(decodeURIComponent(name))
    const type = area === 'simple' ? 'text/html' : 'application/octet-stream'
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://${host}:${port}/simple/`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function pageOf(project: string, release: ReadonlyMap<string, Buffer>): string {
  const files = [...release].map(([filename, bytes]): IndexFile => ({
    filename,
    url: `/files/${project}/${encodeURIComponent(filename)}`,
    hashes: new Map([['sha256', sha256Of(bytes)]]),
    requiresPython: '>=3.8',
  }))
  return writePageHtml({ apiVersion: '1.0', project, files })
}
