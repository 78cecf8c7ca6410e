/**
 * The command in one CommonJS file, as bundlers make it and as a single-file binary of Node needs
 * it, run from an empty folder: it knows its version, and refuses a file as the package does.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const root = fileURLToPath(new URL('../', import.meta.url))

/**
 * Its faults.
 * @param version Of package.json.
 */
export async function bundleComplaints(version: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-bundle-'))
  try {
    const file = join(folder, 'tuffet.cjs')
    writeFileSync(file, await bundled())
    const [status, text] = run(file, '--version')
    const wrong = []
    if (status !== 0 || text !== version) {
      wrong.push(`a bundle says for --version (status ${status}): ${text}, and not ${version}`)
    }
    const [refused, advice] = run(file, 'vectors', 'run')
    if (refused !== 2 || !advice.includes('tuffet-vectors')) {
      wrong.push(`a bundle without vectors ends with status ${refused}: ${advice}`)
    }
    return wrong
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One file. Packages that only other commands load stay outside: they are not needed here. */
async function bundled() {
  const bundle = await rollup({
    input: `${root}dist/cli/main.js`,
    plugins: [{ name: 'as-node-resolves', resolveId }],
    onLog: () => undefined,
  })
  const { output } = await bundle.generate({ format: 'cjs', inlineDynamicImports: true })
  return output[0].code
}

function resolveId(id: string) {
  if (id === '#platform') return `${root}dist/platform/node.js`
  if (id.startsWith('@noble/')) return fileURLToPath(import.meta.resolve(id))
  return /^[./]/.test(id) ? undefined : { id, external: true }
}

function run(file: string, ...args: string[]): [number | null, string] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    cwd: dirname(file),
    timeout: 120_000,
  })
  return [status, (stdout + stderr).trim()]
}
