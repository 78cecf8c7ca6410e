/** Source files as their syntax: their imports, comments and names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

export interface SourceFile {
  /** Relative to the repository root, with `/`. */
  readonly path: string
  readonly syntax: ts.SourceFile
}

export interface Import {
  /** As it is written; `?` when it is not a literal. */
  readonly specifier: string
  /** A path such as `src/core/json/read.ts`, or the specifier of a package, builtin or `#` name. */
  readonly to: string
  readonly dynamic: boolean
  /** Erased by the compiler. */
  readonly typeOnly: boolean
}

/** Every TypeScript and JavaScript file below these folders; a missing folder counts as empty. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
        .filter((path) => /\.m?[jt]s$/.test(path) && !installed.test(path)),
    )
    .sort()
    .map((path) => sourceFile(path, readFileSync(path, 'utf8')))
}

/** Packages of other projects, and programs that are built from them. */
const installed = /\/(node_modules|target)\//

export function sourceFile(path: string, text: string): SourceFile {
  return { path, syntax: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

/** Static and dynamic imports, re-exports, and `import('…')` in types. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = []
  const add = (name: ts.Node | undefined, dynamic: boolean, typeOnly: boolean) => {
    const specifier = name && ts.isStringLiteralLike(name) ? name.text : '?'
    imports.push({ specifier, to: resolve(file.path, specifier), dynamic, typeOnly })
  }
  for (const node of nodesOf(file.syntax)) {
    if (ts.isImportDeclaration(node)) {
      add(
        node.moduleSpecifier,
        false,
        node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      )
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node.moduleSpecifier, false, node.isTypeOnly)
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, false, true)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], true, false)
    }
  }
  return imports
}

/** The text of every comment. */
export function commentsOf(file: SourceFile): string[] {
  return commentRangesOf(file).map(({ text }) => text)
}

export interface Comment {
  readonly pos: number
  readonly text: string
}

/** Every comment; `//` on lines that follow one another are one. */
export function commentGroupsOf(file: SourceFile): Comment[] {
  const groups: Comment[] = []
  for (const { pos, text } of commentRangesOf(file)) {
    const last = groups.at(-1)
    const end = last ? last.pos + last.text.length : 0
    const gap = file.syntax.text.slice(end, pos)
    if (last?.text.startsWith('//') && text.startsWith('//') && /^\n[ \t]*$/.test(gap)) {
      groups.splice(-1, 1, { pos: last.pos, text: last.text + gap + text })
    } else groups.push({ pos, text })
  }
  return groups
}

function commentRangesOf(file: SourceFile): Comment[] {
  const text = file.syntax.text
  const found = new Map<number, string>()
  for (const node of nodesOf(file.syntax)) {
    for (const range of [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ]) {
      found.set(range.pos, text.slice(range.pos, range.end))
    }
  }
  return [...found].map(([pos, text]) => ({ pos, text })).sort((a, b) => a.pos - b.pos)
}

/** The node and all below it, tokens included, in the order of the text. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of node.getChildren()) {
    if (child.kind < ts.SyntaxKind.FirstJSDocNode || child.kind > ts.SyntaxKind.LastJSDocNode) {
      yield* nodesOf(child)
    }
  }
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}
