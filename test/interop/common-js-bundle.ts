/** `tuffet/tuf-js` as one CommonJS file, with the packages that are ES modules alone. */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

/** The built entry, bundled into a file in `folder`. The path of the file. */
export async function commonJsBundle(folder: string): Promise<string> {
  const file = join(folder, 'tuf-js.cjs')
  const bundle = await rollup({
    input: resolve('dist/tuf-js/index.js'),
    external: (id) => id.startsWith('node:') || id.startsWith('undici'),
    plugins: [{ name: 'resolve', resolveId: (id) => pathOf(id) }],
    onLog(level, { message }) {
      throw new Error(`${level}: ${message}`)
    },
  })
  await bundle.write({ file, format: 'cjs', inlineDynamicImports: true, interop: 'auto' })
  return file
}

function pathOf(id: string): string | null {
  if (id === '#platform') return resolve('dist/platform/node.js')
  return id.startsWith('@noble/') ? fileURLToPath(import.meta.resolve(id)) : null
}
