/** The ways in which HTTP/1.1 marks the end of a body, as bytes on the wire. */
import { gzipSync } from 'node:zlib'

type Frame = (body: Uint8Array) => Uint8Array

const framings = {
  length: (body) => message([`content-length: ${body.length}`], body),
  chunked: (body) => message(['transfer-encoding: chunked'], chunks(body)),
  'until the end': (body) => message(['connection: close'], body),
  'gzip, length': (body) => {
    const zipped = gzipSync(body)
    return message([`content-length: ${zipped.length}`, 'content-encoding: gzip'], zipped)
  },
  'gzip, chunked': (body) =>
    message(['transfer-encoding: chunked', 'content-encoding: gzip'], chunks(gzipSync(body))),
} satisfies Record<string, Frame>

export type Framing = keyof typeof framings

export const framingNames = Object.keys(framings).filter(isFraming)

function isFraming(name: string): name is Framing {
  return Object.hasOwn(framings, name)
}

/** A whole answer with the status 200. */
export function frame(framing: Framing, body: Uint8Array): Uint8Array {
  return framings[framing](body)
}

/** An answer of which every line is given, but for the empty one. */
export function message(
  headers: readonly string[],
  body: Uint8Array | string,
  status = 'HTTP/1.1 200 OK',
): Uint8Array {
  return Buffer.concat([head(headers, status), Buffer.from(body)])
}

export function head(headers: readonly string[], status = 'HTTP/1.1 200 OK'): Uint8Array {
  return Buffer.from([status, ...headers, '', ''].join('\r\n'), 'latin1')
}

export const missing = message(['content-length: 0'], '', 'HTTP/1.1 404 Not Found')

/** In two chunks and a last one. */
export function chunks(body: Uint8Array): Uint8Array {
  const half = body.length >> 1
  const parts = [body.subarray(0, half), body.subarray(half)].filter(({ length }) => length > 0)
  return Buffer.concat([...parts.map(chunk), Buffer.from('0\r\n\r\n')])
}

export function chunk(body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')])
}
