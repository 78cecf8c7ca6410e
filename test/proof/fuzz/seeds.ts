/** Inputs to start from: the vectors, the lock files of the tests, and the kept corpus. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/core/json/value.js'
import { bytesOf, textOf } from '../../../src/vectors/body.js'
import { parseVectorFile } from '../../../src/vectors/parse-file.js'

const utf8 = new TextEncoder()

/** @param project its folder */
export function seedsOf(target: string, project: string): Uint8Array[] {
  return [
    ...keptInputs(target, project),
    ...fromVectors(target, project),
    ...lockFiles(target, project),
    ...samples(project)(target),
  ]
}

const families: Readonly<Record<string, (input: JsonObject) => Uint8Array>> = {
  json: (input) => bytesOf(input, 'document'),
  'path-patterns': (input) => utf8.encode(`${textOf(input, 'pattern')}\n${textOf(input, 'path')}`),
  metadata: (input) => bytesOf(input, 'document'),
  'signatures-rsa': (input) => utf8.encode(JSON.stringify(input['key'])),
  'signatures-ecdsa': (input) => utf8.encode(JSON.stringify(input['key'])),
  'signatures-ed25519': (input) => utf8.encode(JSON.stringify(input['key'])),
  'signatures-ml-dsa': (input) => utf8.encode(JSON.stringify(input['key'])),
}

const signatures = ['signatures-rsa', 'signatures-ecdsa', 'signatures-ed25519', 'signatures-ml-dsa']

function fromVectors(target: string, project: string): Uint8Array[] {
  const wanted: Readonly<Record<string, readonly string[]>> = {
    ...{ json: ['json'], pattern: ['path-patterns'], key: signatures },
    ...{
      root: ['metadata'],
      timestamp: ['metadata'],
      snapshot: ['metadata'],
      targets: ['metadata'],
    },
  }
  const inputs = (wanted[target] ?? []).flatMap((family) => {
    const file = parseVectorFile(readFileSync(join(project, `spec-vectors/${family}.json`), 'utf8'))
    if (file.kind !== 'function') return []
    return file.vectors
      .filter(({ input }) => family !== 'metadata' || input['type'] === target)
      .flatMap(({ input }) => families[family]?.(input) ?? [])
  })
  return inputs.filter(({ length }) => length <= 8_192)
}

function lockFiles(target: string, project: string): Uint8Array[] {
  const name = /^lock-(.*)$/.exec(target)?.[1]
  if (name === undefined) return []
  const folder = join(project, 'test/pypi/lock/fixtures')
  const kind = name.replace(/\\.[a-z]+$/, '')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes(kind) || (name === 'requirements.txt' && path.endsWith('.txt')))
    .map((path) => readFileSync(join(folder, path)))
}

/** One input a line, base64. */
function keptInputs(target: string, project: string): Uint8Array[] {
  const path = corpusFile(target, project)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'base64'))
}

export function corpusFile(target: string, project: string): string {
  return join(project, 'test/proof/fuzz/corpus', `${target}.txt`)
}

/** Whole objects of the readers that no vector asks. */
function samples(project: string): (target: string) => Uint8Array[] {
  const sample = (name: string): Buffer =>
    readFileSync(join(project, `test/proof/fuzz/corpus/${name}.json`))
  const texts = (...all: readonly string[]): Uint8Array[] => all.map((one) => utf8.encode(one))
  return (target) => {
    switch (target) {
      case 'attestation':
      case 'bundle':
      case 'trusted-root':
        return [sample(target)]
      case 'provenance':
        return texts(provenanceOf(sample('attestation').toString()))
      case 'certificate':
      case 'der':
        return [...certificatesIn(sample('trusted-root').toString())]
      case 'statement':
        return texts(statement)
      case 'lock-SHA256SUMS':
        return texts(`${'ab'.repeat(32)}  demo-1.0.tar.gz\n${'cd'.repeat(32)} *demo-1.0.zip\n`)
      case 'page-json':
        return texts(page)
      case 'page-html':
        return texts(htmlPage)
      case 'name':
        return texts(
          'demo-1.0.tar.gz',
          'demo-1.0-1-py3-none-any.whl',
          'v1!1.0-rc.1.post2.dev3+x.4',
          '>=3.9, !=3.10.*, ~=1.4.5',
          'python_version < "3.9" and (os_name == "nt" or extra == "x")',
        )
      default:
        return []
    }
  }
}

function provenanceOf(attestation: string): string {
  const publisher = '{"kind":"GitHub","repository":"demo/demo","workflow":"publish.yml"}'
  return `{"version":1,"attestation_bundles":[{"publisher":${publisher},"attestations":[${attestation}]}]}`
}

function* certificatesIn(text: string): Generator<Uint8Array> {
  for (const [, base64 = ''] of text.matchAll(/"rawBytes": "([^"]+)"/g)) {
    yield Buffer.from(base64, 'base64')
  }
}

const statement = JSON.stringify({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'demo-1.0.tar.gz', digest: { sha256: 'ab'.repeat(32) } }],
  predicateType: 'https://docs.pypi.org/attestations/publish/v1',
  predicate: null,
})

const page = JSON.stringify({
  meta: { 'api-version': '1.4', '_last-serial': 7 },
  name: 'demo',
  'project-status': { status: 'active' },
  versions: ['1.0'],
  files: [
    {
      filename: 'demo-1.0-py3-none-any.whl',
      url: 'demo-1.0-py3-none-any.whl#x',
      hashes: { sha256: 'ab'.repeat(32) },
      'requires-python': '>=3.9',
      'core-metadata': { sha256: 'cd'.repeat(32) },
      yanked: 'broken',
      size: 7,
      'upload-time': '2026-01-01T00:00:00Z',
      provenance: 'https://index.example.com/p',
    },
    { filename: 'demo-1.0.tar.gz', url: 'https://f.example.com/demo-1.0.tar.gz', hashes: {} },
  ],
})

const htmlPage = `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.1">
<base href="https://f.example.com/"><title>demo</title></head><body>
<a href="demo-1.0-py3-none-any.whl#sha256=${'ab'.repeat(32)}" data-requires-python="&gt;=3.9"
 data-yanked="" data-core-metadata="sha256=${'cd'.repeat(32)}" data-provenance="https://x.example.com/p"
 >demo-1.0-py3-none-any.whl</a><br/>
<a href="demo-1.0.tar.gz">demo-1.0.tar.gz</a></body></html>`
