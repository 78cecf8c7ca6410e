/** What a bundle is made of, by chapter of the sources: the packed modules are joined and do not show it. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

const ideas: Readonly<Record<string, string>> = {
  errors: 'every error, with role, step and cause',
  core: 'names, budgets, bytes',
  'core/json': 'strict JSON, and the bytes that are signed',
  'core/json/fast': 'the scanner in WebAssembly, and tables as they stand in the file',
  'core/metadata': 'section 4, field by field',
  'core/keys': 'keys, lengths, digests',
  'core/trust': 'the transitions, and the count of signatures',
  'core/cycle': 'the order of steps, and stores that are shared',
  'core/search': 'delegations',
  client: 'requests within limits, repetitions, the store, the view, downloads',
  web: 'Ed25519 without a cofactor',
  '@noble/ed25519': 'arithmetic',
  '@noble/hashes': 'SHA-256, SHA-384 and SHA-512',
}

/** A chapter → its bytes in a minified bundle. */
export type Parts = ReadonlyMap<string, number>

/** @param esbuild the folder of the package; @param entry a program that imports `tuffet/…` */
export function partsOf(esbuild: string, entry: string): Parts {
  const alias = ['client', 'core', 'web'].map(
    (name) => `--alias:tuffet/${name}=${join(root, 'src', name, 'index.ts')}`,
  )
  const [out, meta] = [`${entry}.parts.mjs`, `${entry}.json`]
  const options = ['--bundle', '--minify', '--format=esm', '--platform=browser']
  const files = [`--outfile=${out}`, `--metafile=${meta}`]
  const args = [join(esbuild, 'bin/esbuild'), entry, ...options, ...alias, ...files]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const { outputs } = JSON.parse(readFileSync(meta, 'utf8')) as {
    readonly outputs: Readonly<
      Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>
    >
  }
  const parts = new Map<string, number>()
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const chapter = chapterOf(path)
      if (chapter === undefined || bytesInOutput === 0) continue
      parts.set(chapter, (parts.get(chapter) ?? 0) + bytesInOutput)
    }
  }
  return parts
}

function chapterOf(path: string): string | undefined {
  const found =
    /node_modules\/(@?[^/]+\/[^/]+)\//.exec(path) ??
    /^src\/(errors|client|web)\b/.exec(path) ??
    /^src\/(core(?:\/[a-z]+)*)\//.exec(path)
  return found?.[1]
}

/** A table with a column for each bundle. */
export function partsTable(titles: readonly string[], bundles: readonly Parts[]): string {
  const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1)
  const chapters = [...new Set(bundles.flatMap((parts) => [...parts.keys()]))]
  const most = (chapter: string) => Math.max(...bundles.map((parts) => parts.get(chapter) ?? 0))
  chapters.sort((one, other) => most(other) - most(one))
  const rows = chapters.map((chapter) => {
    const cells = bundles.map((parts) => kilobytes(parts.get(chapter) ?? 0))
    return `| \`${chapter}\` | ${ideas[chapter] ?? ''} | ${cells.join(' | ')} |`
  })
  return [
    `| part | is | ${titles.join(' | ')} |`,
    `|---|---|${'--:|'.repeat(titles.length)}`,
    ...rows,
  ].join('\n')
}
