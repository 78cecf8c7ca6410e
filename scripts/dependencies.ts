/**
 * `npm run dependencies`: how large the packages are that users install, and their share of the code that a
 * browser loads for `{ Updater }`. `-- --write` puts the table into docs/dependencies.md, and
 * `-- --check` compares: versions exactly, sizes within a twentieth, since compressors differ.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import { installedPackages } from './locked-packages.js'

interface Row {
  readonly name: string
  readonly version: string
  /** Bytes of its files on disk. */
  readonly installed: number
  /** Bytes of its tarball. */
  readonly packed: number
  /** Of the code in a bundle, from 0 to 1. */
  readonly share: number
}

const root = fileURLToPath(new URL('../', import.meta.url))
const document = `${root}docs/dependencies.md`
const [start, end] = ['<!-- sizes -->\n', '<!-- end of sizes -->\n']

const text = readFileSync(document, 'utf8')
const [before = '', rest = ''] = text.split(start)
const [written = '', after] = rest.split(end)
if (after === undefined) throw new Error(`docs/dependencies.md lacks ${start} or ${end}`)
const made = table(await measured())

if (process.argv.includes('--write')) {
  writeFileSync(document, before + start + made + end + after)
} else if (!process.argv.includes('--check')) {
  console.log(made)
} else if (!agree(written, made)) {
  console.error(
    'docs/dependencies.md is out of date: npm run dependencies -- --write measures anew',
  )
  console.error(made)
  process.exitCode = 1
}

async function measured(): Promise<Row[]> {
  const places = Object.entries(installedPackages())
  const packed = packedSizes(places.map(([place]) => place))
  const shares = await bundleShares()
  return places.map(([place, { version }]) => {
    const name = place.slice('node_modules/'.length)
    return {
      name,
      version,
      installed: sizeOf(join(root, place)),
      packed: packed.get(name) ?? NaN,
      share: shares.get(name) ?? 0,
    }
  })
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

function packedSizes(places: readonly string[]): Map<string, number> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--workspaces=false']
  const output = execFileSync('npm', [...args, ...places.map((place) => `./${place}`)], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const all = JSON.parse(output) as { name: string; size: number }[]
  return new Map(all.map(({ name, size }) => [name, size]))
}

/** Of each package, and of tuffet itself, in the output of a bundler for `{ Updater }`. */
async function bundleShares(): Promise<Map<string, number>> {
  const bundle = await rollup({
    input: 'entry',
    plugins: [
      {
        name: 'as-browsers-resolve',
        resolveId(id) {
          if (id === 'entry') return id
          if (id === 'tuffet') return `${root}dist/index.js`
          if (id === '#platform') return `${root}dist/platform/web.js`
          return id.startsWith('@noble/') ? fileURLToPath(import.meta.resolve(id)) : undefined
        },
        load: (id) => (id === 'entry' ? "export { Updater } from 'tuffet'" : undefined),
      },
    ],
    onLog: () => undefined,
  })
  const { output } = await bundle.generate({})
  const lengths = new Map<string, number>()
  let sum = 0
  for (const part of output) {
    if (part.type !== 'chunk') continue
    for (const [id, { renderedLength }] of Object.entries(part.modules)) {
      const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? 'tuffet'
      lengths.set(name, (lengths.get(name) ?? 0) + renderedLength)
      sum += renderedLength
    }
  }
  return new Map([...lengths].map(([name, length]) => [name, length / sum]))
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ name, version, installed, packed, share }) =>
      `| ${name} ${version} | ${kilobytes(installed)} | ${kilobytes(packed)} | ${percent(share)} |`,
  )
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0)
  const last = [kilobytes(sum((row) => row.installed)), kilobytes(sum((row) => row.packed))]
  return [
    '',
    '| package | installed, kB | packed, kB | share of a browser bundle |',
    '|---|---|---|---|',
    ...lines,
    `| all | ${last.join(' | ')} | ${percent(sum((row) => row.share))} |`,
    '',
    '',
  ].join('\n')
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}

function percent(share: number): string {
  return share === 0 ? 'none' : `${(share * 100).toFixed(1)} %`
}

/** Names and versions are equal, and numbers nearly. */
function agree(one: string, other: string): boolean {
  const [cells, beside] = [one, other].map((part) => part.split(/ \| |\n/))
  return (
    cells?.length === beside?.length &&
    cells?.every((cell, at) => near(cell, beside?.[at])) === true
  )
}

function near(cell: string, beside = ''): boolean {
  const [x, y] = [Number.parseFloat(cell), Number.parseFloat(beside)]
  return cell === beside || Math.abs(x - y) <= Math.max(0.3, 0.05 * Math.max(x, y))
}
