/**
 * A mirror without any key serves a complete archive, with junk after it up to the length that is
 * listed. A tool that reads while it downloads would be done before the verdict.
 */
import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { IndexRepository } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { makeWheel } from '../support/wheel.js'
import { makeSdist } from './sdist.js'
import { runThrough, type Action } from './through-proxy.js'
import { installTools, isReady, nameMissing, type ReadyTool } from './tools.js'

const options = { name: 'demo_pkg', version: '1.0' }
const padding = 3_000_000
const requires = ['other-pkg==1.0']
const other = makeWheel({ name: 'other_pkg', version: '1.0' })
const foreign = makeWheel({ name: 'foreign_pkg', version: '1.0' })
const harm = { ...options, message: 'harm!', requires: ['foreign-pkg==1.0'] }

/** `npm run test:interop:all` runs every page and action; `test:interop` those that add something. */
const all = process.env['TUFFET_INTEROP'] === 'all'
const tools = await installTools({ pip: ['oldest', 'newest'], uv: ['all'] })
const missing = nameMissing(tools, 'archives with junk after them')
const ready = tools.filter(isReady)
const newestUv = ready.findLast(({ name }) => name === 'uv')?.version

let running: Asking | undefined
afterEach(async () => {
  await running?.proxy.close(0)
  running = undefined
})

const kinds = {
  wheel: [makeWheel({ ...options, padding, requires }), makeWheel(harm)],
  sdist: [makeSdist({ ...options, padding, requires }), makeSdist(harm)],
} as const

interface Page {
  readonly page: string
  readonly kind: keyof typeof kinds
  readonly form: 'json' | 'html'
  readonly coreMetadata: boolean
}

const allPages: readonly Page[] = [
  { page: 'a page with sizes and core metadata', kind: 'wheel', form: 'json', coreMetadata: true },
  { page: 'a page with sizes', kind: 'wheel', form: 'json', coreMetadata: false },
  { page: 'a page without sizes', kind: 'wheel', form: 'html', coreMetadata: false },
  { page: 'a page with sizes', kind: 'sdist', form: 'json', coreMetadata: false },
  { page: 'a page without sizes', kind: 'sdist', form: 'html', coreMetadata: false },
]
/** In these, every version up to the one that stopped acted on the archive when it was sent early. */
const pages = allPages.filter(({ form, coreMetadata }) => all || (form === 'json' && !coreMetadata))

function filled({ kind, form, coreMetadata }: Page): IndexRepository {
  const index = new IndexRepository({ form })
  const [good] = kinds[kind]
  if (coreMetadata && 'metadata' in good) {
    const sha256 = createHash('sha256').update(good.metadata).digest('hex')
    const { url } = index.add(good.filename, good.bytes, {
      coreMetadata: new Map([['sha256', sha256]]),
    })
    index.served.set(`${url}.metadata`, good.metadata)
  } else {
    index.add(good.filename, good.bytes)
  }
  for (const { filename, bytes } of [other, foreign]) index.add(filename, bytes)
  index.publish()
  return index
}

/**
 * From now on the other archive is served, as long as the listed one. The mirror sends most of it
 * and pauses: a tool that gets bytes before the end can act on them in time.
 */
function serveWithJunk(index: IndexRepository, kind: keyof typeof kinds): void {
  const [good, evil] = kinds[kind]
  const { length } = good.bytes
  const bytes = Buffer.concat([evil.bytes, Buffer.alloc(length - evil.bytes.length, 'junk')])
  replaceBody(index, good.filename, async function* () {
    const last = length - 200_000
    for (let at = 0; at < last; at += 50_000) yield bytes.subarray(at, Math.min(at + 50_000, last))
    await setTimeout(1_500)
    yield bytes.subarray(last)
  })
}

/** Before a proxy is started. */
function replaceBody(
  index: IndexRepository,
  filename: string,
  body: () => AsyncGenerator<Uint8Array>,
): void {
  const { url } = index.distributions.get(filename)!
  const { fetch } = index.fetcher()
  index.fetcher = () => ({
    fetch: async (request) => (request.url === url ? { offset: 0, body: body() } : fetch(request)),
  })
}

function actionsOf({ name, version }: ReadyTool): Action[] {
  if (!all) return name === 'uv' && version === newestUv ? ['install', 'compile'] : ['install']
  if (name === 'uv') return ['install', 'dry-run', 'compile']
  return Number.parseInt(version) >= 23 ? ['install', 'dry-run'] : ['install']
}

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

const rows = ready.flatMap((tool) => actionsOf(tool).map((action) => ({ tool, action })))
const titled = rows.map((row) => ({ ...row, label: row.tool.label }))
const there = titled.length === 0 ? describe.skip : describe

// A table without any row is an error.
there.each(titled.length === 0 ? [{ label: 'nothing' } as never] : titled)(
  '$label $action',
  ({ tool, action }) => {
    test.each(pages)('does not act on another $kind with junk after it, $page', async (page) => {
      const index = filled(page)
      serveWithJunk(index, page.kind)
      running = await startAsking(index)
      const [{ filename }] = kinds[page.kind]
      const outcome = await runThrough(tool, action, running.proxy, 'demo-pkg')
      expect([outcome.message, outcome.built]).toEqual([undefined, false])
      expect(outcome.output).not.toMatch(/foreign[-_]pkg/)
      // With core metadata the file itself may not be needed.
      if (action === 'install' || !page.coreMetadata) {
        expect(outcome.status).not.toBe(0)
        expect(running.refusals).toContainEqual(
          expect.objectContaining({
            asked: `/files/demo-pkg/${filename}`,
            status: 403,
            reason: expect.stringContaining('ERR_TUF_HASH_MISMATCH'),
          }),
        )
      }
    })

    test.each(pages)('works with the $kind that is vouched for, $page', async (page) => {
      running = await startAsking(filled(page))
      const outcome = await runThrough(tool, action, running.proxy, 'demo-pkg')
      expect([outcome.status, outcome.output]).toEqual([0, expect.stringMatching(/other[-_]pkg/)])
      expect(outcome.message).toBe(action === 'install' ? 'hello' : undefined)
      if (page.kind === 'wheel') expect(outcome.built).toBe(false)
      else if (action === 'install') expect(outcome.built).toBe(true)
      expect(running.refusals).toEqual([])
    })
  },
)

const each = ready.length === 0 ? test.skip : test
// The time-outs of pip and uv are 15 and 30 seconds: longer than both with `all`, else scaled down.
const wait = all ? 45_000 : 7_000
const timeouts = all ? {} : { PIP_DEFAULT_TIMEOUT: '2', UV_HTTP_TIMEOUT: '2' }
each.each(ready.length === 0 ? [{ label: 'nothing' } as never] : ready)(
  '$label waits for a file that takes longer to arrive than its time-out',
  async (tool) => {
    const index = filled(allPages[1]!)
    const [{ filename, bytes }] = kinds.wheel
    replaceBody(index, filename, () => slowly(bytes, wait))
    running = await startAsking(index)
    const outcome = await runThrough(tool, 'install', running.proxy, 'demo-pkg', {
      ...timeouts,
      PIP_RETRIES: '0',
    })
    expect([outcome.status, outcome.message, outcome.output]).toEqual([
      0,
      'hello',
      expect.any(String),
    ])
    expect(running.refusals).toEqual([])
    // No second request arrived meanwhile.
    expect(outcome.output).not.toMatch(/retry/i)
  },
)

async function* slowly(bytes: Buffer, milliseconds: number): AsyncGenerator<Uint8Array> {
  const pieces = 10
  const length = Math.ceil(bytes.length / pieces)
  for (let at = 0; at < bytes.length; at += length) {
    await setTimeout(milliseconds / pieces)
    yield bytes.subarray(at, at + length)
  }
}
