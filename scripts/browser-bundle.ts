/** A page and the package's worker, bundled for a browser. */
import { fileURLToPath } from 'node:url'
import { bundleForWeb } from './runtimes/web-bundle.js'

const program = fileURLToPath(new URL('../dist/worker/program.js', import.meta.url))

/** The page `/bundle/page/main.js` and the worker's program, as a bundler makes them: URL → code. */
export async function bundleForBrowsers(page: string): Promise<Map<string, string>> {
  const modules = await bundleForWeb({ 'page/main': page, program }, 'browser')
  return new Map([...modules].map(([name, code]) => [`/bundle/${name}`, code]))
}
