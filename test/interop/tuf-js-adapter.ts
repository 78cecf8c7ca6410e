/**
 * Answers function vectors with tuf-js and its models: a question per line of standard input, as
 * JSON { family, input }; an answer per line, { result, output?, reason? }. Whatever the library
 * throws is a refusal. Run as it is by a Node that tuf-js supports, so it imports packages only.
 */
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Key, Metadata, MetadataKind, MetaFile, Signature, type Timestamp } from '@tufjs/models'
import { BaseFetcher, Updater } from 'tuf-js'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Input = Record<string, Json>

const expires = '2030-01-01T00:00:00Z'
const common = { spec_version: '1.0.31', version: 1, expires }
const noSigner = new Signature({ keyID: 'key', sig: '' })

const families: Readonly<Record<string, (input: Input) => Json | undefined | Promise<Json>>> = {
  json: canonical,
  'canonical-json': canonical,
  metadata: ({ type, document }) => {
    readAs(textOf(type), objectOf(parse(bytesOf(document))))
    return undefined
  },
  keyids: ({ keyid, key }) => {
    const declared = Key.fromJSON(textOf(keyid), objectOf(key)).toJSON()
    return createHash('sha256').update(canonicalText(declared)).digest('hex')
  },
  'signatures-ed25519': signature,
  'signatures-ecdsa': signature,
  'signatures-rsa': signature,
  threshold,
  dates: ({ text }) => new Date(timestamp({ expires: text ?? null }).signed.expires).getTime(),
  'spec-version': ({ text }) => {
    timestamp({ spec_version: text ?? null })
    return undefined
  },
  hashes: ({ content, ...listed }) => {
    MetaFile.fromJSON({ version: 1, ...listed }).verify(bytesOf(content))
    return undefined
  },
  'path-patterns': ({ pattern = null, path }) => {
    const role = { name: 'role', keyids: [], threshold: 1, terminating: false, paths: [pattern] }
    return rolesFor({ keys: {}, roles: [role] }, textOf(path)).length > 0
  },
  'hash-bins': ({ delegations = null, path }) => rolesFor(delegations, textOf(path)),
  names,
}

class SkipError extends Error {}

function objectOf(value: Json | undefined): Record<string, Json> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new TypeError('is no object')
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  throw new TypeError('is no text')
}

function bytesOf(body: Json | undefined): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  const { base64, repeat, length } = objectOf(body)
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64')
  return Buffer.alloc(Number(length), textOf(repeat))
}

/** As the updater reads a file. */
function parse(bytes: Buffer): Json {
  const parseJson: (text: string) => Json = JSON.parse
  return parseJson(bytes.toString('utf8'))
}

function readAs(type: string, file: Record<string, Json>): unknown {
  switch (type) {
    case 'root':
      return Metadata.fromJSON(MetadataKind.Root, file)
    case 'timestamp':
      return Metadata.fromJSON(MetadataKind.Timestamp, file)
    case 'snapshot':
      return Metadata.fromJSON(MetadataKind.Snapshot, file)
    case 'targets':
      return Metadata.fromJSON(MetadataKind.Targets, file)
    default:
      throw new TypeError(`${type} is not a type`)
  }
}

function timestamp(fields: Input, signatures: Json = []): Metadata<Timestamp> {
  const meta = { 'snapshot.json': { version: 1 } }
  const signed = { _type: 'timestamp', ...common, meta, ...fields }
  return Metadata.fromJSON(MetadataKind.Timestamp, { signatures, signed })
}

/** The bytes to sign, as a signer sees them. */
function signedText(file: Metadata<Timestamp>): string {
  let text = ''
  file.sign((bytes) => {
    text = bytes.toString('utf8')
    return noSigner
  })
  return text
}

/** As a field that the library does not know; the one that is sorted last. */
function canonicalText(value: Json): string {
  const text = signedText(timestamp({ '~': value }))
  return text.slice(signedText(timestamp({ '~': 0 })).length - '0}'.length, -1)
}

function canonical({ document }: Input): Json {
  return canonicalText(parse(bytesOf(document)))
}

function signature({ key, sig, message }: Input): undefined {
  const signed = canonicalJson(bytesOf(message))
  const file = timestamp({}, [{ keyid: 'key', sig: sig ?? null }])
  file.signed.toJSON = () => signed
  Key.fromJSON('key', objectOf(key)).verifySignature(file)
}

/** A message as the JSON it is the canonical form of. */
function canonicalJson(message: Buffer): Record<string, Json> {
  try {
    const value = parse(message)
    if (canonicalText(value) === message.toString('utf8')) return objectOf(value)
  } catch {
    // Nor is text that is not JSON.
  }
  throw new SkipError('the library verifies signatures of canonical JSON only')
}

/** The library does not report how many keys signed: this is the highest threshold that is met. */
function threshold({ keys = null, keyids = null, threshold: needed = null, ...rest }: Input): Json {
  const signed = canonicalJson(bytesOf(rest['message']))
  const file = timestamp({}, rest['signatures'])
  file.signed.toJSON = () => signed
  const verifyFor = (least: Json): void => {
    const other = { keyids: [], threshold: 1 }
    const role = { keyids, threshold: least }
    const roles = { root: other, snapshot: other, targets: other, timestamp: role }
    const root = { _type: 'root', ...common, consistent_snapshot: true, keys, roles }
    Metadata.fromJSON(MetadataKind.Root, { signatures: [], signed: root }).verifyDelegate(
      'timestamp',
      file,
    )
  }
  verifyFor(needed)
  let count = 0
  try {
    for (;;) {
      verifyFor(count + 1)
      count += 1
    }
  } catch {
    return { signed: count }
  }
}

function rolesFor(delegations: Json, path: string): string[] {
  const signed = { _type: 'targets', ...common, targets: {}, delegations }
  const file = Metadata.fromJSON(MetadataKind.Targets, { signatures: [], signed })
  return [...(file.signed.delegations?.rolesForTarget(path) ?? [])].map(({ role }) => role)
}

/** Ends a download once its URL is known. */
class AskedError extends Error {}

class UrlFetcher extends BaseFetcher {
  asked = ''
  override fetch(url: string): Promise<never> {
    this.asked = url
    return Promise.reject(new AskedError())
  }
}

/** The updater's requests to its fetcher. */
async function names({ role = '', version, target, digest }: Input): Promise<Json> {
  const fetcher = new UrlFetcher()
  const base = 'http://localhost/base/'
  const meta = { [`${textOf(role)}.json`]: { version } }
  const consistentSnapshot = version !== undefined || digest !== undefined
  const updater = Object.assign(Object.create(Updater.prototype), {
    dir: '/nonexistent',
    targetDir: '/nonexistent',
    metadataBaseUrl: base,
    targetBaseUrl: base,
    fetcher,
    config: { prefixTargetsWithHash: digest !== undefined },
    trustedSet: {
      root: { signed: { consistentSnapshot } },
      snapshot: { signed: { meta } },
      getRole: () => undefined,
    },
  })
  const file = { path: target, length: 1, hashes: { sha256: digest } }
  const asking = target === undefined ? updater.loadTargets(role) : updater.downloadTarget(file)
  await asking.catch((error: unknown) => {
    if (fetcher.asked === '') throw error
  })
  const path = fetcher.asked.slice(new URL(base).origin.length)
  return path.startsWith('/base/') ? path.slice('/base/'.length) : path
}

for await (const line of createInterface({ input: process.stdin })) {
  const { family, input } = objectOf(parse(Buffer.from(line)))
  // Some readers of lines end them at U+2028 too.
  const text = JSON.stringify(await answer(textOf(family), objectOf(input)))
  console.log(text.replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`))
}

async function answer(family: string, input: Input): Promise<Json> {
  const ask = families[family]
  if (!ask) return { result: 'skipped', reason: 'the library has no function for this family' }
  try {
    const output = await ask(input)
    return { result: 'accepted', ...(output !== undefined && { output }) }
  } catch (error) {
    if (error instanceof SkipError) return { result: 'skipped', reason: error.message }
    return { result: 'refused', reason: String(error).slice(0, 300) }
  }
}
