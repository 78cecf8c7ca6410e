/** Statuses, headers and encodings, in every combination that a server could send for one file. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { chunk, chunks, head, message } from './framings.js'
import type { Lie } from './lying-server.js'
import type { Wire } from './raw-server.js'
import { recover } from './breaks.js'
import { PlainStore, runCase, serveSubject, type Subject } from './subject.js'
import { Tally } from './tally.js'

/** Any bytes that a server could answer with, as a function of the file. */
type Case = readonly [title: string, lie: Lie]

const statuses = [
  ...[100, 101, 102, 103, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 299],
  ...[300, 301, 302, 303, 304, 305, 306, 307, 308, 399],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417],
  ...[418, 421, 425, 426, 428, 429, 431, 451, 499],
  ...[500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599, 600, 700, 999],
]

/** First lines that are none, or nearly none. */
const firstLines = [
  ...['HTTP/1.1 200', 'HTTP/1.0 200 OK', 'HTTP/2 200 OK', 'HTTP/0.9 200 OK', 'HTTP/9.9 200 OK'],
  ...['HTTP/1.1 20 OK', 'HTTP/1.1 2000 OK', 'HTTP/1.1 -200 OK', 'HTTP/1.1 abc OK', 'HTTP/1.1'],
  ...['http/1.1 200 OK', 'HTTP/1.1  200 OK', ' HTTP/1.1 200 OK', 'ICY 200 OK', '200 OK', ''],
  ...['HTTP/1.1 200 O\u0000K', 'GET / HTTP/1.1', 'SSH-2.0-OpenSSH', '\u0016\u0003\u0001', '<html>'],
]

/** Added to an answer that is right otherwise. LENGTH is the length of the body. */
const headers = [
  ...['content-length: 0', 'content-length: 1', 'content-length: 999999999999999999999'],
  ...['content-length: -1', 'content-length: +LENGTH', 'content-length: 0xLENGTH'],
  ...['content-length: LENGTH, LENGTH', 'content-length: LENGTH\r\ncontent-length: LENGTH'],
  ...['content-length: LENGTH\r\ncontent-length: 3', 'content-length : LENGTH', 'content-length:'],
  ...['content-length: 1e3', 'content-length: LENGTH;', 'content-length: \u0661'],
  ...['transfer-encoding: identity', 'transfer-encoding: gzip', 'transfer-encoding: chunked, gzip'],
  ...['transfer-encoding: gzip, chunked', 'transfer-encoding: chunked, chunked'],
  ...['transfer-encoding: xchunked', 'transfer-encoding:\tchunked', 'transfer-encoding : chunked'],
  ...['transfer-encoding: chunked\r\ncontent-length: LENGTH', 'transfer-encoding: ,chunked'],
  ...['content-encoding: identity', 'content-encoding: gzip', 'content-encoding: x-gzip'],
  ...['content-encoding: GZIP', 'content-encoding: gzip, gzip', 'content-encoding: deflate'],
  ...['content-encoding: br', 'content-encoding: zstd', 'content-encoding: compress'],
  ...['content-encoding: unknown', 'content-encoding:', 'content-encoding: gzip;q=1'],
  ...['content-range: bytes 0-0/1', 'content-range: bytes */*', 'content-type: text/html'],
  ...['location: /elsewhere', 'location: javascript:alert(1)', 'retry-after: 999999999999'],
  ...['retry-after: -1', 'retry-after: Fri, 31 Dec 9999 23:59:59 GMT', 'set-cookie: a=b'],
  ...['etag: "', 'etag: W/"a"', 'connection: upgrade\r\nupgrade: h2c', 'connection: keep-alive'],
  ...['keep-alive: timeout=0', 'keep-alive: timeout=999999999999', 'proxy-connection: close'],
  ...['x: \u0000', 'x: \u00ff', 'x:\r\n folded', 'x\u0000: y', ': y', 'no colon', 'x y: z'],
  ...['trailer: content-length', 'content-disposition: attachment; filename="../../x"'],
  ...['date: never', 'last-modified: never', 'vary: *', 'age: -1', 'x: ' + 'y'.repeat(8_000)],
  ...[
    'x: ' + 'y'.repeat(20_000),
    Array.from({ length: 3_000 }, (_, at) => `h${at}: v`).join('\r\n'),
  ],
]

/** The coding that is named, and the coding that is used. */
const named = ['gzip', 'x-gzip', 'deflate', 'br', 'identity', 'gzip, gzip', 'unknown']
const used: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  none: (body) => body,
  gzip: (body) => gzipSync(body),
  'gzip twice': (body) => gzipSync(gzipSync(body)),
  'gzip, cut': (body) => gzipSync(body).subarray(0, -9),
  'gzip, wrong sum': (body) => altered(gzipSync(body), -6),
  'gzip, more behind': (body) => Buffer.concat([gzipSync(body), Buffer.from('more')]),
  'gzip, two members': (body) =>
    Buffer.concat([gzipSync(body.subarray(0, 9)), gzipSync(body.subarray(9))]),
  deflate: (body) => deflateSync(body),
  'raw deflate': (body) => deflateRawSync(body),
  br: (body) => brotliCompressSync(body),
}

const bodies: readonly Case[] = [
  [
    'chunk sizes with zeros',
    (body) =>
      whole(
        'transfer-encoding: chunked',
        `000000${body.length.toString(16)}\r\n`,
        body,
        '\r\n0\r\n\r\n',
      ),
  ],
  [
    'chunk extensions',
    (body) =>
      whole(
        'transfer-encoding: chunked',
        `${body.length.toString(16)};a="b;c"\r\n`,
        body,
        '\r\n0;x\r\n\r\n',
      ),
  ],
  [
    'trailers',
    (body) =>
      whole('transfer-encoding: chunked', chunk(body), '0\r\ncontent-length: 3\r\nx: y\r\n\r\n'),
  ],
  [
    'a huge chunk size',
    (body) => whole('transfer-encoding: chunked', 'fffffffffffffffff\r\n', body, '\r\n0\r\n\r\n'),
  ],
  [
    'a negative chunk size',
    (body) => whole('transfer-encoding: chunked', '-5\r\n', body, '\r\n0\r\n\r\n'),
  ],
  [
    'a chunk size that is none',
    (body) => whole('transfer-encoding: chunked', 'xyz\r\n', body, '\r\n0\r\n\r\n'),
  ],
  [
    'chunks between line feeds',
    (body) => whole('transfer-encoding: chunked', `${body.length.toString(16)}\n`, body, '\n0\n\n'),
  ],
  [
    'more behind the last chunk',
    (body) =>
      whole(
        'transfer-encoding: chunked',
        chunks(body),
        'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx',
      ),
  ],
  [
    'more behind the length',
    (body) =>
      whole(
        `content-length: ${body.length}`,
        body,
        'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx',
      ),
  ],
  [
    'a second answer ahead',
    (body) => ({
      pieces: [
        message(['content-length: 2'], '{}'),
        message([`content-length: ${body.length}`], body),
      ],
      end: 'keep',
    }),
  ],
  [
    'three interim answers',
    (body) => ({
      pieces: [
        head([], 'HTTP/1.1 100 Continue'),
        head(['link: x'], 'HTTP/1.1 103 Early Hints'),
        head([], 'HTTP/1.1 102 Processing'),
        message([`content-length: ${body.length}`], body),
      ],
      end: 'keep',
    }),
  ],
  [
    'line feeds alone',
    (body) => ({
      pieces: [Buffer.from(`HTTP/1.1 200 OK\ncontent-length: ${body.length}\n\n`), body],
      end: 'close',
    }),
  ],
  [
    'a byte at a time',
    (body) => ({
      pieces: [...message([`content-length: ${body.length}`], body)].map((byte) =>
        Uint8Array.of(byte),
      ),
      end: 'keep',
    }),
  ],
  ['an empty body', () => whole('content-length: 0')],
  ['nothing at all', () => ({ pieces: [], end: 'close' })],
  ['a NUL behind the body', (body) => sized(Buffer.concat([body, Buffer.alloc(1)]))],
  ['a byte order mark', (body) => sized(Buffer.concat([Buffer.from('\ufeff'), body]))],
  ['the body twice', (body) => sized(Buffer.concat([body, body]))],
  ['UTF-16', (body) => sized(Buffer.from(Buffer.from(body).toString('latin1'), 'utf16le'))],
  ['a web page', () => sized(Buffer.from('<!doctype html><title>Sign in</title>'))],
]

/** Redirects of each kind, to where a client must not be led into trouble. */
const places = [
  ...['PATH', 'PATH#x', 'PATH?x', '//127.0.0.1:1PATH', 'http://127.0.0.1:1PATH', '', '#', '?'],
  ...['http://', 'http:', 'file:///etc/passwd', 'ftp://127.0.0.1/', 'data:,x', 'javascript:1'],
  ...['blob:x', 'http://[::1', 'http://127.0.0.1:99999/', 'http://user:pass@127.0.0.1:1/', '\\\\x'],
  ...['http://999.999.999.999/', 'https://127.0.0.1:1/', '/\u0000', '/%00', '/a b', '/\u00ff'],
]

function cases(): Case[] {
  return [
    ...statuses.flatMap((status): Case[] => [
      [
        `status ${status}`,
        (body) => ({
          pieces: [message([`content-length: ${body.length}`], body, `HTTP/1.1 ${status} X`)],
          end: 'close',
        }),
      ],
      [
        `status ${status}, empty`,
        () => ({
          pieces: [message(['content-length: 0'], '', `HTTP/1.1 ${status} X`)],
          end: 'close',
        }),
      ],
    ]),
    ...firstLines.map((line): Case => [
      `first line ${JSON.stringify(line)}`,
      (body) => ({
        pieces: [message([`content-length: ${body.length}`], body, line)],
        end: 'close',
      }),
    ]),
    ...headers.flatMap((header): Case[] => [
      [
        `header ${JSON.stringify(header.slice(0, 60))}`,
        (body) => ({
          pieces: [message([header.replaceAll('LENGTH', String(body.length))], body)],
          end: 'close',
        }),
      ],
      [
        `length and header ${JSON.stringify(header.slice(0, 60))}`,
        (body) => ({
          pieces: [
            message(
              [`content-length: ${body.length}`, header.replaceAll('LENGTH', String(body.length))],
              body,
            ),
          ],
          end: 'close',
        }),
      ],
    ]),
    ...named.flatMap((name) =>
      Object.entries(used).map(([title, code]): Case => [
        `named ${name}, used ${title}`,
        (body) => {
          const bytes = code(body)
          return whole(`content-encoding: ${name}\r\ncontent-length: ${bytes.length}`, bytes)
        },
      ]),
    ),
    ...[301, 302, 303, 307, 308].flatMap((status) =>
      places.map((place): Case => [
        `${status} to ${JSON.stringify(place)}`,
        (_, path) => ({
          pieces: [
            message(
              [`location: ${place.replace('PATH', path)}`, 'content-length: 0'],
              '',
              `HTTP/1.1 ${status} X`,
            ),
          ],
          end: 'keep',
        }),
      ]),
    ),
    ...bodies,
  ]
}

/** The titles of cases whose file is right in the eyes of HTTP. Only these may end well. */
function mayBeRight(title: string): boolean {
  return !/^(?:30\d to|status (?:[3-9]|1(?!0[023])))/.test(title)
}

export interface Answers {
  readonly tally: Tally
  /** The titles of the cases that ended with the right file, for a look. */
  readonly right: ReadonlySet<string>
}

/** @param every tries one case in so many */
export async function tryAnswers(subject: Subject, every: number): Promise<Answers> {
  const tally = new Tally()
  const right = new Set<string>()
  const server = await serveSubject(subject)
  const limits = { rateWindow: 400, metadataDeadline: 4_000, targetDeadline: 4_000 }
  try {
    let at = 0
    for (const path of subject.files.keys()) {
      for (const [title, lie] of cases()) {
        if (at++ % every !== 0) continue
        server.lie(path, lie)
        const store = new PlainStore(subject.before)
        const outcome = await runCase(subject, server.origin, store, { limits })
        if (outcome === 'right' && !mayBeRight(title) && !rootMayBeMissing(path, title)) {
          throw new Error(`${path}, ${title}: accepted`)
        }
        if (outcome === 'right') right.add(title)
        tally.add(outcome)
        server.lie('', undefined)
        await recover(subject, server.origin, store)
      }
    }
  } finally {
    await server.close()
  }
  return { tally, right }
}

/** 404 and 403 say that there is no newer root (5.3.3); the next file is then refused or not. */
function rootMayBeMissing(path: string, title: string): boolean {
  return path.includes('root') && /^status 40[34]/.test(title)
}

function whole(header: string, ...parts: (Uint8Array | string)[]): Wire {
  return {
    pieces: [head(header.split('\r\n')), ...parts.map((part) => Buffer.from(part))],
    end: 'close',
  }
}

function sized(body: Uint8Array): Wire {
  return { pieces: [message([`content-length: ${body.length}`], body)], end: 'close' }
}

function altered(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const place = copy.length + at
  copy[place] = (copy[place] ?? 0) ^ 1
  return copy
}
