/**
 * `npm run newcomer`: the first five minutes of somebody who has never seen this project, as a
 * transcript. The packed tarball goes into a fresh folder; then come the README's program and
 * commands, the CI guide's, a Jest project, and Deno. Every command is one that a document shows.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writePageJson } from '../src/pypi/index.js'
import { createRepository, type TestRepository } from '../src/testing/index.js'
import { serve } from '../src/testing/node/index.js'
import { runProgram } from '../test/support/composite-action.js'
import { makeWheel } from '../test/support/wheel.js'

const project = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tuffet-newcomer-'))
const wheel = makeWheel({ name: 'demo_pkg', version: '1.0' })
const repo = index()
const served = await serve(repo)
const { origin } = new URL(served.metadataUrl)
const skipped: string[] = []
// It is of this project, and tsx would look for it in the fresh folder.
delete process.env['TSX_TSCONFIG_PATH']

const jestTest = `import { expect, test } from '@jest/globals'
import { Updater } from 'tuffet'
import { createRepository } from 'tuffet/testing'

test('a changed package is refused', async () => {
  const repo = createRepository()
  repo.addTarget('pkgs/a.whl', 'a wheel')
  repo.publish()
  const fetcher = repo.fetcher()
  const { metadataUrl, targetsUrl } = fetcher
  const now = () => repo.now
  const updater = new Updater({ metadataUrl, targetsUrl, fetcher, root: repo.root(), now })
  const { code } = repo.attack.arbitraryInstallation('pkgs/a.whl')
  await expect((await updater.refresh()).read('pkgs/a.whl')).rejects.toMatchObject({ code })
})
`

try {
  heading('The package, in a fresh folder')
  await step(`npm pack --pack-destination ${folder}`, { cwd: project })
  const tarball = `tuffet-${manifest().version}.tgz`
  await step('npm init --yes')
  await step(`npm install --save-dev ./${tarball} tsx@${manifest().devDependencies['tsx'] ?? ''}`)
  await step('npm pkg set type=module')
  await step('npx tuffet version')
  const guides = join(folder, 'node_modules', 'tuffet')

  heading("The README's program, to a verified file")
  writeFileSync(join(folder, 'root.json'), repo.root(1))
  writeFileSync(join(folder, 'b.whl'), 'another wheel')
  const readme = readFileSync(join(guides, 'README.md'), 'utf8')
  writeFileSync(join(folder, 'program.ts'), here(block(readme, 'ts', 'downloadFile')))
  await step('npx tsx program.ts')
  expectFile('a.whl', 'a wheel')

  heading("The README's commands")
  rmSync(join(folder, 'a.whl'))
  rmSync(join(folder, 'tuf'), { recursive: true })
  for (const line of commandLines(block(readme, 'sh', 'tuffet init')))
    await step(`npx ${here(line)}`)
  expectFile('a.whl', 'a wheel')

  heading("The CI guide's commands")
  const ci = readFileSync(join(guides, 'docs/guides/pypi-in-ci.md'), 'utf8')
  writeFileSync(join(folder, 'tuffet.json'), here(block(ci, 'json', 'metadataUrl')))
  await step('npx tuffet pypi pin demo-pkg==1.0 > requirements.txt')
  const commands = commandLines(block(ci, 'sh', 'npm ci'))
  if (spawnSync('python3', ['-m', 'venv', '--help'], { stdio: 'ignore' }).status === 0) {
    await step('python3 -m venv .venv')
    for (const line of commands) await step(line)
    await step(`python3 -c 'import demo_pkg; print(demo_pkg.message)'`)
  } else {
    for (const line of commands.filter((one) => !one.includes(' pip '))) await step(line)
    skip('pip', 'there is no python3 with venv')
  }

  heading('A Jest project')
  await step(`npm install --save-dev jest@${manifest().devDependencies['jest'] ?? ''}`)
  writeFileSync(join(folder, 'install.test.js'), jestTest)
  await step('NODE_OPTIONS=--experimental-vm-modules npx jest')

  heading('Deno')
  const steps = readFileSync(join(guides, 'docs/guides/first-steps.md'), 'utf8')
  const deno = /`(deno run [^`]*)`/.exec(steps)?.[1] ?? ''
  if (spawnSync('deno', ['--version'], { stdio: 'ignore' }).status === 0) {
    rmSync(join(folder, 'a.whl'))
    rmSync(join(folder, 'tuf'), { recursive: true })
    await step(deno.replace('tuf.example.com', new URL(origin).host))
    expectFile('a.whl', 'a wheel')
  } else {
    skip('Deno', 'there is no deno on PATH')
  }
  console.log(`\nEvery step ended with 0.${skipped.map((one) => ` Skipped: ${one}.`).join('')}`)
} catch (error) {
  console.error(`\n${String(error)}`)
  process.exitCode = 1
} finally {
  await served.close()
  rmSync(folder, { recursive: true, force: true })
}

/** The README's targets, and an index of one project; its page says where the wheel is. */
function index(): TestRepository {
  const made = createRepository({ now: Date.now() })
  made.addTarget('pkgs/a.whl', 'a wheel')
  made.addTarget('pkgs/b.whl', 'another wheel')
  const { filename } = wheel
  const sha256 = createHash('sha256').update(wheel.bytes).digest('hex')
  const hashes = new Map([['sha256', sha256]])
  const file = { filename, url: `files/${sha256}.${filename}`, hashes }
  made.addTarget(
    'demo-pkg',
    writePageJson({ apiVersion: '1.0', project: 'demo-pkg', files: [file] }),
  )
  made.addTarget(`files/${filename}`, wheel.bytes)
  made.publish()
  return made
}

function manifest(): { version: string; devDependencies: Record<string, string> } {
  return JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as never
}

function heading(text: string): void {
  console.log(`\n# ${text}`)
}

function skip(what: string, why: string): void {
  console.log(`(${what} is skipped: ${why})`)
  skipped.push(`${what}, ${why}`)
}

/** Runs a line as a shell does, in the fresh folder, and shows its output. */
async function step(line: string, { cwd = folder }: { cwd?: string } = {}): Promise<void> {
  console.log(`\n$ ${shown(line)}`)
  const path = [join(folder, '.venv', 'bin'), process.env['PATH'] ?? ''].join(delimiter)
  const env = { PATH: path, NO_COLOR: '1', npm_config_update_notifier: 'false' }
  const { status, stdout, stderr } = await runProgram('bash', ['-c', line], { cwd, env })
  const said = shown(`${stdout}${stderr}`.trimEnd())
  if (said !== '') console.log(said)
  if (status !== 0) throw new Error(`it ended with ${String(status)}: ${shown(line)}`)
}

/** Without the names of temporary folders. */
function shown(text: string): string {
  return text.replaceAll(folder, '.').replaceAll(origin, 'http://127.0.0.1:PORT')
}

function here(text: string): string {
  return text.replaceAll('https://tuf.example.com', origin)
}

/** The first block of a language that has some words. */
function block(document: string, language: string, words: string): string {
  const blocks = document.matchAll(new RegExp(`^\`\`\`${language}\\b.*\\n([^]*?)^\`\`\`$`, 'gm'))
  const found = [...blocks].map(([, text = '']) => text).find((text) => text.includes(words))
  if (found === undefined) throw new Error(`no block in ${language} has ${words}`)
  return found
}

function commandLines(text: string): string[] {
  return text
    .replaceAll(/ *\\\n */g, ' ')
    .trim()
    .split('\n')
}

function expectFile(name: string, content: string): void {
  const path = join(folder, name)
  const found = existsSync(path) ? readFileSync(path, 'utf8') : 'no file'
  if (found !== content) throw new Error(`${name} is ${found}`)
  console.log(`(${name} is there, and is what the repository has)`)
}
