/** The English of the project as passages: a paragraph of a comment or a page, a message, a title. */
import { readFileSync, readdirSync } from 'node:fs'
import ts from 'typescript'
import { commentGroupsOf, nodesOf, sourceFiles, type SourceFile } from '../source-files.js'

export const kinds = [
  'comments of src',
  'doc comments of src',
  'messages and help',
  'docs',
  'comments of tests and tools',
  'test titles',
  'vector titles and notes',
] as const
export type Kind = (typeof kinds)[number]

export interface Passage {
  readonly kind: Kind
  readonly path: string
  /** Line numbers start at 1; the text has no comment marks, code is `code`. */
  readonly lines: readonly { readonly line: number; readonly text: string }[]
}

/** The scanner and its test quote what they look for. */
const scanner = /^test\/(support\/english\/|english\.test\.ts$)/

/** Every passage of the working tree. */
export function allPassages(): Passage[] {
  const sources = sourceFiles('src', 'test', 'bench', 'scripts', 'demo', 'spec-vectors')
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'spec-vectors/README.md',
    ...markdownBelow('docs'),
  ]
  const vectors = readdirSync('spec-vectors').filter((name) => name.endsWith('.json'))
  return [
    ...sources.filter(({ path }) => !scanner.test(path)).flatMap(passagesOf),
    ...pages.flatMap((path) => markdownPassages(path, readFileSync(path, 'utf8'))),
    ...vectors
      .map((name) => `spec-vectors/${name}`)
      .flatMap((path) => vectorPassages(path, readFileSync(path, 'utf8'))),
  ]
}

/** Comments; of src also messages; of test also titles. */
export function passagesOf(file: SourceFile): Passage[] {
  const passages = commentPassages(file)
  if (file.path.startsWith('src/')) passages.push(...messagePassages(file))
  if (file.path.startsWith('test/')) passages.push(...titlePassages(file))
  return passages
}

/** Prose of a page, without code and the addresses of links. */
export function markdownPassages(path: string, text: string): Passage[] {
  const lines = textLines(
    text.replaceAll(/^(```|~~~)[^]*?^\1/gm, blank).replaceAll(/<!--[^]*?-->/g, blank),
  )
  return paragraphs(
    'docs',
    path,
    lines.map(({ line, text }) => ({ line, text: text.replaceAll(/\]\([^)]*\)/g, ']') })),
  )
}

/** What the vector files say of themselves and of each vector. */
export function vectorPassages(path: string, text: string): Passage[] {
  return textLines(text).flatMap(({ line, text }) => {
    const [, value] = /^ {2,6}"(?:title|note|about)": (".*"),?$/.exec(text) ?? []
    if (value === undefined) return []
    const sentence = String(JSON.parse(value))
    return passage('vector titles and notes', path, [{ line, text: sentence }])
  })
}

function commentPassages(file: SourceFile): Passage[] {
  return commentGroupsOf(file).flatMap(({ pos, text }) => {
    const doc = text.startsWith('/**')
    const prose = text.replaceAll(/^[ \t]*\* @example\b[^]*?(?=^[ \t]*\* @|\*\/$)/gm, blank)
    const lines = textLines(prose, lineAt(file.syntax, pos)).map(({ line, text }) => ({
      line,
      text: text.replace(/^\s*(\/\*+|\/\/+|\*(?!\/))/, '').replace(/\*\/$/, ''),
    }))
    return paragraphs(commentKind(file.path, doc), file.path, lines)
  })
}

function commentKind(path: string, doc: boolean): Kind {
  if (!path.startsWith('src/')) return 'comments of tests and tools'
  return doc ? 'doc comments of src' : 'comments of src'
}

/** Texts of at least three words in source code: errors, hints, help. */
function messagePassages(file: SourceFile): Passage[] {
  return literals(file.syntax)
    .filter(({ text }) => /\b[a-z]{2,} [^ ]+ [^ ]/i.test(text))
    .flatMap(({ pos, text }) =>
      passage('messages and help', file.path, textLines(text, lineAt(file.syntax, pos))),
    )
}

/** First arguments of `test`, `it` and `describe`, and the titles in the tables of `test.each`. */
function titlePassages(file: SourceFile): Passage[] {
  const found: Literal[] = []
  for (const node of nodesOf(file.syntax)) {
    if (ts.isCallExpression(node) && isTestFunction(node.expression)) {
      const [first] = node.arguments
      if (first)
        found.push(...(ts.isArrayLiteralExpression(first) ? firstCells(first) : literals(first)))
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'title') {
      found.push(...literals(node.initializer))
    }
  }
  return found
    .filter(({ text }) => /[a-z] [^ ]/i.test(text))
    .flatMap(({ pos, text }) =>
      passage('test titles', file.path, textLines(text, lineAt(file.syntax, pos))),
    )
}

function firstCells(table: ts.ArrayLiteralExpression): Literal[] {
  return table.elements.flatMap((row) => {
    const cell = ts.isArrayLiteralExpression(row) ? row.elements[0] : row
    return cell && isText(cell) ? literals(cell) : []
  })
}

function isTestFunction(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return /^(test|it|describe)$/.test(callee.text)
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) {
    return isTestFunction(callee.expression)
  }
  if (ts.isParenthesizedExpression(callee)) return isTestFunction(callee.expression)
  return ts.isConditionalExpression(callee) && isTestFunction(callee.whenTrue)
}

interface Literal {
  readonly pos: number
  readonly text: string
}

/** The texts below a node; what is put together with `+` is one, an expression in it is `code`. */
function literals(node: ts.Node): Literal[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return []
  if (ts.isLiteralTypeNode(node)) return []
  const found = isText(node) ? [{ pos: node.getStart(), text: textOf(node) }] : []
  ts.forEachChild(node, (child) => {
    if (!isText(node) || !isText(child)) found.push(...literals(child))
  })
  return found
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || isJoined(node)
}

function isJoined(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    (isText(node.left) || isText(node.right))
  )
}

function textOf(node: ts.Node): string {
  if (isJoined(node)) return textOf(node.left) + textOf(node.right)
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return 'code'
  return node.head.text + node.templateSpans.map(({ literal }) => `code${literal.text}`).join('')
}

function paragraphs(kind: Kind, path: string, lines: Passage['lines']): Passage[] {
  const ends = lines.flatMap(({ text }, index) =>
    /^\s*(\||[-*] |#|@|$)/.test(text) ? [index] : [],
  )
  return [...ends, lines.length].flatMap((end, index) =>
    passage(kind, path, lines.slice(ends[index - 1] ?? 0, end)),
  )
}

function passage(kind: Kind, path: string, lines: Passage['lines']): Passage[] {
  const said = lines
    .map(({ line, text }) => ({ line, text: text.replaceAll(/`[^`]*`/g, 'code').trim() }))
    .filter(({ text }) => /[a-z]/i.test(text))
  return said.length > 0 ? [{ kind, path, lines: said }] : []
}

function textLines(text: string, first = 1): { line: number; text: string }[] {
  return text.split('\n').map((text, index) => ({ line: first + index, text }))
}

function lineAt(file: ts.SourceFile, pos: number): number {
  return file.getLineAndCharacterOfPosition(pos).line + 1
}

/** Only the line breaks of a text, so that the lines after it keep their numbers. */
function blank(text: string): string {
  return text.replaceAll(/[^\n]+/g, '')
}

/** Pages that a person writes. */
function markdownBelow(folder: string): string[] {
  const generated = /^docs\/(api\/|interop\.md|spec-map\.md|performance)/
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !generated.test(path))
    .sort()
}
