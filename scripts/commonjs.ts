/**
 * The entries as CommonJS, for loaders that cannot `require` an ES module, such as Jest and old
 * bundlers. Packages that exist as ES modules alone become part of it, except those that few programs
 * need: Node loads them when they are. Its declarations lead to those of the modules.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup, type Plugin } from 'rollup'
import ts from 'typescript'

/** Loaded when an HTML page, a lock file in TOML or a proxy asks for it. */
const loadedLater = /^(?:parse5|smol-toml|undici)$/

/**
 * @param folder Absolute: the build.
 * @param names Modules of the build that become files in `cjs/`, such as `node/index.js`.
 * @param shortened Makes code shorter.
 */
export async function writeCommonJs(
  folder: string,
  names: readonly string[],
  shortened: (code: string) => string,
) {
  const bundle = await rollup({
    input: Object.fromEntries(names.map((name) => [name.replace(/\.js$/, ''), join(folder, name)])),
    plugins: [asNodeResolves(folder)],
    external: (id) => id.startsWith('node:') || loadedLater.test(id),
    onLog(level, { message }) {
      throw new Error(`${level}: ${message}`)
    },
  })
  const { output } = await bundle.generate({
    format: 'cjs',
    entryFileNames: 'cjs/[name].cjs',
    chunkFileNames: 'cjs/chunks/[name].cjs',
    manualChunks: (id) => (id.includes('/@noble/') ? nobleChunk(id) : undefined),
    dynamicImportInCjs: false,
    interop: 'default',
    hoistTransitiveImports: false,
    minifyInternalExports: false,
  })
  for (const part of output) {
    if (part.type !== 'chunk') continue
    const file = join(folder, part.fileName)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, shortened(part.code))
  }
  writeDeclarations(folder, names)
}

/** Curves take a third of it, and a program on Node seldom needs them. */
function nobleChunk(id: string) {
  return id.includes('/@noble/curves/') ? 'curves' : undefined
}

function asNodeResolves(folder: string): Plugin {
  return {
    name: 'as-node-resolves',
    resolveId(id) {
      if (id === '#platform') return join(folder, 'platform/node.js')
      if (/^(?:[./]|node:)/.test(id) || loadedLater.test(id)) return null
      return fileURLToPath(import.meta.resolve(id))
    },
    /** By Node's own loader: that of a test runner may not read an ES module. */
    renderDynamicImport({ targetModuleId }) {
      if (targetModuleId !== null && !loadedLater.test(targetModuleId)) return null
      const loader = "(process.getBuiltinModule?.('module') ?? require('node:module'))"
      return { left: `Promise.resolve(${loader}.createRequire(__filename)(`, right: '))' }
    },
  }
}

/** Types are those of the module, so that both may be used in one program. */
function writeDeclarations(folder: string, names: readonly string[]) {
  const files = names.map((name) => join(folder, name.replace(/\.js$/, '.d.ts')))
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  for (const [index, name] of names.entries()) {
    const source = program.getSourceFile(files[index] ?? '')
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${name} has no declarations`)
    const from = posix.relative(posix.join('cjs', posix.dirname(name)), name)
    const mode = "with { 'resolution-mode': 'import' }"
    const imported = `import('${from}', { with: { 'resolution-mode': 'import' } })`
    const lines = checker.getExportsOfModule(module).flatMap((symbol) => {
      const { flags, declarations } =
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      if (!(flags & ts.SymbolFlags.Value)) return []
      const value = `export declare const ${symbol.name}: typeof ${imported}.${symbol.name}`
      if (!(flags & ts.SymbolFlags.Type)) return [value]
      if (declarations?.some((one) => ts.isClassDeclaration(one) && one.typeParameters)) {
        throw new Error(`${name}: ${symbol.name} has type parameters`)
      }
      return [value, `export type ${symbol.name} = ${imported}.${symbol.name}`]
    })
    const text = [`export type * from '${from}' ${mode}`, ...lines, ''].join('\n')
    writeFileSync(join(folder, 'cjs', name.replace(/\.js$/, '.d.cts')), text)
  }
}
