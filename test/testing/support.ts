import type { FetchRequest, Fetcher } from '../../src/client/fetcher.js'

export function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

export function read(bytes: Uint8Array): Record<string, unknown> {
  return object(JSON.parse(text(bytes)))
}

export function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`not an object: ${JSON.stringify(value)}`)
  }
  return Object.fromEntries(Object.entries(value))
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`not an array: ${JSON.stringify(value)}`)
  return value
}

export async function readAll(
  fetcher: Fetcher,
  url: string,
  kind: FetchRequest['kind'],
  more: Partial<FetchRequest> = {},
): Promise<Uint8Array> {
  const { signal } = new AbortController()
  const { body } = await fetcher.fetch({ url, kind, signal, ...more })
  const pieces: number[] = []
  for await (const piece of body) pieces.push(...piece)
  return Uint8Array.from(pieces)
}
