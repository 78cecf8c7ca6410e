/** The files of the page: its program in one module, with the built package in it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rollup, type Plugin } from 'rollup'
import ts from 'typescript'
import { pictureStyle } from 'tuffet/picture'
import { moduleOf, type Entries } from '../../scripts/entries.js'
import { signedSamples } from './signed-samples.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = fileURLToPath(new URL('./', import.meta.url))

interface Manifest {
  readonly exports: Entries
  readonly imports: Readonly<Record<string, { readonly browser: string }>>
}

/** Name below the page → content. */
export async function pageFiles(): Promise<Map<string, string>> {
  const bundle = await rollup({
    input: `${here}main.ts`,
    plugins: [{ name: 'as-browsers-resolve', resolveId, load, transform }],
    treeshake: { moduleSideEffects: false },
    onLog: () => undefined,
  })
  const { output } = await bundle.generate({ inlineDynamicImports: true })
  return new Map([
    ['', readFileSync(`${here}index.html`, 'utf8')],
    ['main.js', output[0].code],
    ['page.css', `${pictureStyle}${readFileSync(`${here}page.css`, 'utf8')}`],
  ])
}

const absent = '\0absent'

const resolveId: NonNullable<Plugin['resolveId']> = (id, importer) => {
  const { exports, imports } = manifest()
  const own = id.startsWith('#') ? imports[id]?.browser : ownExport(id, exports)
  if (own !== undefined) return root + own.slice(2)
  if (/^[./]/.test(id) && importer !== undefined && importer.endsWith('.ts')) {
    return fileURLToPath(new URL(id.replace(/\.js$/, '.ts'), `file://${importer}`))
  }
  if (/^[./]/.test(id)) return null
  // Files and connections: the page uses neither.
  if (/^(node:|undici)/.test(id)) return absent
  return fileURLToPath(import.meta.resolve(id))
}

function ownExport(id: string, exports: Manifest['exports']): string | undefined {
  if (id !== 'tuffet' && !id.startsWith('tuffet/')) return undefined
  const entry = exports[`.${id.slice(6)}`]
  return entry && moduleOf(entry)
}

/** Modules make themselves ready when they are loaded; any later use is an error. */
function load(id: string) {
  // The page has the values, and neither the keys nor the modules of Node that made them.
  if (id === `${here}signed-samples.ts`) {
    return `export const signedSamples = ${JSON.stringify(signedSamples)}`
  }
  if (id !== absent) return null
  const code = `let isLoaded = false
queueMicrotask(() => { isLoaded = true })
const use = () => {
  if (isLoaded) throw new Error('a browser has no modules of Node')
  return absent
}
const get = (_, name) => (name === Symbol.toPrimitive ? () => '' : absent)
const absent = new Proxy(function () {}, { get, apply: use, construct: use })
export default absent`
  return { code, syntheticNamedExports: true }
}

function transform(code: string, id: string) {
  if (!id.endsWith('.ts')) return null
  const { ESNext } = ts.ScriptTarget
  const compilerOptions = { target: ESNext, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

function manifest(): Manifest {
  const parse: (text: string) => Manifest = JSON.parse
  return parse(readFileSync(`${root}package.json`, 'utf8'))
}
