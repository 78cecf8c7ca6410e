/**
 * `npm run bench:browser`: the cost of signatures and digests in Chromium, by noble and by WebCrypto, and
 * how long a first refresh and a search take and block a page, with and without a worker. Prints
 * Markdown tables; docs/adr/0037-signatures-in-browsers.md is about them. Without Chromium it says so.
 *
 * `--quick`: 256 bins, once.
 */
import { generateKeyPairSync, sign, constants, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPep458Repository, type MakeSigner } from 'tuffet/testing'
import { ecdsaSigner, nodeEd25519Signer, rsaSigner, serve } from 'tuffet/testing/node'
import { bundleForBrowsers } from '../../scripts/browser-bundle.js'
import { findBrowser, openPage } from '../../scripts/chromium.js'
import type { Both, CycleFigures, SignatureTask, Task } from './task.js'

const quick = process.argv.includes('--quick')
const deadline = 120_000
const path = '0b/de/a.whl'

const signers: readonly (readonly [string, MakeSigner])[] = [
  ['Ed25519', nodeEd25519Signer],
  ['ECDSA P-256', (seed) => ecdsaSigner(seed)],
  ['RSA-PSS 4096', (seed) => rsaSigner(seed, { bits: quick ? 2048 : 4096 })],
]

const browser = findBrowser()
if (browser === undefined) {
  console.log('Skipped: there is no Chromium here. CHROMIUM may name one.')
} else {
  const site = await openSite(browser)
  try {
    await reportPrimitives(site.ask)
    await reportCycles(site.ask)
  } finally {
    await site.close()
  }
}

type Ask = <T>(task: Task) => Promise<T>

async function reportPrimitives(ask: Ask): Promise<void> {
  console.log('| one call, ms | noble | WebCrypto |\n|---|--:|--:|')
  for (const [name, task] of signatureTasks()) {
    const { noble, web } = await ask<Both>({ signature: task })
    console.log(`| ${name} | ${fixed(noble)} | ${fixed(web)} |`)
  }
  for (const name of ['sha256', 'sha512'] as const) {
    for (const length of [500, 3_000_000]) {
      const { noble, web } = await ask<Both>({ digest: { name, length } })
      console.log(`| ${name} of ${size(length)} | ${fixed(noble)} | ${fixed(web)} |`)
    }
  }
}

async function reportCycles(ask: Ask): Promise<void> {
  const bins = quick ? 256 : 16_384
  console.log(
    `\n| refresh and find, ${bins} bins, ms | all | blocked | signatures | digests | in a worker: all | blocked |`,
  )
  console.log('|---|--:|--:|--:|--:|--:|--:|')
  for (const [name, makeSigner] of signers) {
    const repo = createPep458Repository({ bins, fillers: quick ? 10 : 1_083, makeSigner })
    repo.addTarget(path, 'wheel')
    repo.publish()
    const cors = { headers: { 'access-control-allow-origin': '*' } }
    const served = await serve(repo, { behave: () => cors })
    const { metadataUrl } = served
    const cycle = { metadataUrl, root: [...repo.root()], now: repo.now, path }
    // The first pays for making the files.
    const figures: CycleFigures[] = []
    for (let turn = 0; turn < (quick ? 1 : 6); turn++) figures.push(await ask({ cycle }))
    await served.close()
    const least = (of: (one: CycleFigures) => number) => fixed(Math.min(...figures.map(of)))
    const count = figures[0]?.spent.signatures ?? 0
    console.log(
      `| ${name} | ${least(({ here }) => here.all)} | ${least(({ here }) => here.blocked)} | ` +
        `${least(({ spent }) => spent.verify)} (${count}) | ${least(({ spent }) => spent.hash)} | ` +
        `${least(({ there }) => there.all)} | ${least(({ there }) => there.blocked)} |`,
    )
  }
}

/** Signatures over bytes of a small and of a large role. */
function signatureTasks(): (readonly [string, SignatureTask])[] {
  const made = {
    ed25519: generateKeyPairSync('ed25519'),
    ecdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    rsa: generateKeyPairSync('rsa', { modulusLength: 4096 }),
  }
  const names = { ed25519: 'Ed25519', ecdsa: 'ECDSA P-256', rsa: 'RSA-PSS 4096' }
  return (['ed25519', 'ecdsa', 'rsa'] as const).flatMap((kind) =>
    [500, 3_000_000].map((length) => {
      const { privateKey, publicKey } = made[kind]
      const signature = [...signed(kind, Buffer.alloc(length, 'a'), privateKey)]
      const jwk = publicKey.export({ format: 'jwk' })
      const task = { jwk, length, signature }
      return [`${names[kind]} over ${size(length)}`, task] as const
    }),
  )
}

function signed(kind: 'ed25519' | 'ecdsa' | 'rsa', bytes: Buffer, key: KeyObject): Buffer {
  if (kind === 'ed25519') return sign(null, bytes, key)
  if (kind === 'ecdsa') return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
  return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
}

/** Serves the page, which asks for one task after another and loads itself anew after each. */
async function openSite(command: string) {
  const code = await bundleForBrowsers(fileURLToPath(new URL('page.ts', import.meta.url)))
  type Start = (task: Task) => void
  let arrive: (start: Start) => void = () => undefined
  let report: (text: string) => void = () => undefined
  const nextPage = () => new Promise<Start>((resolve) => (arrive = resolve))
  let ready = nextPage()

  const server = createServer((request, response) => {
    const { url = '/' } = request
    if (url === '/outcome') {
      let text = ''
      request.setEncoding('utf8').on('data', (part) => (text += String(part)))
      request.on('end', () => {
        response.end()
        report(text)
      })
    } else if (url === '/setup') {
      arrive((task) => void response.end(JSON.stringify(task)))
    } else if (url === '/') {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><script type="module" src="/bundle/page/main.js"></script>')
    } else if (code.has(url)) {
      response.setHeader('content-type', 'text/javascript').end(code.get(url))
    } else response.writeHead(404).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const profile = mkdtempSync(join(tmpdir(), 'tuffet-bench-'))
  const end = openPage(command, profile, `http://127.0.0.1:${port}/`)
  return {
    async ask<T>(task: Task): Promise<T> {
      const answer = new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the page does not answer')), deadline)
        report = (outcome) => {
          clearTimeout(timer)
          resolve(outcome)
        }
      })
      const start = await ready
      ready = nextPage()
      start(task)
      const outcome = JSON.parse(await answer) as T & { readonly failed?: string }
      if (outcome.failed !== undefined) throw new Error(outcome.failed)
      return outcome
    },
    async close() {
      await end()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      // The browser's helpers end a little later than it does.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

function fixed(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0)
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${bytes} bytes` : `${bytes / 1_000_000} MB`
}
