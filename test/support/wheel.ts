/** Wheels that pip installs, made in memory: an archive without compression (APPNOTE.TXT 4.3). */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

export interface WheelOptions {
  /** As in the file name: with `_`. */
  readonly name: string
  readonly version: string
  /** The message of its one module. */
  readonly message?: string
  /** Requirements (PEP 508). */
  readonly requires?: readonly string[]
  /** Bytes of noise, to make it long. */
  readonly padding?: number
}

export interface Wheel {
  readonly filename: string
  readonly bytes: Buffer
  /** PEP 658: the content of `<filename>.metadata`. */
  readonly metadata: Buffer
}

export function makeWheel(options: WheelOptions): Wheel {
  const { name, version, message = 'hello', requires = [], padding = 0 } = options
  const folder = `${name}-${version}.dist-info`
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
    '',
  ].join('\n')
  const tags = 'Wheel-Version: 1.0\nGenerator: tuffet\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
  const files: [path: string, content: Buffer][] = [
    [`${name}/__init__.py`, Buffer.from(`message = ${JSON.stringify(message)}\n`)],
    [`${folder}/METADATA`, Buffer.from(metadata)],
    [`${folder}/WHEEL`, Buffer.from(tags)],
  ]
  if (padding > 0) files.push([`${name}/padding.bin`, Buffer.alloc(padding, message)])
  const record = files.map(([path, content]) => {
    const digest = createHash('sha256').update(content).digest('base64url')
    return `${path},sha256=${digest},${content.length}\n`
  })
  files.push([`${folder}/RECORD`, Buffer.from(`${record.join('')}${folder}/RECORD,,\n`)])
  return {
    filename: `${name}-${version}-py3-none-any.whl`,
    bytes: zip(files),
    metadata: Buffer.from(metadata),
  }
}

function zip(files: readonly (readonly [path: string, content: Buffer])[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, content] of files) {
    const name = Buffer.from(path)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0) // version needed
    common.writeUInt16LE(0x0021, 8) // 1980-01-01
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    parts.push(Buffer.from('PK\x03\x04'), common, name, content)
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE((0o100644 << 16) >>> 0, 6)
    entry.writeUInt32LE(offset, 10)
    // Version made by: Unix, so that the mode counts.
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, entry, name)
    offset += 30 + name.length + content.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end])
}
