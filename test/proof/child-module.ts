/**
 * Compiles the module of a child process once, with the built library in the place of `src`: a child
 * that starts in a tenth of a second can be killed more often.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const top = fileURLToPath(new URL('../..', import.meta.url))

/** @returns the path of the compiled form of `entry`, below `folder` */
export function compileChild(folder: string, entry: URL): string {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return compile(folder, fileURLToPath(entry), new Set())
}

function compile(folder: string, source: string, done: Set<string>): string {
  const output = join(folder, relative(top, source).replace(/\.ts$/, '.js'))
  if (done.has(source)) return output
  done.add(source)
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  })
  const text = outputText.replace(/'(\.{1,2}\/[^']+)\.js'/g, (_, name: string) => {
    const file = join(dirname(source), name)
    const inSources = relative(join(top, 'src'), file)
    if (!inSources.startsWith('..')) {
      return `'${pathToFileURL(join(top, 'dist', `${inSources}.js`)).href}'`
    }
    compile(folder, `${file}.ts`, done)
    return `'${name}.js'`
  })
  mkdirSync(dirname(output), { recursive: true })
  writeFileSync(output, text)
  return output
}
