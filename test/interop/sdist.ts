/** Source distributions that build themselves: their backend is in them and needs nothing else. */
import { gzipSync } from 'node:zlib'
import { makeWheel, type WheelOptions } from '../support/wheel.js'

/** A file that is there when the build backend has run is named by this variable. */
export const markVariable = 'TUFFET_TEST_MARK'

const backend = `import os, shutil
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    open(os.environ['${markVariable}'], 'w').close()
    [name] = [name for name in os.listdir() if name.endswith('.whl')]
    shutil.copy(name, wheel_directory)
    return name
`

export function makeSdist(options: WheelOptions): { filename: string; bytes: Buffer } {
  const { name, version } = options
  const wheel = makeWheel(options)
  const folder = `${name}-${version}`
  const project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
  const blocks = [
    ...entry(
      `${folder}/PKG-INFO`,
      Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`),
    ),
    ...entry(`${folder}/pyproject.toml`, Buffer.from(project)),
    ...entry(`${folder}/backend.py`, Buffer.from(backend)),
    ...entry(`${folder}/${wheel.filename}`, wheel.bytes),
    Buffer.alloc(1_024),
  ]
  // Stored, so that it is as long as its padding.
  return { filename: `${folder}.tar.gz`, bytes: gzipSync(Buffer.concat(blocks), { level: 0 }) }
}

/** A regular file (POSIX.1-1988, ustar). */
function entry(path: string, content: Buffer): Buffer[] {
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
}
