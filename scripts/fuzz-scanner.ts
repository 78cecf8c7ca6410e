/**
 * `npm run fuzz:scanner -- [--seconds N] [--seed N] [FOLDER…]`: asks the scanner and the exact road
 * about the same documents, as long as told. The documents are the metadata files in the folders and
 * some of its own: each changed at every byte, then all of them at random places. A
 * document that the scanner does not prove goes to the exact road anyway; one that it proves must be read
 * there with the same result.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { scan, type Schema } from '../src/core/json/fast/scanner.js'
import type { SignedByType } from '../src/core/metadata/model.js'
import { splice } from '../test/proof/fuzz/mutate.js'
import { bothRoads } from '../test/proof/fuzz/roads.js'

type Type = keyof SignedByType

interface Document {
  readonly name: string
  readonly type: Type
  readonly bytes: Uint8Array
}

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
  allowPositionals: true,
})
const seed = Number(values.seed)
const end = performance.now() + 1000 * Number(values.seconds)

/** No longer, so that every byte of a file has its turn. */
const longest = 20_000
const schemas: Readonly<Record<Type, Schema>> = {
  root: 'none',
  timestamp: 'none',
  snapshot: 'snapshot',
  targets: 'targets',
}
const interesting = Buffer.from('"\\{}[]:, \n\t0123456789-+.eEnulltrfsa\0\u001f\u007f')
  .toJSON()
  .data.concat(0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff)
const pieces = [
  '1e5',
  '-0',
  '00',
  '9007199254740993',
  '1.0',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '"a":1,',
  ',,',
  '\\u0022',
  '\\u0061',
  '\\ud83d\\ude00',
  '\\ud800',
  '\\/',
  '\\n',
  'é',
  '😀',
  '\ufeff',
  '  ',
  '"signed":{},',
  '"signatures":[],',
  '"hashes":{"sha256":"AB"},',
  '"length":1,',
  '"version":1,',
  '"__proto__":{},',
  '"terminating":true,',
  '"paths":["*"],',
  '"path_hash_prefixes":["00"],',
].map((text) => new TextEncoder().encode(text))

let state = seed >>> 0 || 1
/** xorshift: the same documents for the same seed. */
function below(most: number): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % most
}

const documents = distinct([...own(), ...positionals.flatMap(found)])
let asked = 0
let proved = 0
let passes = 0

console.log(`seed ${seed}, ${documents.length} documents`)
everyByte()
while (performance.now() < end) random()
console.log(
  `${asked.toLocaleString('en')} documents asked, ${proved.toLocaleString('en')} proved by the scanner ` +
    `and read alike on both roads; every byte was changed ${passes === 1 ? 'once' : 'in part'}, seed ${seed}`,
)

/** Each byte of each document: replaced, removed, and with another before it. */
function everyByte(): void {
  for (const document of documents) {
    const { bytes } = document
    for (let at = 0; at < bytes.length; at++) {
      if (performance.now() > end) return
      const byte = interesting[below(interesting.length)] ?? 0
      ask(document, splice(bytes, at, 1, Uint8Array.of(byte)))
      ask(document, splice(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << below(8)))))
      ask(document, splice(bytes, at, 1, new Uint8Array()))
      ask(document, splice(bytes, at, 0, Uint8Array.of(byte)))
    }
  }
  passes = 1
}

/** One to three changes: bytes, pieces of JSON, and parts of another document. */
function random(): void {
  for (let i = 0; i < 1000; i++) {
    const document = any(documents)
    let { bytes } = document
    for (let left = 1 + below(3); left > 0; left--) {
      const at = below(bytes.length + 1)
      const kind = below(4)
      const other = any(documents).bytes
      const from = below(other.length)
      const put =
        kind === 0
          ? Uint8Array.of(interesting[below(interesting.length)] ?? 0)
          : kind === 1
            ? any(pieces)
            : kind === 2
              ? other.subarray(from, from + below(200))
              : new Uint8Array()
      bytes = splice(bytes, at, kind === 1 ? 0 : below(4), put)
    }
    ask(document, bytes)
  }
}

function ask({ name, type }: Document, bytes: Uint8Array): void {
  asked += 1
  if (scan(bytes, schemas[type]) === undefined) return
  proved += 1
  const { fast, exact } = bothRoads(bytes, type)
  if (fast === exact) return
  console.error(`${name}, seed ${seed}, document ${asked}: the roads differ`)
  console.error(Buffer.from(bytes).toString('base64'))
  console.error(`scanner: ${fast}\nexact:   ${exact}`)
  process.exit(1)
}

function any<T>(list: readonly T[]): T {
  const one = list[below(list.length)]
  if (one === undefined) throw new Error('an empty list')
  return one
}

function distinct(all: readonly Document[]): Document[] {
  return [...new Map(all.map((one) => [Buffer.from(one.bytes).toString('latin1'), one])).values()]
}

/** The metadata files below a folder. */
function found(folder: string): Document[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .flatMap((path) => documentOf(path, new Uint8Array(readFileSync(join(folder, path)))))
}

function documentOf(name: string, bytes: Uint8Array): Document[] {
  if (bytes.length > longest) return []
  const type = /"_type"\s*:\s*"(root|timestamp|snapshot|targets)"/.exec(
    Buffer.from(bytes).toString('latin1'),
  )?.[1]
  return isType(type) ? [{ name, type, bytes }] : []
}

function isType(type: string | undefined): type is Type {
  return type !== undefined && type in schemas
}

/** Small ones with the tables that grow, compact and indented, with names that need care. */
function own(): Document[] {
  const common = '"expires":"2030-01-01T00:00:00Z","spec_version":"1.0.34"'
  const digest = 'ab'.repeat(32)
  const meta = `{"1.json":{"version":1},"a.json":{"hashes":{"sha256":"${digest}"},"length":7,"version":2},"é.json":{"version":3}}`
  const targets = `{"":{"hashes":{"sha256":"AB"},"length":0},"a/b":{"custom":{"x":[1,{"y":null}]},"hashes":{"sha256":"${digest}","sha512":"00"},"length":9},"😀":{"hashes":{"x":"00"},"length":1}}`
  const bins = ['00', '01', '02']
    .map(
      (one) =>
        `{"keyids":["k"],"name":"${one}","path_hash_prefixes":["${one}"],"terminating":true,"threshold":1}`,
    )
    .join(',')
  const delegations = `{"keys":{"k":{"keytype":"ed25519","keyval":{"public":"00"},"scheme":"ed25519"}},"roles":[${bins}]}`
  const files: readonly (readonly [string, string])[] = [
    ['snapshot', `"_type":"snapshot",${common},"meta":${meta},"version":1`],
    [
      'targets',
      `"_type":"targets","delegations":${delegations},${common},"targets":${targets},"version":1`,
    ],
    [
      'escapes',
      `"_type":"targets",${common},"targets":{},"version":1,"x":"\\u0041\\n\\"\\\\\\ud83d\\ude00"`,
    ],
  ]
  return files.flatMap(([name, signed]) => {
    const compact = `{"signatures":[{"keyid":"k","sig":"00"}],"signed":{${signed}}}`
    const indented = compact.replaceAll(/([{,[:])(?=["{[\d])/g, '$1\n ')
    return [compact, indented].flatMap((text) => documentOf(name, new TextEncoder().encode(text)))
  })
}
