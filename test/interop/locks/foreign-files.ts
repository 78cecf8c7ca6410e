/**
 * The project `foo` 1.0 twice: as its repository vouches for it, and as an attacker makes it. Both
 * contain one module whose `message` says which it is. `bar` is the attacker's, wherever it is.
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { makeWheel } from '../../support/wheel.js'

export type Side = 'good' | 'foreign'

export const wheelName = 'foo-1.0-py3-none-any.whl'
export const sdistName = 'foo-1.0.tar.gz'
export const barName = 'bar-1.0-py3-none-any.whl'

/** Name → bytes of everything that one side serves. */
export type Files = ReadonlyMap<string, Buffer>

export const filesOf: Readonly<Record<Side, Files>> = {
  good: new Map([
    [wheelName, wheelOf('foo', 'good')],
    [sdistName, sdistOf('good')],
    [barName, wheelOf('bar', 'foreign')],
  ]),
  foreign: new Map([
    [wheelName, wheelOf('foo', 'foreign')],
    [sdistName, sdistOf('foreign')],
    [barName, wheelOf('bar', 'foreign')],
  ]),
}

export function sha256Of(side: Side, filename: string): string {
  const bytes = filesOf[side].get(filename)
  if (bytes === undefined) throw new TypeError(`${side} has no ${filename}`)
  return createHash('sha256').update(bytes).digest('hex')
}

function wheelOf(name: string, message: string): Buffer {
  return makeWheel({ name, version: '1.0', message }).bytes
}

/**
 * A source distribution that builds itself without any other package. In the folder `other` of the
 * good one is another project of the same name, as test data often is.
 */
function sdistOf(side: Side): Buffer {
  const top = 'foo-1.0'
  return gzipSync(
    tar([...project(top, side), ...(side === 'good' ? project(`${top}/other`, 'foreign') : [])]),
  )
}

function project(folder: string, side: Side): [path: string, content: string][] {
  const wheel = wheelOf('foo', side).toString('base64')
  const backend = [
    'import base64, os',
    `def build_wheel(folder, config_settings=None, metadata_directory=None):`,
    `    with open(os.path.join(folder, '${wheelName}'), 'wb') as file:`,
    `        file.write(base64.b64decode('${wheel}'))`,
    `    return '${wheelName}'`,
    `build_editable = build_wheel`,
    '',
  ]
  const build = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
  const metadata = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n'
  return [
    [`${folder}/pyproject.toml`, `${build}[project]\nname = "foo"\nversion = "1.0"\n`],
    [`${folder}/PKG-INFO`, metadata],
    [`${folder}/backend.py`, backend.join('\n')],
  ]
}

/** The files of the source distribution as in a folder, without its top folder. */
export function folderOf(side: Side): [path: string, content: string][] {
  return project('.', side)
}

/** POSIX.1-1988 (ustar). */
function tar(files: readonly (readonly [path: string, content: string])[]): Buffer {
  const blocks = files.flatMap(([path, content]) => {
    const bytes = Buffer.from(content)
    const header = Buffer.alloc(512)
    header.write(path, 0)
    header.write('0000644\0' + '0000000\0'.repeat(2), 100)
    header.write(bytes.length.toString(8).padStart(11, '0') + '\0' + '00000000000\0', 124)
    header.write(' '.repeat(8) + '0', 148)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148)
    return [header, bytes, Buffer.alloc(-bytes.length & 511)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
