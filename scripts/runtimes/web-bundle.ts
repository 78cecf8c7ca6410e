/** Joins a program of this package into modules for browsers or workers, as a bundler does. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import ts from 'typescript'

const home = new URL('../../', import.meta.url)
const parse: (text: string) => Record<'exports' | 'imports', Readonly<Record<string, unknown>>> =
  JSON.parse
const manifest = parse(readFileSync(new URL('package.json', home), 'utf8'))

/**
 * File name → code.
 *
 * @param input name of a module, without `.js` → the file that it is made of
 * @param condition of `imports` and `exports` in package.json
 */
export async function bundleForWeb(
  input: Readonly<Record<string, string>>,
  condition: 'browser' | 'workerd',
): Promise<Map<string, string>> {
  const resolveId = (id: string) => resolved(id, condition)
  const made = await rollup({
    input,
    plugins: [{ name: 'as-the-runtime-resolves', resolveId, transform }],
    onLog: () => undefined,
  })
  const { output } = await made.generate({
    entryFileNames: '[name].js',
    hoistTransitiveImports: false,
  })
  return new Map(
    output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part.code]] : [])),
  )
}

function resolved(id: string, condition: string): string | undefined {
  if (/^[./]/.test(id)) return undefined
  const own = /^tuffet(?=\/|$)/.test(id) ? manifest.exports[id.replace(/^tuffet/, '.')] : undefined
  const target = targetOf(own ?? manifest.imports[id], condition)
  return fileURLToPath(target === undefined ? import.meta.resolve(id) : new URL(target, home))
}

/** The first condition that holds, as package.json lists them. */
function targetOf(target: unknown, condition: string): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  const found = Object.entries(target).find(([name]) =>
    [condition, 'import', 'default'].includes(name),
  )
  return targetOf(found?.[1], condition)
}

function transform(code: string, id: string) {
  if (!id.endsWith('.ts')) return undefined
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(code, { compilerOptions }).outputText
}
