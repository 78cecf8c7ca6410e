/**
 * The TypeScript in documents. A block that is fenced as `ts` is a module of its own; `ts continued`
 * goes on where the one before ended, `ts runs` is run by the tests too, `ts no-check` is left alone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { compileComplaints, testOptions } from './compile.js'
import { importsOf, sourceFile } from './source-files.js'

export interface DocumentModule {
  /** The name it is compiled under: the document, and the line where the module starts. */
  readonly name: string
  /** As many lines in front of each block as in the document, so that complaints name its lines. */
  readonly text: string
  readonly runs: boolean
  readonly checked: boolean
}

/** README and everything below docs, but for the generated reference. */
export function documents(): string[] {
  const guides = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/'))
  return ['README.md', ...guides.sort()].filter((path) => existsSync(path))
}

/** The examples in the doc comments of every source file. */
export function exampleModules(): DocumentModule[] {
  return sourcePaths()
    .map((path) => [path, readFileSync(path, 'utf8')] as const)
    .filter(([, text]) => text.includes('@example'))
    .flatMap(([path, text]) => modulesOf(path, text.replaceAll(/^ *\* ?/gm, '')))
}

function sourcePaths(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort()
}

/**
 * The functions and classes that these entry points export, as values, without an `@example`. The
 * classes of errors need none: `isTufError` shows how a program tells them apart.
 */
export function exportsWithoutExample(entries: readonly string[]): string[] {
  const program = ts.createProgram([...entries], testOptions())
  const checker = program.getTypeChecker()
  const callable = ts.SymbolFlags.Function | ts.SymbolFlags.Class
  return entries.flatMap((entry) => {
    const file = program.getSourceFile(entry)
    const module = file && checker.getSymbolAtLocation(file)
    const exported = module ? checker.getExportsOfModule(module) : []
    return exported
      .filter((symbol) => !symbol.declarations?.some(isTypeOnly))
      .map((symbol) =>
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      )
      .filter((symbol) => (symbol.flags & callable) !== 0 && !symbol.name.endsWith('Error'))
      .filter((symbol) => !symbol.getJsDocTags(checker).some(({ name }) => name === 'example'))
      .map((symbol) => `${entry}: ${symbol.name}`)
  })
}

function isTypeOnly(declaration: ts.Declaration): boolean {
  return (
    ts.isExportSpecifier(declaration) &&
    (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly)
  )
}

export function modulesOf(
  path: string,
  text: string = readFileSync(path, 'utf8'),
): DocumentModule[] {
  const modules: { name: string; text: string; runs: boolean; checked: boolean }[] = []
  for (const block of text.matchAll(/^```ts\b([^\n]*)\n(.*?)^```$/gms)) {
    const [, info = '', code = ''] = block
    const words = info
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '')
    const unknown = words.find((word) => !['continued', 'runs', 'no-check'].includes(word))
    if (unknown !== undefined) throw new TypeError(`${path}: unknown mark ${unknown}`)
    const line = text.slice(0, block.index).split('\n').length + 1
    const last = modules.at(-1)
    if (words.includes('continued')) {
      if (!last) throw new TypeError(`${path}:${line}: there is nothing to continue`)
      last.text += '\n'.repeat(line - last.text.split('\n').length) + code
    } else {
      const [runs, checked] = [words.includes('runs'), !words.includes('no-check')]
      modules.push({
        name: `${path}.${line}.ts`,
        text: '\n'.repeat(line - 1) + code,
        runs,
        checked,
      })
    }
  }
  return modules
}

/** The compiler's messages for these modules. */
export function complaints(modules: readonly DocumentModule[]): string[] {
  const texts = new Map(modules.map(({ name, text }) => [name, text]))
  // The reader sees the result of a call; using it is the reader's choice.
  const options = { ...testOptions(), noUnusedLocals: false }
  return compileComplaints([...texts.keys()], texts, options).map(({ name, line, message }) => {
    const document = name.replace(/\.\d+\.ts$/, '')
    return `${document}:${line}: ${message}`
  })
}

/** Runs a module; `imports` maps the names of its imports to modules. */
export async function run(
  module: DocumentModule,
  imports: ReadonlyMap<string, () => object | Promise<object>>,
): Promise<void> {
  const given: Record<string, unknown> = {}
  for (const { specifier, typeOnly } of importsOf(sourceFile(module.name, module.text))) {
    if (typeOnly) continue
    const load = imports.get(specifier)
    if (!load) throw new TypeError(`${module.name}: the tests do not know ${specifier}`)
    given[specifier] = { ...(await load()), __esModule: true }
  }
  const { outputText } = ts.transpileModule(module.text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  // As a function, because modules cannot be made from a text; await is allowed in both.
  const body = new AsyncFunction('require', 'exports', outputText)
  await body((specifier: string) => given[specifier], {})
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parameters: string[]
) => (require: (specifier: string) => unknown, exports: object) => Promise<void>
