/** The readers of bytes from outside, each with the promises that any input must leave true. */
import { parseAttestation, parseProvenance } from '../../../src/attestations/object.js'
import { checkStatement } from '../../../src/attestations/statement.js'
import { encodeCanonical, olpc } from '../../../src/core/json/canonical.js'
import { readExact, readJson } from '../../../src/core/json/read.js'
import { JsonSyntaxError, type JsonValue } from '../../../src/core/json/value.js'
import type { Cryptography } from '../../../src/core/keys/cryptography.js'
import {
  decodeEcdsaSignature,
  decodeRsaPublicKey,
  decodeSubjectPublicKey,
} from '../../../src/core/keys/der.js'
import { loadKey } from '../../../src/core/keys/load.js'
import { FieldRefusal } from '../../../src/core/metadata/fields.js'
import { keysFrom } from '../../../src/core/metadata/parts.js'
import { codePoints, matchesPathPattern } from '../../../src/core/search/path-pattern.js'
import { isTufError } from '../../../src/errors.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { readLock } from '../../../src/pypi/lock/read-lock.js'
import { parseFilename } from '../../../src/pypi/names/file-name.js'
import { parseMarker } from '../../../src/pypi/names/marker.js'
import { parseSpecifiers } from '../../../src/pypi/names/specifier.js'
import { compareVersions, formatVersion, parseVersion } from '../../../src/pypi/names/version.js'
import { parsePage } from '../../../src/pypi/pages/parse-page.js'
import { writePageHtml } from '../../../src/pypi/pages/page-html.js'
import { writePageJson } from '../../../src/pypi/pages/page-json.js'
import { readBundle } from '../../../src/sigstore/read-bundle.js'
import { parseTrustedRoot } from '../../../src/sigstore/trusted-root.js'
import { Asn1Error } from '../../../src/sigstore/x509/asn1.js'
import { readCertificate } from '../../../src/sigstore/x509/certificate.js'
import { nobleCryptography } from '../../../src/web/cryptography.js'
import { Broken, type Target } from './loop.js'
import { referenceMatch } from './reference-pattern.js'
import { bothRoads } from './roads.js'

const utf8 = new TextEncoder()
const text = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

/** Branches for each byte; more would be a cost that grows faster than the input. */
const linear = (each: number) => (bytes: Uint8Array) => 50_000 + each * bytes.length

const isReadError = (error: unknown): boolean =>
  error instanceof JsonSyntaxError || error instanceof FieldRefusal || isTufError(error)

const usual = { isTyped: isReadError, words: [], mostSteps: linear(200), longest: 16_384 } as const

const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const
const roleWords = ['"signed":{', '"signatures":[],', '"hashes":{"sha256":"AB"},', '"length":1,']
  .concat('"version":1,', '"terminating":true,', '"paths":["*"],', '"path_hash_prefixes":["00"],')
  .concat(
    '"keyids":[',
    '"threshold":1,',
    '"keys":{',
    '"roles":[',
    '"succinct_roles":{',
    '"custom":',
  )

const locks = ['Pipfile.lock', 'pdm.lock', 'poetry.lock', 'pylock.toml', 'uv.lock'].concat(
  'requirements.txt',
  'SHA256SUMS',
)
const lockWords = ['[[package]]\n', 'name = "a"\n', 'version = "1.0"\n', '--hash=sha256:', ' \\\n']
  .concat('-r other.txt\n', '--index-url ', ' ; python_version < "3"', '[extra]', 'a @ https://')
  .concat(
    'files = [',
    '{file = "a.whl", hash = "sha256:',
    '"""',
    "'''",
    '# coding: latin-1\n',
    '${A}',
  )

const pageWords = ['"filename":"demo-1.0.tar.gz"', '"hashes":{', '"url":"', '"core-metadata":']
  .concat(
    '"yanked":',
    '"meta":{"api-version":"1.0"}',
    '<a href="',
    'data-requires-python="',
    '&gt;',
  )
  .concat('<meta name="pypi:repository-version" content="1.0">', '#sha256=', '<base href="', '</a>')

export const targets: readonly Target[] = [
  { ...usual, name: 'json', ask: json },
  ...roles.map((type): Target => ({
    ...usual,
    ...{ name: type, words: roleWords, mostSteps: linear(400) },
    ask: (bytes) => {
      const { fast, exact } = bothRoads(bytes, type)
      if (fast !== exact) throw new Broken(`the roads differ: ${fast} | ${exact}`)
    },
  })),
  { ...usual, name: 'key', longest: 4_096, ask: key },
  { ...usual, name: 'der', longest: 4_096, ask: der },
  {
    ...usual,
    ...{ name: 'certificate', longest: 4_096, ask: readCertificate },
    isTyped: (error) => error instanceof Asn1Error,
  },
  {
    ...usual,
    ...{ name: 'pattern', longest: 600, ask: pattern, words: ['*a', '[!a-c]', '[]]', '**', '/*/'] },
    mostSteps: (bytes) => 50_000 + 20 * bytes.length ** 2,
  },
  ...(['json', 'html'] as const).map((form): Target => ({
    ...usual,
    ...{ name: `page-${form}`, words: pageWords, mostSteps: linear(400) },
    ask: (bytes) => page(bytes, form),
  })),
  ...locks.map((name): Target => ({
    ...usual,
    ...{ name: `lock-${name}`, words: lockWords, mostSteps: linear(400) },
    ask: (bytes) => readLock(name, bytes, { variables: { A: 'b' } }),
  })),
  { ...usual, name: 'attestation', ask: parseAttestation },
  { ...usual, name: 'provenance', ask: parseProvenance },
  { ...usual, name: 'statement', ask: (bytes) => checkStatement(bytes, attested) },
  { ...usual, name: 'bundle', ask: readBundle },
  { ...usual, name: 'trusted-root', ask: parseTrustedRoot },
  { ...usual, name: 'name', longest: 2_048, ask: name },
]

const attested = { filename: 'demo-1.0.tar.gz', sha256: 'ab'.repeat(32) }

/** Both roads of JSON agree, and the canonical form of a canonical form is itself. */
function json(bytes: Uint8Array): void {
  const [fast, exact] = [
    canonicalOf(() => readJson(bytes).value),
    canonicalOf(() => readExact(bytes, olpc).value),
  ]
  if (fast !== exact) throw new Broken(`the roads differ: ${fast} | ${exact}`)
  // Control characters stand as they are in the canonical form, and JSON has none.
  if (fast.startsWith('!') || /[\0-\x1f]/.test(fast)) return
  const again = canonicalOf(() => readJson(Buffer.from(fast, 'latin1')).value)
  if (again !== fast) throw new Broken(`the canonical form changes: ${fast} | ${again}`)
}

function canonicalOf(read: () => JsonValue): string {
  try {
    return Buffer.from(encodeCanonical(read())).toString('latin1')
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    return `! ${error.message}`
  }
}

/** Both cryptographies reach one verdict. */
function key(bytes: Uint8Array): void {
  const declared = keysFrom({ k: readJson(bytes).value }).get('k')
  if (!declared) return
  const verdicts = [nodeCryptography, nobleCryptography].map((cryptography: Cryptography) => {
    const loaded = loadKey(declared, cryptography, { pkcs1v15: true })
    if (loaded.verdict !== 'ok') return loaded.verdict
    return loaded.verify(utf8.encode('message'), '30'.repeat(64))
  })
  if (verdicts[0] !== verdicts[1]) throw new Broken(`the verdicts differ: ${verdicts.join(', ')}`)
}

function der(bytes: Uint8Array): void {
  decodeSubjectPublicKey(bytes)
  decodeRsaPublicKey(bytes)
  const signature = decodeEcdsaSignature(bytes, 32)
  if (signature && signature.length !== 64) throw new Broken('a signature of another length')
}

/** Pattern and path, a line each. A slow matcher of a few lines says the same. */
function pattern(bytes: Uint8Array): void {
  const [wanted = '', path = ''] = text(bytes).split('\n')
  const matches = matchesPathPattern(wanted, path)
  if (matches !== referenceMatch(codePoints(wanted), codePoints(path))) {
    throw new Broken(`${JSON.stringify([wanted, path])} is said to be ${matches}`)
  }
}

/** A page that was read and written is read as the same page. */
async function page(bytes: Uint8Array, form: 'json' | 'html'): Promise<void> {
  const options = { project: 'demo', baseUrl: 'https://index.example.com/demo/', form }
  const write = form === 'json' ? writePageJson : writePageHtml
  const first = write(await parsePage(bytes, options))
  const second = write(await parsePage(utf8.encode(first), options))
  if (second !== first) throw new Broken(`a written page is read as another: ${first} | ${second}`)
}

/** A version that was written is the version that was read. */
function name(bytes: Uint8Array): void {
  const given = text(bytes)
  parseFilename(given)
  parseFilename(given, 'demo')
  parseMarker(given)
  parseSpecifiers(given)
  const version = parseVersion(given)
  if (!version) return
  const again = parseVersion(formatVersion(version))
  if (!again || compareVersions(version, again) !== 0) {
    throw new Broken(`${JSON.stringify(given)} is written as ${formatVersion(version)}`)
  }
}
