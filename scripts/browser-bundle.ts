/** A page and the package's worker, bundled for a browser. */
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import ts from 'typescript'

const home = fileURLToPath(new URL('../', import.meta.url))

/** The page `/bundle/page/main.js` and the worker's program, as a bundler makes them: URL → code. */
export async function bundleForBrowsers(page: string): Promise<Map<string, string>> {
  const input = {
    'page/main': page,
    program: `${home}dist/worker/program.js`,
  }
  const made = await rollup({
    input,
    plugins: [{ name: 'as-browsers-resolve', resolveId, transform }],
    onLog: () => undefined,
  })
  const { output } = await made.generate({
    entryFileNames: '[name].js',
    hoistTransitiveImports: false,
  })
  return new Map(
    output.flatMap((part) =>
      part.type === 'chunk' ? [[`/bundle/${part.fileName}`, part.code]] : [],
    ),
  )
}

function resolveId(id: string) {
  const named = new Map([
    ['#platform', 'platform/web.js'],
    ['#worker', 'worker/web/start.js'],
    ['#thread', 'worker/web/thread.js'],
    ['tuffet', 'index.js'],
    ['tuffet/web', 'web/index.js'],
    ['tuffet/worker', 'worker/index.js'],
  ]).get(id)
  if (named !== undefined) return `${home}dist/${named}`
  return id.startsWith('@noble/') ? fileURLToPath(import.meta.resolve(id)) : undefined
}

function transform(code: string, id: string) {
  if (!id.endsWith('.ts')) return undefined
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(code, { compilerOptions }).outputText
}
