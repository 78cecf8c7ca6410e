/** A real `pip install` through `tuffet pypi run`, before and after the mirror swaps the wheel. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRepository, type TestRepository } from 'tuffet/testing'
import { nodeEd25519Signer, serve, type ServedRepository } from 'tuffet/testing/node'
import { makeWheel } from '../test/support/wheel.js'
import { paint, print } from './terminal.js'
import type { Verdicts } from './verdicts.js'

const tuffet = fileURLToPath(new URL('../dist/cli/main.cjs', import.meta.url))
const pip = ['python3', '-m', 'pip']
const good = makeWheel({ name: 'demo_pkg', version: '1.0' })
const evil = makeWheel({ name: 'demo_pkg', version: '1.0', message: 'harm!' })

/** Says so, and ends, when pip is missing. */
export async function pipInstall(parent: string, verdicts: Verdicts): Promise<void> {
  const [python = '', ...args] = pip
  if (spawnSync(python, [...args, '--version'], { stdio: 'ignore' }).status !== 0) {
    print('  There is no pip on this machine: this part is left out.')
    return
  }
  const folder = join(parent, 'pip')
  mkdirSync(folder)
  const repo = index()
  const served = await serve(repo)
  try {
    writeSettings(folder, repo, served)
    const before = await install(folder, 'before')
    verdicts.add('pip installs the wheel that the repository vouches for', [
      ...(before.status === 0 ? [] : [before.output]),
      ...(before.message === 'hello' ? [] : [`it is ${before.message}`]),
    ])
    repo.intercept((kind, name) =>
      kind === 'target' && name.endsWith(good.filename) ? evil.bytes : undefined,
    )
    const after = await install(folder, 'after')
    const reason = /because of (HTTP error 403 .*?\]) for url/.exec(after.output)?.[1]
    verdicts.add('the mirror swaps the wheel: the same command fails, and pip says why', [
      ...(after.status === 0 ? ['it was installed'] : []),
      ...(after.message === '' ? [] : [`it is ${after.message}`]),
      ...(reason === undefined ? [after.output] : []),
    ])
    print(`      ${paint('dim', reason ?? '')}`)
  } finally {
    await served.close()
  }
}

/** Its page and its wheel are targets. The process reads the ordinary clock. */
function index(): TestRepository {
  const repo = createRepository({ makeSigner: nodeEd25519Signer, now: Date.now() })
  const sha256 = createHash('sha256').update(good.bytes).digest('hex')
  const file = { filename: good.filename, url: good.filename, hashes: { sha256 } }
  const page = { meta: { 'api-version': '1.0' }, name: 'demo-pkg', files: [file] }
  repo.addTarget('simple/demo-pkg', JSON.stringify(page))
  repo.addTarget(`files/${good.filename}`, good.bytes)
  repo.publish()
  return repo
}

function writeSettings(
  folder: string,
  repo: TestRepository,
  { metadataUrl, targetsUrl }: ServedRepository,
): void {
  const layout = { name: 'pages-and-files', page: 'simple/{project}', file: 'files/{filename}' }
  const settings = { metadataUrl, targetsUrl, root: 'root.json', store: 'store', layout }
  writeFileSync(join(folder, 'root.json'), repo.root())
  writeFileSync(join(folder, 'tuffet.json'), JSON.stringify(settings))
}

interface Installed {
  readonly status: unknown
  readonly output: string
  /** The module's message; empty when it is missing. */
  readonly message: string
}

async function install(folder: string, target: string): Promise<Installed> {
  const command = [...pip, 'install', '--target', target, 'demo-pkg']
  print(`  ${paint('dim', `$ tuffet pypi run -- ${command.join(' ')}`)}`)
  const child = spawn(process.execPath, [tuffet, 'pypi', 'run', '--', ...command], { cwd: folder })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [status] = (await once(child, 'close')) as unknown[]
  const [python = ''] = pip
  const { stdout } = spawnSync(python, ['-c', 'import demo_pkg; print(demo_pkg.message)'], {
    env: { ...process.env, PYTHONPATH: join(folder, target) },
    encoding: 'utf8',
  })
  return { status, output, message: stdout.trim() }
}
