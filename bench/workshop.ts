/**
 * A temporary folder that looks like the project of a user who installed the package: measured
 * programs run there as plain JavaScript, never through a loader.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const sources = dirname(fileURLToPath(import.meta.url))

/** The folder, and its files. */
export class Workshop {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tuffet-bench-'))
  #folders = 0

  /** @param packageFolder where the package is that is measured, built */
  constructor(packageFolder: string) {
    process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
    const modules = join(this.folder, 'node_modules')
    mkdirSync(modules)
    symlinkSync(resolve(packageFolder), join(modules, 'tuffet'))
    for (const name of ['tuf-js', 'tinybench', 'undici', 'canonicalize']) {
      symlinkSync(resolve(sources, '..', 'node_modules', name), join(modules, name))
    }
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }')
    this.#compile('.')
    this.#compile('clients')
  }

  /** The path of a program; Python's is where it always was. */
  program(name: string): string {
    return name.endsWith('.py') ? join(sources, name) : join(this.folder, `${name}.js`)
  }

  /** The path of a new folder, which is not made. */
  newFolder(): string {
    this.#folders += 1
    return join(this.folder, `run-${this.#folders}`)
  }

  #compile(folder: string): void {
    mkdirSync(join(this.folder, folder), { recursive: true })
    for (const name of readdirSync(join(sources, folder))) {
      if (!name.endsWith('.ts')) continue
      const { outputText } = ts.transpileModule(readFileSync(join(sources, folder, name), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      })
      writeFileSync(join(this.folder, folder, name.replace(/\.ts$/, '.js')), outputText)
    }
  }
}
