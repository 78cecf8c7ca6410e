/** A project outside of the repository, with the packed package and its dependencies, as npm installs them. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('../../', import.meta.url))
const own = fileURLToPath(new URL('./', import.meta.url))

/** Makes it, with the programs that Node, Deno and Bun run. @returns its folder */
export function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-runtimes-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const packed = execFileSync('npm', args, { cwd: home, encoding: 'utf8' }).trim()
  const place = join(folder, 'node_modules', 'tuffet')
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, packed), '--strip-components=1', '-C', place])
  for (const name of dependenciesOf(place)) {
    cpSync(join(home, 'node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
    })
  }
  for (const name of ['cases.mjs', 'start-program.mjs', 'start-least.mjs', 'start-observed.mjs']) {
    cpSync(own + name, join(folder, name))
  }
  return folder
}

/** Also those of its dependencies, and the optional ones that are installed here. */
function dependenciesOf(folder: string, found = new Set<string>()): Set<string> {
  const parse: (text: string) => Readonly<Record<string, Record<string, string> | undefined>> =
    JSON.parse
  const { dependencies, peerDependencies } = parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  for (const one of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (found.has(one) || !existsSync(join(home, 'node_modules', one))) continue
    found.add(one)
    dependenciesOf(join(home, 'node_modules', one), found)
  }
  return found
}
