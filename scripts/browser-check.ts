/**
 * `npm run test:browser`: the built package in a real browser, unbundled, with an import map, and
 * bundled with its worker, against a repository on another origin. Without Chromium it says so and ends; CHROMIUM names one
 * that is elsewhere.
 */
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPep458Repository } from 'tuffet/testing'
import { serve } from 'tuffet/testing/node'
import { removeFolder } from '../test/support/remove-folder.js'
import { bundleForBrowsers } from './browser-bundle.js'
import { findBrowser, openPage } from './chromium.js'

const home = fileURLToPath(new URL('../', import.meta.url))
const path = '0b/de/a.whl'
const deadline = 60_000

const imports = {
  '#platform': '/dist/platform/web.js',
  tuffet: '/dist/index.js',
  'tuffet/web': '/dist/web/index.js',
  '@noble/curves/': '/node_modules/@noble/curves/',
  '@noble/ed25519': '/node_modules/@noble/ed25519/index.js',
  '@noble/hashes/': '/node_modules/@noble/hashes/',
}
const page = `<!doctype html><title>tuffet</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  import('/scripts/browser-page.mjs').catch((error) =>
    fetch('/outcome', { method: 'POST', body: String(error) }))
</script>`

/** The worker's program is beside the page's folder, as it is in the package: an import map would not reach it. */
const workerPage = `<!doctype html><title>tuffet</title>
<script type="module" src="/bundle/page/main.js"></script>`
const bundle = await bundleForBrowsers(`${home}scripts/browser-worker-page.mjs`)

const browser = findBrowser()
if (browser === undefined) {
  console.log('Skipped: there is no Chromium here. CHROMIUM may name one.')
} else {
  process.exitCode = (await check(browser)) ? 0 : 1
}

async function check(command: string): Promise<boolean> {
  const repo = createPep458Repository({ bins: 1_024 })
  repo.addTarget(path, 'wheel')
  repo.publish()
  const cors = { headers: { 'access-control-allow-origin': '*' } }
  /** Files that pages of other origins must not read. */
  let closed = /^$/
  const served = await serve(repo, { behave: ({ url }) => (closed.test(url) ? {} : cors) })
  const { metadataUrl, targetsUrl } = served
  let webCrypto = 'as it is'
  const setup = () => ({
    metadataUrl,
    targetsUrl,
    root: [...repo.root()],
    now: repo.now,
    path,
    webCrypto,
  })
  const site = await startSite(setup)
  const profile = mkdtempSync(join(tmpdir(), 'tuffet-browser-'))
  let good = true
  const step = async (title: string, wanted: RegExp, requests: number) => {
    served.requests.length = 0
    const outcome = await site.outcomeOf(
      command,
      profile,
      title.includes('worker') ? '/worker' : '/',
    )
    const right = wanted.test(outcome) && served.requests.length === requests
    good &&= right
    console.log(`${right ? '✓' : '✗'} ${title}: ${served.requests.length} requests, ${outcome}`)
  }
  const chain = 'root 1, timestamp \\d, snapshot 1, targets 1, bins 1, [0-9a-f-]+ 1: wheel'
  const inWorker = new RegExp(`^${chain}$`)
  /** Of the role of bins and of the snapshot: the digests of their signatures. */
  const found = new RegExp(`^${chain}, 2 digests by WebCrypto$`)
  const hidden =
    /^ERR_TUF_FETCH_FAILED http:.*2\.root\.json: the request failed: the server does not answer, or does not let http:\S+ read the answer \(Access-Control-Allow-Origin\)$/
  try {
    await step('a new browser', found, 7)
    await step('the same browser, started again', found, 3)
    webCrypto = 'wrong'
    await step('the same browser, with wrong digests', /^ERR_TUF_THRESHOLD_NOT_MET$/, 3)
    webCrypto = 'missing'
    await step(
      'the same browser, without WebCrypto',
      new RegExp(`^${chain}, 0 digests by WebCrypto$`),
      3,
    )
    webCrypto = 'as it is'
    await step('a worker', inWorker, 7)
    await step('a worker, started again', inWorker, 3)
    // The first request, and two repetitions.
    closed = /./
    await step('a server that lets no page read it', hidden, 3)
    closed = /\/2\.root\.json$/
    await step('a server that hides that there is no newer root', hidden, 3)
    closed = /^$/
    await step('the server as it was', found, 3)
    repo.attack.arbitraryInstallation(path)
    await step('other bytes in a worker', /^ERR_TUF_HASH_MISMATCH$/, 3)
    await step('other bytes', /^ERR_TUF_HASH_MISMATCH$/, 3)
    repo.attack.stop()
    repo.publish()
    await step('a newer timestamp', found, 3)
    repo.attack.rollbackTimestamp()
    await step('the older timestamp again', /^ERR_TUF_ROLLBACK$/, 2)
  } finally {
    await Promise.all([served.close(), site.close()])
    await removeFolder(profile)
  }
  return good
}

/** Serves the package and the page, and takes the page's outcome. */
async function startSite(setup: () => object) {
  let report: (outcome: string) => void = (): void => undefined
  const server = createServer((request, response) => {
    const { url = '/' } = request
    if (url === '/outcome') {
      request.setEncoding('utf8').once('data', (text) => report(String(text)))
      response.end()
    } else if (url === '/setup') {
      response.end(JSON.stringify(setup()))
    } else if (url === '/') {
      response.setHeader('content-type', 'text/html').end(page)
    } else if (url === '/worker') {
      response.setHeader('content-type', 'text/html').end(workerPage)
    } else if (bundle.has(url)) {
      response.setHeader('content-type', 'text/javascript').end(bundle.get(url))
    } else {
      sendModule(url, response)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    async outcomeOf(command: string, profile: string, path: string): Promise<string> {
      const end = openPage(command, profile, `http://127.0.0.1:${port}${path}`)
      let outcome = 'no answer'
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, deadline)
        report = (text) => {
          outcome = text
          clearTimeout(timer)
          resolve(undefined)
        }
      })
      await end()
      return outcome
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sendModule(url: string, response: import('node:http').ServerResponse) {
  try {
    if (!/^\/(dist|node_modules\/@noble|scripts)\/[\w/.-]+\.m?js$/.test(url)) throw new Error(url)
    const text = readFileSync(join(home, url))
    response.setHeader('content-type', 'text/javascript').end(text)
  } catch {
    response.writeHead(404).end()
  }
}
