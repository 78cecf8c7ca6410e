/**
 * Reduces declarations to those that the entry points lead to: a module also declares its
 * functions for other modules of this package, and no program can import these. Lines stay where
 * they are, for the maps.
 */
import { writeFileSync } from 'node:fs'
import ts from 'typescript'

/**
 * Rewrites the files below the folder.
 * @param folder Absolute, with a slash at its end.
 * @param entries Absolute paths of declarations.
 */
export function keepPublicDeclarations(folder: string, entries: readonly string[]) {
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  /** Top-level statements, and the names that they import. */
  const kept: Set<ts.Node> = new Set()
  const waiting: ts.Node[] = []

  function keep(symbol: ts.Symbol | undefined) {
    if (symbol === undefined) return
    for (const declaration of symbol.declarations ?? []) {
      if (ts.isImportSpecifier(declaration)) kept.add(declaration)
      const statement = statementOf(declaration)
      if (statement === undefined || kept.has(statement)) continue
      if (!declaration.getSourceFile().fileName.startsWith(folder)) continue
      kept.add(statement)
      waiting.push(statement)
    }
    if (symbol.flags & ts.SymbolFlags.Alias) keep(checker.getAliasedSymbol(symbol))
  }

  function keepNames(node: ts.Node) {
    if (ts.isIdentifier(node)) keep(checker.getSymbolAtLocation(node))
    ts.forEachChild(node, keepNames)
  }

  const isEntry = (file: ts.SourceFile) => entries.includes(file.fileName)
  for (const file of program.getSourceFiles().filter(isEntry)) {
    const module = checker.getSymbolAtLocation(file)
    if (module) for (const symbol of checker.getExportsOfModule(module)) keep(symbol)
  }
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) keepNames(node)

  function leadsToKept(specifier: ts.ExportSpecifier) {
    const symbol = checker.getSymbolAtLocation(specifier.name)
    const aliased = symbol && checker.getAliasedSymbol(symbol)
    return aliased?.declarations?.some((one) => kept.has(statementOf(one) ?? one)) === true
  }

  for (const file of program.getSourceFiles()) {
    if (!file.fileName.startsWith(folder) || isEntry(file)) continue
    const lines = file.statements.map((statement) => {
      const text = statement.getFullText()
      if (kept.has(statement)) return text
      const names = namesOf(statement)
      if (names === undefined) return blank(text)
      const some = names.filter((name) =>
        ts.isImportSpecifier(name) ? kept.has(name) : leadsToKept(name),
      )
      if (names.length > 0 && some.length === 0) return blank(text)
      return without(
        text,
        statement,
        names.filter((name) => !some.includes(name)),
      )
    })
    const end = file.text.slice(file.statements.at(-1)?.end ?? 0)
    writeFileSync(file.fileName, lines.join('') + end)
  }
}

function statementOf(node: ts.Node) {
  let at = node
  while (!ts.isSourceFile(at) && !ts.isSourceFile(at.parent)) at = at.parent
  const moves = ts.isSourceFile(at) || ts.isImportDeclaration(at) || ts.isExportDeclaration(at)
  return moves ? undefined : at
}

/** The names that a statement imports, or exports from another module. */
function namesOf(
  statement: ts.Statement,
): readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] | undefined {
  if (ts.isImportDeclaration(statement)) {
    const bindings = statement.importClause?.namedBindings
    return bindings && ts.isNamedImports(bindings) ? bindings.elements : []
  }
  if (!ts.isExportDeclaration(statement)) return undefined
  const { exportClause } = statement
  return exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : []
}

function blank(text: string) {
  return text.replaceAll(/[^\n]/g, '')
}

function without(text: string, statement: ts.Statement, names: readonly ts.Node[]) {
  let rest = text
  for (const name of names.toReversed()) {
    const start = name.getStart() - statement.getFullStart()
    const end = name.end - statement.getFullStart()
    rest = rest.slice(0, start) + rest.slice(end).replace(/^\s*,\s*/, '')
  }
  return rest
}
