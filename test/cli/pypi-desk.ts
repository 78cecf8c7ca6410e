/** A desk whose repository is an index: two releases of `demo-pkg`, pages and files are targets. */
import { createHash } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePageJson, type IndexFile } from '../../src/pypi/index.js'
import { openDesk, type Desk } from './desk.js'

const layout = {
  name: 'pages-and-files',
  page: 'simple/{project}',
  file: 'files/{filename}',
}

export const wheel = 'demo_pkg-1.0-py3-none-any.whl'
export const sdist = 'demo_pkg-1.0.tar.gz'
export const uncovered = 'demo_pkg-2.0-py3-none-any.whl'
export const contents: Readonly<Record<string, string>> = {
  [wheel]: 'a wheel',
  [sdist]: 'a source distribution',
  [uncovered]: 'on the page only',
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}

export async function openPypiDesk(settings: object = {}): Promise<Desk> {
  const desk = await openDesk({ layout, ...settings })
  const files = Object.entries(contents).map(([filename, content]): IndexFile => {
    if (filename !== uncovered) desk.repository.addTarget(`files/${filename}`, content)
    const hashes = new Map([['sha256', sha256(content)]])
    return { filename, url: `https://files.test/${filename}`, hashes }
  })
  const page = { apiVersion: '1.0', project: 'demo-pkg', files }
  desk.repository.addTarget('simple/demo-pkg', writePageJson(page))
  desk.repository.publish()
  return desk
}

/** Distributions as they were downloaded, in a folder of the desk. */
export async function fillFolder(
  desk: Desk,
  files: Readonly<Record<string, string>>,
  name = 'wheels',
): Promise<void> {
  await mkdir(join(desk.folder, name), { recursive: true })
  for (const [filename, content] of Object.entries(files)) {
    await writeFile(join(desk.folder, name, filename), content)
  }
}

/** A program called `pip` that runs a script; the script can use `get`, `env` and `args`. */
export async function fakePip(desk: Desk, script: string): Promise<string> {
  const file = join(desk.folder, 'pip')
  const lines = [
    `#!${process.execPath}`,
    `const { writeFileSync } = require('node:fs')`,
    `const { env, argv } = process`,
    `const args = argv.slice(2)`,
    `const get = (path) => fetch(new URL(path, env.PIP_INDEX_URL))`,
    `void (async () => {`,
    script,
    `})()`,
  ]
  await writeFile(file, lines.join('\n'))
  await chmod(file, 0o755)
  return file
}
