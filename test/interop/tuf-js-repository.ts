/**
 * Writes a repository with the models of tuf-js: tuf-js-repository.ts FOLDER OPTIONS, where OPTIONS
 * is JSON: targets { path: text }, and optionally consistent. Run as it is, as `tuf-js-adapter.ts`.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  Key,
  Metadata,
  MetaFile,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models'

interface Options {
  readonly targets: Readonly<Record<string, string>>
  readonly consistent?: boolean
}

const [folder = '', json = ''] = process.argv.slice(2)
const parse: (text: string) => Options = JSON.parse
const { targets: listed, consistent = true } = parse(json)
const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+/, '')
const common = { version: 1, specVersion: '1.0.31', expires }

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const declared = {
  keytype: 'ecdsa',
  scheme: 'ecdsa-sha2-nistp256',
  keyval: { public: publicKey.export({ format: 'pem', type: 'spki' }).toString() },
}
const key = Key.fromJSON('a'.repeat(64), declared)

const targets = new Targets(common)
for (const [path, text] of Object.entries(listed)) {
  const sha256 = createHash('sha256').update(text).digest('hex')
  const hashes = { sha256 }
  targets.addTarget(new TargetFile({ path, length: Buffer.byteLength(text), hashes }))
  const name = consistent ? join(dirname(path), `${sha256}.${path.split('/').at(-1) ?? ''}`) : path
  put(`targets/${name}`, Buffer.from(text))
}
const root = new Root({ ...common, consistentSnapshot: consistent })
for (const role of ['root', 'timestamp', 'snapshot', 'targets']) root.addKey(key, role)
publish('1.root', root)
const targetsMeta = metaOf(publish(consistent ? '1.targets' : 'targets', targets))
const snapshot = new Snapshot({ ...common, meta: { 'targets.json': targetsMeta } })
const snapshotMeta = metaOf(publish(consistent ? '1.snapshot' : 'snapshot', snapshot))
publish('timestamp', new Timestamp({ ...common, snapshotMeta }))

function publish(name: string, signed: Root | Timestamp | Snapshot | Targets): Buffer {
  const file = new Metadata(signed)
  file.sign(
    (bytes) =>
      new Signature({ keyID: key.keyID, sig: sign('sha256', bytes, privateKey).toString('hex') }),
  )
  const bytes = Buffer.from(JSON.stringify(file.toJSON()))
  put(`metadata/${name}.json`, bytes)
  return bytes
}

function metaOf(bytes: Buffer): MetaFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return new MetaFile({ version: 1, length: bytes.length, hashes: { sha256 } })
}

function put(name: string, bytes: Buffer): void {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
