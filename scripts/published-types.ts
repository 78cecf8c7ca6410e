/**
 * Whether the packed package refuses the same programs as the sources: test/types is compiled
 * against it, wrong lines included, by every supported TypeScript, without `skipLibCheck`. Each
 * compiler is installed in a folder of its own below node_modules/.cache.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Entries } from './entries.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const nodeModules = join(root, 'node_modules')

/** The oldest that is promised, the newest of its line, and the one that the sources use. */
const compilers = ['5.4.5', '5.9.3', '6.0.3']
const ways = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
]
/**
 * With Node's types alone, in a browser's program, and in one that knows both; and the entries that
 * need types that are missing there: those of Node.
 */
const dom = ['es2023', 'dom', 'dom.asynciterable']
const platforms = [
  { lib: ['es2023'], types: ['node'], without: /^tuffet\/web$/ },
  { lib: dom, types: [], without: /^tuffet\/(?:pypi|tuf-js|(?:(?:testing|vectors)\/)?node)$/ },
  { lib: dom, types: ['node'], without: /^$/ },
]

const entriesProgram = 'every-entry.ts'
/** The same for a CommonJS program, and one that uses both forms. */
const commonJsProgram = 'every-entry.cts'
const mixedProgram = 'both-forms.cts'
const mixed = `
import type { Repository as OfModule, TufError as ErrorOfModule } from 'tuffet' with { 'resolution-mode': 'import' }
import { isTufError, Repository, TufError, Updater } from 'tuffet'

const updater = new Updater({ metadataUrl: 'https://tuf.example.com/metadata/' })
export const repository: Promise<OfModule> = updater.refresh()
export const same = (one: OfModule): Repository => one
export function judge(error: unknown): ErrorOfModule | undefined {
  if (isTufError(error) && error.code === 'ERR_TUF_EXPIRED') return error
  return error instanceof TufError ? error : undefined
}
`

const folder = mkdtempSync(join(tmpdir(), 'tuffet-types-'))
let failed = 0
let skipped = 0
try {
  installPackage()
  const programs = writePrograms()
  for (const version of compilers) {
    const compiler = compilerFor(version)
    if ('reason' in compiler) {
      skipped++
      console.log(`skipped: ${compiler.reason}`)
      continue
    }
    for (const way of ways) {
      for (const platform of platforms) {
        const { without, ...options } = platform
        writeFileSync(
          join(folder, entriesProgram),
          programOf(without, () => true),
        )
        const requirable = (target: Entries[string]) => typeof target !== 'string'
        writeFileSync(join(folder, commonJsProgram), programOf(without, requirable))
        const able = programs.filter(
          (name) =>
            !imports(name, without) && (way.module === 'nodenext' || !name.endsWith('.cts')),
        )
        compile(version, compiler.path, { ...way, ...options }, able)
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${skipped} of ${compilers.length} compilers skipped, ${failed} compilations failed`)
// Without a compiler the run shows no result.
process.exitCode = failed > 0 || skipped === compilers.length ? 1 : 0

/** Unpacks the package, and lends it the dependencies that its types mention. */
function installPackage() {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const name = execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim()
  const installed = join(folder, 'node_modules', 'tuffet')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', name, '-C', installed, '--strip-components', '1'], { cwd: folder })
  for (const lent of ['@types', 'undici-types']) {
    symlinkSync(join(nodeModules, lent), join(folder, 'node_modules', lent), 'junction')
  }
}

/** The programs of test/types with the package in the place of the sources. */
function writePrograms() {
  const source = join(root, 'test', 'types')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  const names = readdirSync(source).filter((name) => name.endsWith('.ts'))
  for (const name of names) {
    const text = readFileSync(join(source, name), 'utf8')
    writeFileSync(join(folder, name), text.replaceAll(/'\.\.\/\.\.\/src\/(.+?)\.js'/g, published))
  }
  writeFileSync(join(folder, mixedProgram), mixed)
  return [...names, entriesProgram, commonJsProgram, mixedProgram]
}

function imports(name: string, entry: RegExp) {
  const imported = readFileSync(join(folder, name), 'utf8').match(/(?<=')tuffet[^']*(?=')/g) ?? []
  return imported.some((one) => entry.test(one))
}

function published(_whole: string, file: string) {
  const entry = file.split('/').slice(0, -1).join('/')
  return entry === '' ? "'tuffet'" : `'tuffet/${entry}'`
}

/** A program that uses every declaration of the entries. */
function programOf(without: RegExp, wanted: (target: Entries[string]) => boolean) {
  const { exports } = parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Entries
  }
  const entries = Object.entries(exports)
    .filter(([entry, target]) => !entry.endsWith('.json') && wanted(target))
    .map(([entry]) => `tuffet${entry.slice(1)}`)
  const lines = entries
    .filter((entry) => !without.test(entry))
    .map((entry, index) => `export * as e${index} from '${entry}'`)
  return `${lines.join('\n')}\n`
}

function compile(
  version: string,
  compiler: string,
  way: { module: string; moduleResolution: string; lib: string[]; types: string[] },
  programs: string[],
) {
  const compilerOptions = {
    ...way,
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: programs }))
  const what = `TypeScript ${version}, ${way.moduleResolution}, ${[...way.lib, ...way.types].join(' ')}`
  const args = [compiler, '-p', folder, '--pretty', 'false']
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) failed++
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${what}`)
  if (status !== 0) console.log(stdout)
}

function compilerFor(version: string): { path: string } | { reason: string } {
  const own = join(nodeModules, 'typescript')
  const { version: ownVersion } = parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
    version: string
  }
  if (version === ownVersion) return { path: join(own, 'lib', 'tsc.js') }
  const place = join(nodeModules, '.cache', 'compilers', version)
  const path = join(place, 'node_modules', 'typescript', 'lib', 'tsc.js')
  if (existsSync(path)) return { path }
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-save', '--no-audit', '--no-fund', `typescript@${version}`]
  const npm = spawnSync('npm', args, { cwd: place, encoding: 'utf8' })
  if (existsSync(path)) return { path }
  const said = npm.error?.message ?? npm.stderr.trim().split('\n').at(-1) ?? ''
  return { reason: `typescript@${version} cannot be installed: ${said}` }
}

function parse(text: string): unknown {
  return JSON.parse(text)
}
