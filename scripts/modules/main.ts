/**
 * `npm run test:modules`: fresh projects with the packed package, one for each way to load it, in the
 * tool's default configuration. Each runs an update cycle against an in-memory repository, and sees a
 * wrong file refused. `--write` writes the table of docs/modules.md.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeProgram, nodeVersions } from '../runtimes/programs.js'
import { expected } from './programs.js'
import { projects, type Project } from './projects.js'
import { partsTable } from './parts.js'
import { measureSizes, type Size } from './sizes.js'
import { installed } from './tools.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'tuffet-modules-'))
const rows: (readonly [string, string, string])[] = []
let sizes: readonly Size[] = []
let failed = 0
try {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', home]
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim()
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  execFileSync('npm', ['install', ...quiet, join(home, tarball)], { cwd: home, stdio: 'ignore' })
  for (const project of projects) tryOne(project)
  measure()
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 20 })
}
if (process.argv.includes('--write')) writeTable()
console.log(`${failed} of ${rows.length} failed`)
process.exitCode = failed > 0 ? 1 : 0

function tryOne({ tool, way, packages = [], files, everyNode = false, steps }: Project) {
  const tools = packages.length === 0 ? { path: '' } : installed(packages)
  if ('reason' in tools) {
    note(tool, way, `not tried: ${tools.reason}`)
    return
  }
  const folder = join(home, `${tool} ${way}`.replaceAll(/[^\w.]+/g, '-'))
  mkdirSync(folder)
  // The tool, where the program imports it.
  if (tools.path !== '') symlinkSync(tools.path, join(folder, 'node_modules'), 'junction')
  for (const [name, text] of Object.entries({
    'package.json': '{ "private": true }\n',
    ...files,
  })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const version of everyNode ? nodeVersions : [process.versions.node]) {
    const node = nodeProgram(version)
    const name = everyNode ? `${tool} ${version}` : tool
    if ('reason' in node) note(name, way, `not tried: ${node.reason}`)
    else note(name, way, outcomeOf(folder, node.path, steps))
  }
}

/** Runs the steps; the last one shows the outcome. */
function outcomeOf(folder: string, node: string, steps: Project['steps']): string {
  let said = ''
  for (const { run, shows = '' } of steps) {
    const { status, stdout, stderr } = spawnSync(node, [...run], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
      env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: '' },
    })
    said = `${stdout}${stderr}`
    if (status !== 0 || !said.includes(shows)) return `FAILED: ${said.trim().slice(-1_000)}`
    if (shows === expected && /warning/i.test(stderr)) return `FAILED: ${stderr}`
  }
  return 'verified, refused'
}

function measure() {
  const measured = measureSizes(home)
  if ('reason' in measured) {
    console.log(`Sizes were not measured: ${measured.reason}`)
    return
  }
  sizes = measured
  for (const { title, compressed, bar } of sizes) {
    if (compressed > bar) failed++
    console.log(`${compressed > bar ? '✗' : '✓'} ${title}: ${compressed} bytes, at most ${bar}`)
  }
}

function note(tool: string, way: string, outcome: string) {
  if (outcome.startsWith('FAILED')) failed++
  rows.push([tool, way, outcome])
  console.log(`${outcome.startsWith('FAILED') ? '✗' : '✓'} ${tool}, ${way}: ${outcome}`)
}

function writeTable() {
  const table = rows.map((row) => `| ${row.map((cell) => cell.split('\n')[0]).join(' | ')} |`)
  const inParts = sizes.flatMap(({ parts }) => (parts ? [parts] : []))
  const text = `# Module systems

Written by \`npm run test:modules -- --write\`. Each row is a fresh project with the packed package and the tool's defaults; it runs an update
cycle against an in-memory repository, reads a verified file, and sees a wrong one refused.

| tool | way | outcome |
|---|---|---|
${table.join('\n')}

Node's \`require\` and \`import\` load the same files, so there is one copy of each class. Jest with its defaults, the first releases of Node 22
and old bundlers get a CommonJS form; \`isTufError\` knows the errors of both.

## Sizes

Bundles for a browser by esbuild, minified, then compressed by brotli. A bundle above its bar fails the command. The goals for the second and
the last two were 22 and 12 KB. They are missed: strict reading with exact errors, the scanner, retries and guards are most of the rest, and no
program should be without them. The second table shows it.

| import | minified, KB | brotli, KB | bar, KB |
|---|--:|--:|--:|
${sizes.map(sizeRow).join('\n')}

By chapter of the sources, minified, in KB; brotli makes a third of it. The code of the scanner is 9.1 of its KB, in hexadecimal, which brotli makes
2.4. Without the scanner a role of 3 MB takes 176 ms to read instead of 11, and a snapshot of 0.5 MB 43 instead of 1: programs need not name it to have it. Without it
and its tables each bundle would be 3.6 KB smaller.

${partsTable(
  inParts.map(({ title }) => title),
  inParts.map(({ of }) => of),
)}
`
  writeFileSync(join(root, 'docs', 'modules.md'), text)
}

function sizeRow({ title, minified, compressed, bar }: Size): string {
  return `| ${[title, ...[minified, compressed, bar].map((bytes) => (bytes / 1_000).toFixed(1))].join(' | ')} |`
}
