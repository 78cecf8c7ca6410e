import { afterEach, describe, expect, test } from '@jest/globals'
import { memoryStore, Updater } from '../../src/index.js'
import { PypiView } from '../../src/pypi/index.js'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'
import { IndexRepository } from './index-repository.js'
import { startAsking, type Asking } from './proxy/asking.js'

const length = 100_000_000

let closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.map((close) => close()))
  closing = []
})

function filled(): IndexRepository {
  const index = new IndexRepository({ layout: 'pages' })
  index.add('foo-1.0.tar.gz')
  index.publish()
  return index
}

/** From now on the page of foo is 100 MB long. Returns the number of bytes that were requested. */
function serveLonger(index: IndexRepository): () => number {
  const [name = ''] = index.repo.targetNames('foo')
  const signed = index.repo.file(name, 'target')
  let given = 0
  async function* body(): AsyncGenerator<Uint8Array> {
    const spaces = new Uint8Array(100_000).fill(0x20)
    yield signed
    for (given = signed.length; given < length; given += spaces.length) yield spaces
  }
  index.repo.serve(name, () => body(), 'target')
  return () => given
}

/** Lists the page of foo as one of 100 MB. Returns how often it was made. */
function signLonger(index: IndexRepository, content = new Uint8Array()): () => number {
  let made = 0
  index.repo.addTargetEntry('foo', {
    length,
    hashes: { sha256: '00'.repeat(32) },
    content: () => {
      made++
      return content
    },
  })
  index.repo.publish()
  return () => made
}

async function viewOverHttp(index: IndexRepository): Promise<PypiView> {
  const served: ServedRepository = await serve(index.repo)
  closing.push(() => served.close())
  const updater = new Updater({
    metadataUrl: served.metadataUrl,
    targetsUrl: served.targetsUrl,
    root: index.repo.root(),
    store: memoryStore(),
    now: () => index.repo.now,
  })
  return new PypiView(await updater.refresh(), index.layout)
}

async function asking(index: IndexRepository): Promise<Asking> {
  const started = await startAsking(index)
  closing.push(() => started.proxy.close(0))
  return started
}

describe('a page of 100 MB', () => {
  test('in the place of a signed one is abandoned at the first excess byte', async () => {
    const index = filled()
    const given = serveLonger(index)
    const view = await index.view()
    await expect(view.project('foo')).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG' })
    expect(given()).toBeLessThan(1_000_000)
  })

  test('in the place of a signed one is abandoned over HTTP too', async () => {
    const index = filled()
    const given = serveLonger(index)
    const view = await viewOverHttp(index)
    await expect(view.project('foo')).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG' })
    // The bytes in sockets were sent before the client left.
    expect(given()).toBeLessThan(length / 2)
  })

  test('that is signed is refused by the limit, and not requested', async () => {
    const index = filled()
    const made = signLonger(index)
    for (const view of [await index.view(), await viewOverHttp(index)]) {
      await expect(view.project('foo')).rejects.toMatchObject({
        code: 'ERR_TUF_PAGE_INVALID',
        reason: 'it is 100000000 bytes long, more than 64000000',
      })
      // Nor does it report a file on it.
      const found = view.verifyFile(new Uint8Array(), { filename: 'foo-1.0.tar.gz' })
      await expect(found).rejects.toMatchObject({ code: 'ERR_TUF_PAGE_INVALID' })
    }
    expect(made()).toBe(0)
  })

  test('that is signed and allowed is refused for its form', async () => {
    const index = filled()
    const made = signLonger(index, new Uint8Array(1_000))
    const view = await index.view({ maxPageLength: length })
    await expect(view.project('foo')).rejects.toMatchObject({ code: 'ERR_TUF_LENGTH_MISMATCH' })
    expect(made()).toBe(1)
  })

  test.each([
    ['served', serveLonger, 'ERR_TUF_FETCH_TOO_LONG'],
    ['signed', signLonger, 'ERR_TUF_PAGE_INVALID'],
  ] as const)('that is %s is refused by the proxy, with the reason', async (_how, change, code) => {
    const index = filled()
    change(index)
    const { ask, refusals } = await asking(index)
    const page = await ask('/simple/foo/')
    expect(page.status).toBe(403)
    expect(page.reason).toContain(code)
    const file = await ask('/files/foo/foo-1.0.tar.gz')
    expect([file.status, file.reason]).toEqual([403, page.reason])
    expect(refusals).toMatchObject([{ error: { code } }, { error: { code } }])
  })
})
