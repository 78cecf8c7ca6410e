/** A copy of a part of the project as JavaScript, so that a changed file can run in it. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from '@swc/core'

const project = fileURLToPath(new URL('../../', import.meta.url))

/** The TypeScript files of a folder of the project, or the one file. */
export function typescriptFiles(path: string): string[] {
  if (path.endsWith('.ts')) return [path]
  return readdirSync(join(project, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name))
}

/** Writes the compiled form of `source` below `tree`, under the path of its file. */
export function compileTo(tree: string, path: string, source: string): void {
  const { code } = transformSync(source, {
    configFile: false,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  })
  const file = join(tree, path.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code)
}
