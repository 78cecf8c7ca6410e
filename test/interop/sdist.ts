/**
 * Source distributions that build themselves: each contains its backend, which needs no other
 * package.
 */
import { gzipSync } from 'node:zlib'
import { makeWheel, type WheelOptions } from '../support/wheel.js'

/** This variable names a file that exists after the build backend ran. */
export const markVariable = 'TUFFET_TEST_MARK'

export interface SdistOptions extends WheelOptions {
  /** The other projects that its backend needs. */
  readonly buildRequires?: readonly string[]
  /** An expression of Python, whose value the mark says; it may import. */
  readonly says?: string
  /** With a `setup.py` in the place of the backend, which gets its options as arguments. */
  readonly legacy?: boolean
}

const setup = ({ name, version }: SdistOptions, says: string): string => `import os, sys
with open(os.environ['${markVariable}'], 'a') as mark:
    mark.write(${says})
from setuptools import setup
setup(name='${name}', version='${version}', py_modules=[])
`

const backend = (says: string): string => `import os, shutil
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open(os.environ['${markVariable}'], 'w') as mark:
        mark.write(${says})
    [name] = [name for name in os.listdir() if name.endswith('.whl')]
    shutil.copy(name, wheel_directory)
    return name
`

export function makeSdist(options: SdistOptions): { filename: string; bytes: Buffer } {
  const { name, version, buildRequires = [], says = "''", legacy = false } = options
  const wheel = makeWheel(options)
  const folder = `${name}-${version}`
  const requires = JSON.stringify(buildRequires)
  const project = `[build-system]\nrequires = ${requires}\nbuild-backend = "backend"\nbackend-path = ["."]\n`
  const blocks = [
    ...entry(
      `${folder}/PKG-INFO`,
      Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`),
    ),
    ...(legacy
      ? entry(`${folder}/setup.py`, Buffer.from(setup(options, says)))
      : [
          ...entry(`${folder}/pyproject.toml`, Buffer.from(project)),
          ...entry(`${folder}/backend.py`, Buffer.from(backend(says))),
        ]),
    ...entry(`${folder}/${wheel.filename}`, wheel.bytes),
    // pip 20 takes an archive for a wheel's zip when the end of one is in its last 65,557 bytes.
    ...entry(`${folder}/filler`, Buffer.alloc(70_000)),
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
