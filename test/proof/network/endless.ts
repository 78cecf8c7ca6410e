/** Servers that never come to an end: bombs, floods, drips and silence, each in the place of each file. */
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { recover } from './breaks.js'
import { chunk, head, message } from './framings.js'
import type { Lie } from './lying-server.js'
import type { Wire } from './raw-server.js'
import { PlainStore, runCase, serveSubject, type Subject } from './subject.js'
import { Tally } from './tally.js'

const kilobytes64 = Buffer.alloc(65_536, ' ')
/** 10 MB of zeros in 10 KB; members may follow each other without end. */
const bomb = gzipSync(Buffer.alloc(10_000_000))

const cases: Readonly<Record<string, (body: Uint8Array) => Wire['pieces']>> = {
  'chunks without end': () => forever(chunk(kilobytes64), [head(['transfer-encoding: chunked'])]),
  'a body without end': () => forever(kilobytes64, [head(['connection: close'])]),
  'a length of a petabyte': () =>
    forever(kilobytes64, [head(['content-length: 1000000000000000'])]),
  'a bomb in gzip': () =>
    forever(chunk(bomb), [head(['transfer-encoding: chunked', 'content-encoding: gzip'])]),
  'a bomb of the stated length': () => [
    message([`content-length: ${bomb.length}`, 'content-encoding: gzip'], bomb),
  ],
  'headers without end': () => forever(Buffer.from('x: y\r\n'.repeat(1_000)), [open]),
  'a header without end': () => forever(kilobytes64, [open, Buffer.from('x: ')]),
  'a first line without end': () => forever(kilobytes64, [Buffer.from('HTTP/1.1 200 ')]),
  'interim answers without end': () => forever(head([], 'HTTP/1.1 100 Continue'), []),
  'early hints without end': () => forever(head(['link: x'], 'HTTP/1.1 103 Early Hints'), []),
  'an extension without end': () =>
    forever(kilobytes64, [head(['transfer-encoding: chunked']), Buffer.from('1;x=')]),
  'trailers without end': (body) =>
    forever(Buffer.from('x: y\r\n'.repeat(1_000)), [
      message(['transfer-encoding: chunked'], chunk(body)),
      Buffer.from('0\r\n'),
    ]),
  'silence after the connection': () => [],
  'silence after the head': (body) => [head([`content-length: ${body.length}`])],
  'silence before the last byte': (body) => [
    message([`content-length: ${body.length}`], body.subarray(0, -1)),
  ],
  'silence before the last chunk': (body) => [message(['transfer-encoding: chunked'], chunk(body))],
  'a body by drops': (body) => drip(body, [head([`content-length: ${body.length + 1_000}`])]),
  'chunks by drops': (body) =>
    drip(Buffer.concat([...body].map((byte) => chunk(Uint8Array.of(byte)))), [
      head(['transfer-encoding: chunked']),
    ]),
  'a head by drops': () => drip(Buffer.from('x: y\r\n'.repeat(1_000)), [open]),
}

const open = Buffer.from('HTTP/1.1 200 OK\r\n')

async function* forever(piece: Uint8Array, first: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* first
  // A terabyte is as good as no end, and a fault of the client ends some day.
  for (let sent = 0; sent < 1e12; sent += piece.length) {
    yield piece
    // The client in the same process gets its turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function* drip(bytes: Uint8Array, first: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* first
  for (const byte of bytes) {
    yield Uint8Array.of(byte)
    await sleep(20)
  }
}

/** Each with its title. */
export function endlessAnswers(): (readonly [title: string, lie: Lie])[] {
  return Object.entries(cases).map(([title, pieces]) => [
    title,
    (body) => ({ pieces: pieces(body), end: 'hold' }),
  ])
}

/** Until a client must have given up. The deadlines of {@link limits} come far sooner. */
const deadline = 60_000
const limits = { rateWindow: 500, metadataDeadline: 3_000, targetDeadline: 3_000 }

export async function tryEndless(subject: Subject): Promise<Tally> {
  const tally = new Tally()
  const wanted = [...subject.files.keys()].flatMap((path) =>
    endlessAnswers().map(([title, lie]) => ({ path, title, lie })),
  )
  const workers = Array.from({ length: 8 }, async () => {
    for (let next = wanted.pop(); next; next = wanted.pop()) {
      const { path, title, lie } = next
      tally.add(await one(subject, path, title, lie))
    }
  })
  await Promise.all(workers)
  return tally
}

async function one(subject: Subject, path: string, title: string, lie: Lie): Promise<string> {
  const server = await serveSubject(subject)
  server.lie(path, lie)
  try {
    const store = new PlainStore(subject.before)
    const timer = new AbortController()
    const outcome = await Promise.race([
      runCase(subject, server.origin, store, { limits }),
      sleep(deadline, 'late', { signal: timer.signal }),
    ])
    timer.abort()
    if (outcome === 'late') throw new Error(`${path}, ${title}: the client still waits`)
    // A file that is complete before the trick begins is a right one.
    if (outcome === 'right' && !/trailers|last chunk|stated length/.test(title)) {
      throw new Error(`${path}, ${title}: accepted`)
    }
    server.lie('', undefined)
    await recover(subject, server.origin, store)
    return outcome
  } catch (error) {
    throw new Error(`${path}, ${title}`, { cause: error })
  } finally {
    await server.close()
  }
}
