/** A desk beside an index without signatures, whose files have attestations by a Sigstore of the test. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fetcher } from '../../src/index.js'
import { FetchNotFoundError } from '../../src/errors.js'
import { writePageJson, type IndexFile } from '../../src/pypi/index.js'
import { attest, gitHub, provenance, type AttestFields } from '../support/sigstore/attest.js'
import { TestSigstore } from '../support/sigstore/instance.js'
import { openDesk, type Desk, type Outcome } from './desk.js'

export const indexUrl = 'https://index.test/simple/'

export const wheel = 'demo_pkg-1.0-py3-none-any.whl'
export const plain = 'plain-2.0.tar.gz'

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Files by URL, and what was asked. */
export class PlainServer implements Fetcher {
  readonly served = new Map<string, string | Uint8Array>()
  readonly asked: { readonly url: string; readonly accept: string | undefined }[] = []

  fetch({ url, accept }: Parameters<Fetcher['fetch']>[0]): ReturnType<Fetcher['fetch']> {
    this.asked.push({ url, accept })
    const content = this.served.get(url)
    if (content === undefined) return Promise.reject(new FetchNotFoundError(url, 404))
    const bytes = Buffer.from(content)
    const body = (async function* () {
      await Promise.resolve()
      yield new Uint8Array(bytes)
    })()
    return Promise.resolve({ offset: 0, length: bytes.length, body })
  }
}

export interface AttestedDesk extends Desk {
  readonly server: PlainServer
  readonly sigstore: TestSigstore
  /** A file on its project's page, with provenance where `by` names a publisher. */
  publish(filename: string, content: string, by?: AttestedBy): void
  settings(attestations: object): Promise<void>
  ask(...args: string[]): Promise<Outcome>
}

export interface AttestedBy {
  readonly publisher?: Record<string, unknown>
  readonly fields?: AttestFields
  /** Whose bytes the statement is about. Default: the file's. */
  readonly content?: string
}

export const demoPublisher = gitHub

export const otherPublisher = { kind: 'GitHub', repository: 'evil/demo', workflow: 'publish.yml' }
export const otherClaims = {
  8: 'https://token.actions.githubusercontent.com',
  12: 'https://github.com/evil/demo',
  13: '0123456789012345678901234567890123456789',
  14: 'refs/tags/v1.0',
  18: 'https://github.com/evil/demo/.github/workflows/publish.yml@refs/tags/v1.0',
}

/** A desk beside an index with attestations. `clear` restores the environment too. */
export async function openAttestedDesk(): Promise<AttestedDesk> {
  const desk = await openDesk()
  const environment = { ...process.env }
  const server = new PlainServer()
  const sigstore = new TestSigstore()
  const pages = new Map<string, IndexFile[]>()
  await writeFile(join(desk.folder, 'trusted_root.json'), sigstore.trustedRoot())
  const attested: AttestedDesk = {
    ...desk,
    server,
    sigstore,
    publish(filename, content, by) {
      const project = filename.startsWith('plain') ? 'plain' : 'demo-pkg'
      const url = `https://files.test/${filename}`
      const link = `https://index.test/integrity/${filename}/provenance`
      server.served.set(url, content)
      if (by) {
        const statement = attest(sigstore, {
          ...by.fields,
          statement: (one) => {
            const digest = { sha256: sha256(by.content ?? content) }
            one.subject = [{ name: filename, digest }]
            by.fields?.statement?.(one)
          },
        })
        server.served.set(link, provenance([statement], by.publisher))
      }
      const others = (pages.get(project) ?? []).filter((one) => one.filename !== filename)
      const hashes = new Map([['sha256', sha256(content)]])
      const entry = { filename, url, hashes, size: content.length, ...(by && { provenance: link }) }
      pages.set(project, [...others, entry])
      const page = { apiVersion: '1.3', project, files: pages.get(project) ?? [] }
      server.served.set(`${indexUrl}${project}/`, writePageJson(page))
    },
    async settings(attestations) {
      const given = {
        index: indexUrl,
        trustedRoot: 'trusted_root.json',
        store: 'store',
        attestations,
      }
      await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(given))
    },
    ask: (...args) => desk.run(args, { fetcher: server }),
    async clear() {
      process.env = environment
      await desk.clear()
    },
  }
  await attested.settings({ publishers: { 'demo-pkg': [demoPublisher] } })
  return attested
}

/** A wheel on a page that is a target, with its attestation on another server. */
export async function publishBeside(desk: AttestedDesk, by?: AttestedBy): Promise<void> {
  desk.publish(wheel, 'a wheel', by)
  const file = {
    filename: wheel,
    url: `https://files.test/${wheel}`,
    hashes: new Map([['sha256', sha256('a wheel')]]),
    size: 7,
    ...(by && { provenance: `https://index.test/integrity/${wheel}/provenance` }),
  }
  const page = { apiVersion: '1.3', project: 'demo-pkg', files: [file] }
  desk.repository.addTarget('demo-pkg', writePageJson(page))
  desk.repository.publish()
  const { metadataUrl, targetsUrl } = desk.fetcher
  const given = {
    ...{ metadataUrl, targetsUrl, root: 'root.json', store: 'tuf', layout: 'pages' },
    ...{ trustedRoot: 'trusted_root.json' },
    attestations: {
      origins: ['https://index.test'],
      publishers: { 'demo-pkg': [demoPublisher] },
    },
  }
  await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(given))
}

/** The repository, and the index beside it. */
export function bothServers(desk: AttestedDesk): Fetcher {
  return {
    fetch: (request) =>
      (request.url.startsWith('https://index.test/') ? desk.server : desk.fetcher).fetch(request),
  }
}
