/** The bytes of a file that is vouched for, of known and of unknown length. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { FetchResponse } from '../../src/index.js'
import { pagesLayout, parseFilename, PypiView, type VouchedFile } from '../../src/pypi/index.js'
import { Updater } from '../../src/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { IndexRepository } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'

type Form = 'json' | 'html'

interface Served {
  readonly view: PypiView
  readonly vouched: VouchedFile
  readonly index: IndexRepository
}

/** A view of a wheel; pages in HTML do not state its length. */
async function served(form: Form, answer?: (url: string) => FetchResponse): Promise<Served> {
  const index = new IndexRepository({ layout: 'pages', form })
  const { url } = index.add(wheel, 'wheel')
  index.publish()
  const fetcher = index.fetcher()
  const updater = new Updater({
    ...{ metadataUrl: 'https://repository.test/metadata/', root: index.repo.root() },
    ...{ targetsUrl: 'https://repository.test/targets/', now: () => index.repo.now },
    fetcher: {
      fetch: (request) =>
        answer && request.url === url ? Promise.resolve(answer(url)) : fetcher.fetch(request),
    },
  })
  const view = new PypiView(await updater.refresh(), pagesLayout())
  const { vouched } = await view.find(wheel)
  return { view, vouched: vouched!, index }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts = []
  for await (const chunk of chunks) parts.push(...chunk)
  return String.fromCharCode(...parts)
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield utf8ToBytes(text)
}

describe.each<Form>(['json', 'html'])('a file on a page in %s', (form) => {
  test('is asked for as a target, at its address on the page', async () => {
    const { view, vouched, index } = await served(form)
    expect(await textOf(view.stream(vouched))).toBe('wheel')
    const { url } = index.distributions.get(wheel)!
    expect(index.asked.at(-1)).toMatchObject({ url, kind: 'target' })
  })

  test('is refused under its own name where its bytes are others', async () => {
    const { view, vouched } = await served(form, () => ({ offset: 0, body: pieces('WHEEL') }))
    await expect(textOf(view.stream(vouched))).rejects.toMatchObject({
      ...{ code: 'ERR_TUF_HASH_MISMATCH', role: wheel, step: '5.7.3', algorithm: 'sha256' },
      message: expect.stringMatching(/the file changed since it was signed, or the view is older/),
    })
  })

  test('lets its source go when the reader leaves', async () => {
    let isLeft = false
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield* pieces('wh', 'eel')
      } finally {
        isLeft = true
      }
    }
    const { view, vouched } = await served(form, () => ({ offset: 0, body: body() }))
    for await (const _ of view.stream(vouched)) break
    await new Promise(setImmediate)
    expect(isLeft).toBe(true)
  })

  test('that is too long is refused with the address that it was moved to', async () => {
    const moved = 'https://elsewhere.test/wheel'
    const { view, vouched } = await served(form, () => ({
      ...{ offset: 0, url: `${moved}?key=secret`, body: pieces('wheel', '!') },
    }))
    const reading = textOf(view.stream(vouched, { maxUnsizedLength: 5 }))
    await expect(reading).rejects.toMatchObject({
      ...{ code: 'ERR_TUF_FETCH_TOO_LONG', limit: 5 },
      origin: { from: 'network', url: vouched.address.url, redirectedTo: moved },
    })
  })

  test('is limited by the length that is stated, and only without one by the option', async () => {
    const { view, vouched } = await served(form)
    const reading = textOf(view.stream(vouched, { maxUnsizedLength: 0 }))
    if (form === 'json') expect(await reading).toBe('wheel')
    else await expect(reading).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG' })
  })

  test('is streamed and saved too where its attestation remembers nobody', async () => {
    const index = new IndexRepository({ layout: 'pages', form })
    index.add(wheel, 'wheel')
    index.publish()
    const finding = { verdict: 'match', accepted: true, reason: 'signed' } as const
    const view = await index.view({ judge: () => Promise.resolve(finding) })
    const { vouched } = await view.find(wheel)
    expect(await textOf(view.stream(vouched!))).toBe('wheel')
    const folder = temporaryFolder('stream')
    await view.download('foo-bar', '1.0', { filename: wheel, folder })
    expect(await readFile(join(folder, wheel), 'utf8')).toBe('wheel')
  })

  test('gets its publisher remembered after its last byte, and not when it is left', async () => {
    const index = new IndexRepository({ layout: 'pages', form })
    index.add(wheel, 'wheel')
    index.publish()
    const events: string[] = []
    const keep = (): Promise<void> => Promise.resolve(void events.push('kept'))
    const finding = { verdict: 'match', accepted: true, reason: 'signed', keep } as const
    const view = await index.view({ judge: () => Promise.resolve(finding) })
    const { vouched } = await view.find(wheel)
    for await (const _ of view.stream(vouched!)) break
    expect(events).toEqual([])
    for await (const chunk of view.stream(vouched!)) events.push(String(chunk.length))
    expect(events).toEqual(['5', 'kept'])
  })
})

test('a file whose target has unknown hashes alone is found by them, and judged by its page', async () => {
  const index = new IndexRepository({ layout: 'pages-and-files' })
  const { url, bytes } = index.add(wheel, 'wheel')
  const { path } = index.layout.file({ ...parseFilename(wheel)!, filename: wheel, url })!
  const digest = 'ab'.repeat(20)
  const entry = { length: bytes.length, hashes: { sha1: digest } }
  index.repo.addTargetEntry(path, { ...entry, content: () => bytes })
  index.publish()
  const view = await index.view()
  const { vouched } = await view.find(wheel)
  expect(await textOf(view.stream(vouched!))).toBe('wheel')
  expect(index.asked.at(-1)?.url).toMatch(new RegExp(`/${digest}\\.[^/]*$`))
})

test('a file whose target has many unknown hashes is asked for by the first eight of them', async () => {
  const index = new IndexRepository({ layout: 'pages-and-files' })
  const { url, bytes } = index.add(wheel, 'wheel')
  const { path } = index.layout.file({ ...parseFilename(wheel)!, filename: wheel, url })!
  const digests = Array.from({ length: 30 }, (_, at) => (16 + at).toString(16).repeat(20))
  const hashes = Object.fromEntries(digests.map((digest, at) => [`x${at}`, digest]))
  index.repo.addTargetEntry(path, { length: bytes.length, hashes })
  index.publish()
  const view = await index.view()
  const { vouched } = await view.find(wheel)
  const before = index.asked.length
  await expect(textOf(view.stream(vouched!))).rejects.toMatchObject({
    code: 'ERR_TUF_FETCH_NOT_FOUND',
  })
  expect(index.asked.length - before).toBe(8)
})
