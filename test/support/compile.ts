/** Modules under the options of tsconfig/test.json, some of them unsaved, and the compiler's messages. */
import { resolve } from 'node:path'
import ts from 'typescript'

export interface Complaint {
  /** As it was given. */
  readonly name: string
  /** From 1. */
  readonly line: number
  readonly message: string
}

export function testOptions(): ts.CompilerOptions {
  const file = resolve('tsconfig/test.json')
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic({ messageText }) {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '))
    },
  }
  const parsed = ts.getParsedCommandLineOfConfigFile(file, {}, host)
  if (!parsed) throw new Error(`${file} cannot be read`)
  return parsed.options
}

/** @param unsaved modules in the place of files, by name */
export function compileComplaints(
  names: readonly string[],
  unsaved: ReadonlyMap<string, string> = new Map(),
  options: ts.CompilerOptions = testOptions(),
): Complaint[] {
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  const fileExists = host.fileExists.bind(host)
  host.readFile = (name) => unsaved.get(name) ?? readFile(name)
  host.fileExists = (name) => unsaved.has(name) || fileExists(name)
  const program = ts.createProgram(names, options, host)
  return names.flatMap((name) => {
    const file = program.getSourceFile(name)
    const found = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]
    return found.map(({ start = 0, messageText }) => ({
      name,
      line: (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1,
      message: ts.flattenDiagnosticMessageText(messageText, ' '),
    }))
  })
}
