/** The size of a browser bundle by what a program imports, as its users load it, each with a bar. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { partsOf, type Parts } from './parts.js'
import { bundler } from './projects.js'
import { installed } from './tools.js'

interface Import {
  readonly title: string
  readonly code: string
  /** Bytes, compressed. A bundle above it is a failure. */
  readonly bar: number
  /** The head of its column in the table of parts. */
  readonly inParts?: string
}

const imports: readonly Import[] = [
  {
    title: '`Updater` from `tuffet`, with every kind of key',
    code: "export { Updater } from 'tuffet'",
    bar: 57_000,
  },
  {
    title: '`PortedUpdater` from `tuffet/client`, with Ed25519 alone',
    code: `export { fetchFetcher, PortedUpdater } from 'tuffet/client'
import { cryptographyOf, ed25519 } from 'tuffet/web'
export const cryptography = cryptographyOf(ed25519)`,
    bar: 40_500,
    inParts: '`PortedUpdater`',
  },
  {
    title: 'all of `tuffet/core`',
    code: "export * from 'tuffet/core'",
    bar: 23_500,
  },
  {
    title: '`onlineCycle` from `tuffet/core`',
    code: "export { onlineCycle } from 'tuffet/core'",
    bar: 18_300,
    inParts: '`onlineCycle`',
  },
]

export interface Size {
  readonly title: string
  /** Bytes. */
  readonly minified: number
  readonly compressed: number
  readonly bar: number
  readonly parts?: { readonly title: string; readonly of: Parts }
}

/** @param home A folder where the package is installed. */
export function measureSizes(home: string): readonly Size[] | { readonly reason: string } {
  const tools = installed([bundler])
  if ('reason' in tools) return tools
  const folder = join(home, 'sizes')
  mkdirSync(folder)
  symlinkSync(tools.path, join(folder, 'node_modules'), 'junction')
  return imports.map(({ title, code, bar, inParts }, at) => {
    const [entry, out] = [join(folder, `${at}.mjs`), join(folder, `${at}.out.mjs`)]
    writeFileSync(entry, code)
    const options = ['--bundle', '--minify', '--format=esm', '--platform=browser']
    const args = ['node_modules/esbuild/bin/esbuild', entry, ...options, `--outfile=${out}`]
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    const bytes = readFileSync(out)
    return {
      title,
      minified: bytes.length,
      compressed: brotliCompressSync(bytes).length,
      bar,
      ...(inParts !== undefined && {
        parts: { title: inParts, of: partsOf(join(tools.path, 'esbuild'), entry) },
      }),
    }
  })
}
