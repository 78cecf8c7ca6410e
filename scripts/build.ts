/**
 * Builds dist/ from an empty folder, so that no file of an earlier build is published: tsc checks,
 * and writes the declarations and modules; rollup joins the modules of a layer into one file, since
 * loading fifty small files costs a short command more than running them. The program itself is
 * CommonJS, which Node starts sooner. The result takes the place of the old dist/ at the end: a
 * process that reads it meanwhile finds a whole build.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import ts from 'typescript'
import { writeCommonJs } from './commonjs.js'
import { publishDeclarations } from './declarations.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const compiler = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'))
const next = `${root}dist.${process.pid}`
const last = `${next}.old`

const shownTexts = new Set([
  'errors/mask-credentials.js',
  'node/describe-event.js',
  'words/printable.js',
  'words/amounts.js',
])

try {
  const args = [compiler, '-p', `${root}tsconfig/build.json`, '--outDir', next]
  execFileSync(process.execPath, args, { stdio: 'inherit' })
  const program = await frontProgram()
  await joinModules()
  writeFileSync(`${next}/cli/main.cjs`, program)
  publishDeclarations(next, `${root}src`, entryPoints())
  await writeCommonJs(next, commonJsEntries(), shortened)
} catch (error) {
  rmSync(next, { recursive: true, force: true })
  console.error(String(error))
  process.exit(1)
}
for (const name of ['main.cjs', 'main.js']) chmodSync(`${next}/cli/${name}`, 0o755)
if (existsSync(`${root}dist`)) renameSync(`${root}dist`, last)
renameSync(next, `${root}dist`)
rmSync(last, { recursive: true, force: true })

/** Puts files of the same names in the place of the entry points; all else is in `chunks/`. */
async function joinModules() {
  // The command is run, not imported.
  // The program of a worker is loaded by its URL.
  const names = [...entryPoints(), 'cli/main.js', 'worker/program.js']
  const bundle = await rollup({
    input: Object.fromEntries(
      names.map((name) => [name.slice(0, -'.js'.length), `${next}/${name}`]),
    ),
    external: (id) => !/^[./]/.test(id),
    onLog,
  })
  const { output } = await bundle.generate({
    chunkFileNames: 'chunks/[name].js',
    manualChunks: layerOf,
    hoistTransitiveImports: false,
    minifyInternalExports: false,
  })
  for (const file of readdirSync(next, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js')) rmSync(`${next}/${file}`)
  }
  mkdirSync(`${next}/chunks`)
  for (const part of output) {
    if (part.type === 'chunk') writeFileSync(`${next}/${part.fileName}`, shortened(part.code))
  }
}

/**
 * Comments are for readers of the sources; V8 must read them too. One character beyond ASCII makes
 * it keep all of a file in two bytes each.
 */
function shortened(code: string) {
  const { ESNext } = ts.ScriptTarget
  const compilerOptions = { target: ESNext, module: ts.ModuleKind.ESNext, removeComments: true }
  const { outputText } = ts.transpileModule(code, { compilerOptions })
  // The remaining ones are in strings and regular expressions.
  return indentedByTabs(outputText).replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * A tab for each four spaces at the start of a line, outside of texts: a tenth of the published code
 * is such spaces.
 */
function indentedByTabs(code: string) {
  const texts: [number, number][] = []
  const note = (node: ts.Node) => {
    if (ts.isTemplateLiteralToken(node)) texts.push([node.getStart(), node.getEnd()])
    ts.forEachChild(node, note)
  }
  note(ts.createSourceFile('part.js', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS))
  return code.replace(/^(?: {4})+/gm, (spaces, at: number) =>
    texts.some(([start, end]) => at > start && at < end) ? spaces : '\t'.repeat(spaces.length / 4),
  )
}

/** The program that `bin` names, which loads the rest when it needs it. */
async function frontProgram() {
  const input = `${next}/cli/front.js`
  const bundle = await rollup({ input, external: ['node:fs', './main.js'], onLog })
  const { output } = await bundle.generate({ format: 'cjs', esModule: false, interop: 'default' })
  return shortened(output[0].code)
}

function onLog(level: string, { message }: { message: string }) {
  throw new Error(`${level}: ${message}`)
}

/** The modules that package.json names, within dist/. */
function entryPoints() {
  const parse: (text: string) => Record<string, unknown> = JSON.parse
  const { exports, imports } = parse(readFileSync(`${root}package.json`, 'utf8'))
  const named = JSON.stringify([exports, imports]).match(/(?<="\.\/dist\/)[^"]+\.js(?=")/g)
  return [...new Set(named)]
}

/** The modules that `require` finds, where it cannot read an ES module. */
function commonJsEntries() {
  const text = readFileSync(`${root}package.json`, 'utf8')
  const named = text.match(/(?<="require": "\.\/dist\/cjs\/)[^"]+(?=\.cjs")/g) ?? []
  return named.map((name) => `${name}.js`)
}

/**
 * Core and client are needed as wholes, the errors also without them. The rest, and the modules
 * that are loaded later, are split as the entry points ask.
 */
function layerOf(id: string) {
  const file = id.slice(next.length + 1)
  // The command needs it before it knows whether it needs anything else.
  if (file === 'node/system-error.js') return 'system-error'
  // The command's output, and the main entry's, need them; the command without the errors.
  if (shownTexts.has(file)) return 'shown-text'
  const [layer = ''] = file.split('/')
  if (layer === 'errors' || layer === 'errors.js') return 'errors'
  // A bundle takes the parts of a table that it names.
  const part = /^web\/(parts|ed25519|ecdsa|rsa|sha3|blake2b)\.js$/.exec(file)?.[1]
  if (part !== undefined) return part
  // A refresh on Node needs them all, and other commands most of them.
  if (layer === 'node' && file !== 'node/index.js') return 'on-node'
  return layer === 'core' || layer === 'client' ? layer : undefined
}
