/**
 * `npm run demo:web` serves the page on loopback; with `--check` Chromium tries all of it, and with
 * `--out FOLDER` its files are written, for any web server. `--shots FOLDER` keeps screenshots of a
 * check.
 */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findBrowser } from '../../scripts/chromium.js'
import { pageFiles } from './bundle.js'
import { checkPage } from './check.js'

const { values } = parseArgs({
  options: {
    check: { type: 'boolean' },
    out: { type: 'string' },
    shots: { type: 'string' },
    port: { type: 'string' },
  },
})

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const types = new Map([
  ['js', 'text/javascript'],
  ['css', 'text/css'],
])

const command = values.check ? findBrowser() : undefined
if (values.check && command === undefined) {
  console.log('Skipped: there is no Chromium here. CHROMIUM may name one.')
} else {
  const files = await pageFiles()
  if (values.out !== undefined) write(values.out)
  else if (command === undefined) console.log(await serve(Number(values.port ?? 0)))
  else process.exitCode = (await check(command)) ? 0 : 1

  function write(folder: string): void {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of files) writeFileSync(join(folder, name || 'index.html'), text)
  }

  async function serve(port: number, server: Server = createServer()): Promise<string> {
    server.on('request', ({ url = '/' }, response) => {
      const name = url.slice(1).replace(/\?.*$/s, '')
      const text = files.get(name)
      const type = types.get(name.split('.')[1] ?? '') ?? 'text/html'
      response.setHeader('content-security-policy', policy)
      response.setHeader('x-content-type-options', 'nosniff')
      response.writeHead(text === undefined ? 404 : 200, {
        'content-type': `${type}; charset=utf-8`,
      })
      response.end(text)
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}/`
  }

  async function check(browser: string): Promise<boolean> {
    const server = createServer()
    try {
      return await checkPage(browser, await serve(0, server), values.shots)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
}
