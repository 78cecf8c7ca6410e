/**
 * The package as it would be published: entry points, contents, pins and the scripts of an
 * installation.
 */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesOf, moduleOf, type Entries } from './entries.js'
import { bundleComplaints } from './package-bundle.js'

process.chdir(fileURLToPath(new URL('../', import.meta.url)))

type Names = Record<string, string>
interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Entries
  readonly imports: Record<string, Names>
  readonly bin: Names
  readonly dependencies: Names
  readonly devDependencies: Names
}
interface LockedPackage {
  readonly dev?: boolean
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Names
}

const manifest = parse(readFileSync('package.json', 'utf8')) as Manifest
const lock = parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>
}
const wrong: string[] = []
const load: (file: string) => object = createRequire(import.meta.url)

/** Every target of `exports`, `imports` and `bin` exists, with its declarations. */
const targets = new Set(
  [manifest.exports, ...Object.values(manifest.imports), manifest.bin].flatMap((names: Entries) =>
    Object.values(names).flatMap(filesOf),
  ),
)
for (const target of targets) {
  // The command is run, not imported: it comes without declarations.
  const isBin = Object.values(manifest.bin).includes(target)
  const declarations = isBin ? target : target.replace(/\.(c?)js$/, '.d.$1ts')
  for (const file of new Set([target, declarations])) {
    if (!existsSync(file)) wrong.push(`package.json points at ${file}, which is not there`)
  }
}

/** Every entry can be imported under its own name. */
for (const [entry, targets] of Object.entries(manifest.exports)) {
  const target = moduleOf(targets)
  if (!target.endsWith('.js') || !existsSync(target)) continue
  const name = manifest.name + entry.slice(1)
  await import(name).catch((error: unknown) => {
    wrong.push(`import '${name}' fails: ${String(error)}`)
  })
  const { require: file } = typeof targets === 'string' ? {} : targets
  if (file === undefined) continue
  await import(name)
    .then((module: object) => {
      const [one, other] = [module, load(`../${file}`)].map((all) => Object.keys(all).sort().join())
      if (one !== other) wrong.push(`${file} exports other names than ${target}`)
    })
    .catch((error: unknown) => wrong.push(`require('${name}') fails: ${String(error)}`))
}

for (const [name, file] of Object.entries(manifest.bin)) {
  if (!existsSync(file)) continue
  if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')) {
    wrong.push(`${name}: ${file} does not start with #!/usr/bin/env node`)
  }
  try {
    accessSync(file, constants.X_OK)
  } catch {
    wrong.push(`${name}: ${file} is not executable`)
  }
}

/** The packed files: the build and the documents alone. */
const { files: packed, size, unpackedSize } = whatIsPacked('.')
const wanted = [
  /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|SECURITY\.md)$/,
  /^dist\/.+\.(c?js|d\.c?ts|d\.ts\.map)$/,
  /^dist\/src\/.+\.ts$/,
  /^docs\/.+\.(md|svg)$/,
]
for (const file of packed) {
  if (!wanted.some((pattern) => pattern.test(file))) wrong.push(`${file} would be published`)
}
// Why so many: docs/adr/0032-the-size-of-the-tarball.md, and 0035-commonjs-for-those-who-need-it.md.
if (size > 815_000) wrong.push(`the tarball has ${size} bytes, more than 815,000`)
if (unpackedSize > 2_910_000) wrong.push(`unpacked it has ${unpackedSize} bytes, over 2,910,000`)
wrong.push(...brokenLinks('.', packed))

/** The core's declarations come with maps, and each map's source is packed too. */
for (const file of packed.filter((one) => /^dist\/core\/.+\.d\.ts$/.test(one))) {
  if (!packed.includes(`${file}.map`)) wrong.push(`${file} has no map`)
}
for (const file of packed.filter((one) => one.endsWith('.d.ts.map'))) {
  const { sources } = parse(readFileSync(file, 'utf8')) as { sources: string[] }
  for (const source of sources.map((one) => posix.join(posix.dirname(file), one))) {
    if (!packed.includes(source)) wrong.push(`${file} points at ${source}, which is not packed`)
  }
}

/** The vectors are a package of their own: data, and no program. */
const vectors = whatIsPacked('spec-vectors')
for (const file of vectors.files) {
  if (!/^([a-z0-9-]+\.json|LICENSE|README\.md)$/.test(file)) {
    wrong.push(`spec-vectors/${file} would be published`)
  }
}
wrong.push(...brokenLinks('spec-vectors', vectors.files))
const { version } = parse(readFileSync('spec-vectors/package.json', 'utf8')) as Manifest
if (version !== manifest.version)
  wrong.push(`tuffet-vectors is ${version}, not ${manifest.version}`)
for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', 'SECURITY.md']) {
  if (!packed.includes(file)) wrong.push(`${file} would not be published`)
}

/** So is the one with the name that npm puts in the place of tuf-js; it is of this version. */
for (const file of whatIsPacked('tuf-js').files) {
  if (!/^(package\.json|index\.js|index\.d\.ts|LICENSE|README\.md)$/.test(file)) {
    wrong.push(`tuf-js/${file} would be published`)
  }
}
const alias = parse(readFileSync('tuf-js/package.json', 'utf8')) as Manifest
for (const one of [alias.version, alias.dependencies['tuffet']]) {
  if (one !== manifest.version)
    wrong.push(`tuf-js/package.json says ${one}, not ${manifest.version}`)
}

/** Versions are exact; the lock file names no registry and lists the binaries of every platform. */
const dependencies = { ...manifest.dependencies, ...manifest.devDependencies }
for (const [name, version] of Object.entries(dependencies)) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) wrong.push(`${name} is not pinned: ${version}`)
}
for (const [path, locked] of Object.entries(lock.packages)) {
  if (locked.resolved && locked.link !== true)
    wrong.push(`package-lock.json: ${path} is bound to ${locked.resolved}`)
  if (locked.hasInstallScript && !locked.dev) wrong.push(`${path} runs a script when installed`)
  for (const name of Object.keys(locked.optionalDependencies ?? {})) {
    const found = [`${path}/node_modules/${name}`, `node_modules/${name}`]
    if (!found.some((place) => place in lock.packages))
      wrong.push(`package-lock.json lacks ${name}`)
  }
}

/** Each dependency is accounted for, in the first column of a table. */
const rows = readFileSync('docs/dependencies.md', 'utf8').match(/^\| `.+?` \|/gm) ?? []
const accounted = new Set(rows.flatMap((row) => row.match(/(?<=`)[^`, ]+(?=`)/g) ?? []))
for (const name of Object.keys(dependencies)) {
  if (!accounted.delete(name)) wrong.push(`docs/dependencies.md lacks ${name}`)
}
for (const name of accounted) wrong.push(`docs/dependencies.md has ${name}, package.json has not`)

wrong.push(...(await bundleComplaints(manifest.version)))

for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exit(1)
console.log(
  `The package is in order: ${packed.length} files, ${size} bytes packed, ${unpackedSize} unpacked.`,
)

function whatIsPacked(folder: string): { files: string[]; size: number; unpackedSize: number } {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const output = execFileSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [report] = parse(output) as {
    files: { path: string }[]
    size: number
    unpackedSize: number
  }[]
  if (!report) throw new TypeError(`npm pack says nothing of ${folder}`)
  return { ...report, files: report.files.map(({ path }) => path) }
}

/** Links of packed documents to files that are not packed. */
function brokenLinks(folder: string, files: string[]) {
  return files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const text = readFileSync(posix.join(folder, file), 'utf8')
      return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, link = '']) => posix.join(posix.dirname(file), link).replace(/\/$/, ''))
        .filter((to) => !files.some((one) => one === to || one.startsWith(`${to}/`)))
        .map((to) => `${posix.join(folder, file)} links to ${to}, which is not packed`)
    })
}

function parse(text: string): unknown {
  return JSON.parse(text)
}
