/**
 * The floor of `tuffet pypi check` on a filled store: every bin and page is read, hashed and parsed,
 * every signature verified once, and nothing else is checked.
 */
import { createPublicKey, hash, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { signedBytes } from '../signed-bytes.js'

interface Bin {
  readonly signatures: readonly { readonly sig: string }[]
  readonly signed: {
    readonly targets: Record<string, { readonly hashes: { readonly sha256: string } }>
    readonly delegations: {
      readonly keys: Record<string, { readonly keyval: { readonly public: string } }>
      readonly roles: readonly { readonly name: string; readonly path_hash_prefixes: string[] }[]
    }
  }
}

interface Page {
  readonly files: readonly { readonly filename: string; readonly hashes: { sha256: string } }[]
}

const [store = '', lock = ''] = process.argv.slice(2)
const { delegations } = parse<Bin>(readFileSync(`${store}/bins.json`)).signed
const names = new Map<string, string>()
let length = 0
for (const { name, path_hash_prefixes: prefixes } of delegations.roles) {
  for (const prefix of prefixes) names.set(prefix, name)
  length = prefixes[0]?.length ?? 0
}
const keys = Object.values(delegations.keys).map(({ keyval }) => {
  const x = Buffer.from(keyval.public, 'hex').toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
})
const bins = new Map<string, Bin>()
let matches = 0
for (const line of readFileSync(lock, 'utf8').trim().split('\n')) {
  const [, project, version, digest] = /^(.+)==(.+) --hash=sha256:(.+)$/.exec(line) ?? []
  const path = `simple/${project}/index.html`
  const target = binOf(path).signed.targets[path]
  const page = readFileSync(`${store}/pages/${encodeURIComponent(path)}`)
  if (hash('sha256', page) !== target?.hashes.sha256) throw new Error(`another page: ${path}`)
  const { files } = parse<Page>(page)
  const release = files.filter(({ filename }) => filename.includes(`-${version}-`))
  if (release.some(({ hashes }) => hashes.sha256 === digest)) matches += 1
}
console.log(matches)

function binOf(path: string): Bin {
  const name = names.get(hash('sha256', path).slice(0, length)) ?? ''
  const known = bins.get(name)
  if (known) return known
  const bytes = readFileSync(`${store}/${name}.json`)
  hash('sha256', bytes)
  const bin = parse<Bin>(bytes)
  for (const { sig } of bin.signatures) {
    for (const key of keys) {
      if (!verify(null, signedBytes(bytes), key, Buffer.from(sig, 'hex'))) throw new Error('wrong')
    }
  }
  bins.set(name, bin)
  return bin
}

function parse<T>(bytes: Buffer): T {
  return JSON.parse(bytes.toString())
}
