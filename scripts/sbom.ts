/**
 * `npm run sbom`: the packages that an installation of tuffet brings along, as a software bill of
 * materials in CycloneDX, from the lock file; `-- --output FILE` writes it there.
 *
 * npm reads a project without the packages of developers: with `--omit dev` it leaves out a package
 * that one of those needs too, and it takes the folder's name for the project's.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedPackages } from './locked-packages.js'

const root = fileURLToPath(new URL('../', import.meta.url))

const [option, file, ...more] = process.argv.slice(2)
if (option === undefined) process.stdout.write(bill())
else if (option === '--output' && file !== undefined && more.length === 0) {
  writeFileSync(file, bill())
} else throw new Error('usage: npm run sbom [-- --output FILE]')

function bill(): string {
  const manifest = json(`${root}package.json`)
  for (const field of ['devDependencies', 'workspaces', 'scripts'])
    Reflect.deleteProperty(manifest, field)
  const { packages: _, ...lock } = json(`${root}package-lock.json`)
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-sbom-'))
  try {
    const project = join(folder, String(manifest['name']))
    mkdirSync(project)
    write(join(project, 'package.json'), manifest)
    write(join(project, 'package-lock.json'), {
      ...lock,
      packages: { '': manifest, ...installedPackages() },
    })
    const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=library']
    return execFileSync('npm', args, { cwd: project, encoding: 'utf8' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
}

function write(path: string, content: object): void {
  writeFileSync(path, JSON.stringify(content))
}
