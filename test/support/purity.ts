/**
 * The names that a pure module may not use: the world outside, and the parts of the language that
 * reach it.
 */
import ts from 'typescript'
import { nodesOf } from './source-files.js'

/** Language names that are asynchronous, ambient, or depend on the machine's settings. */
const impure: ReadonlySet<string> = new Set([
  ...['Promise', 'PromiseLike', 'AsyncIterable', 'AsyncIterator', 'AsyncGenerator'],
  ...['globalThis', 'eval', 'Function', 'Intl', 'Atomics', 'SharedArrayBuffer'],
  ...['WeakRef', 'FinalizationRegistry'],
  ...['toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase', 'localeCompare'],
])

/**
 * Names of `paths` that neither the library files `lib` nor `ambient` declares, as `path:line name`.
 * The types of Node are not there, so this finds `Buffer` and `process` too.
 */
export function unknownNames(
  paths: readonly string[],
  lib: readonly string[],
  { ambient = [], unsaved }: { ambient?: readonly string[]; unsaved?: ReadonlyMap<string, string> },
): string[] {
  const program = createProgram([...paths, ...ambient], lib, unsaved)
  return paths.flatMap((path) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .filter(({ messageText }) => /^Cannot find name /.test(flat(messageText)))
      .map((found) => at(found.file, found.start, /'(.*?)'/.exec(flat(found.messageText))?.[1])),
  )
}

/** Asynchrony, clock, chance and locale in one file, as `path:line what`. */
export function impurities(file: ts.SourceFile): string[] {
  const found: string[] = []
  for (const node of nodesOf(file)) {
    const name = impurity(node)
    if (name !== undefined) found.push(at(file, node.getStart(), name))
  }
  return found
}

function impurity(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (node.kind === ts.SyntaxKind.AwaitKeyword) return 'await'
  if (ts.isIdentifier(node)) return impure.has(node.text) ? node.text : undefined
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText()
    return name === 'Date.now' || name === 'Math.random' ? name : undefined
  }
  // `new Date(milliseconds)` is arithmetic; the other forms read the clock or the time zone.
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
    return node.arguments?.length === 1 ? undefined : 'new Date'
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()'
  return undefined
}

function createProgram(
  paths: readonly string[],
  lib: readonly string[],
  unsaved: ReadonlyMap<string, string> = new Map(),
): ts.Program {
  const options: ts.CompilerOptions = {
    lib: lib.map((name) => `lib.${name}.d.ts`),
    types: [],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = ts.sys
  host.readFile = (name) => unsaved.get(name) ?? readFile(name)
  host.fileExists = (name) => unsaved.has(name) || fileExists(name)
  return ts.createProgram(paths, options, host)
}

function at(file: ts.SourceFile | undefined, position = 0, what = ''): string {
  if (!file) return what
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(position).line + 1} ${what}`
}

function flat(message: string | ts.DiagnosticMessageChain): string {
  return ts.flattenDiagnosticMessageText(message, ' ')
}
