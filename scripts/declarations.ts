/**
 * The declarations that are published: those that the entry points reach, each with a map to its
 * source and the source itself below `src/`, so that an editor's "go to definition" shows the code.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { keepPublicDeclarations } from './public-declarations.js'

/** All but the core, which people read: the tarball is limited. */
const withoutSources = /^(?!core\/)/

/**
 * Removes the declarations that no entry point leads to, and gives the others their sources.
 * @param folder Absolute: the build, with a map beside each declaration.
 * @param sources Absolute: the folder that was compiled.
 * @param entries Modules of the build that programs import, such as `index.js`.
 */
export function publishDeclarations(folder: string, sources: string, entries: readonly string[]) {
  const named = entries.map((name) => posixPath(join(folder, declarationOf(name))))
  keepPublicDeclarations(`${posixPath(folder)}/`, named)
  const reached = reachable(folder, entries)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/\.d\.ts(\.map)?$/.test(name) && !reached.has(posixPath(name).replace(/\.map$/, ''))) {
      rmSync(join(folder, name))
    }
  }
  for (const name of reached) {
    if (withoutSources.test(name)) {
      rmSync(join(folder, `${name}.map`))
      withoutMap(join(folder, name))
      continue
    }
    const source = name.replace(/\.d\.ts$/, '.ts')
    const copy = join(folder, 'src', source)
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, readFileSync(join(sources, source)))
    pointTo(join(folder, `${name}.map`), posix.relative(posix.dirname(name), `src/${source}`))
  }
}

/** The declarations of the entries and all that they import, by path in the folder. */
function reachable(folder: string, entries: readonly string[]) {
  const reached: Set<string> = new Set()
  const waiting = entries.map(declarationOf).filter((name) => existsSync(join(folder, name)))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    const text = readFileSync(join(folder, name), 'utf8')
    for (const [, id = ''] of text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
      waiting.push(declarationOf(posix.join(posix.dirname(name), id)))
    }
  }
  return reached
}

function pointTo(map: string, source: string) {
  const parse: (text: string) => { sources: string[] } = JSON.parse
  const content = parse(readFileSync(map, 'utf8'))
  writeFileSync(map, JSON.stringify({ ...content, sources: [source] }))
}

/** Without a map the lines may move: those of removed declarations are empty. */
function withoutMap(file: string) {
  const text = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n')
  writeFileSync(file, text.replaceAll(/\n\s*\n/g, '\n').replace(/^\s+/, ''))
}

function declarationOf(module: string) {
  return module.replace(/\.js$/, '.d.ts')
}

function posixPath(path: string) {
  return path.replaceAll('\\', '/')
}
