/**
 * pip and uv behind `tuffet pypi run --attested`, over an index without signatures on loopback. Its
 * attestations are by a Sigstore instance of the test.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { writePageJson } from '../../src/pypi/index.js'
import { startLoopback, type Loopback } from '../support/loopback.js'
import { attest, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims, TestSigstore } from '../support/sigstore/instance.js'
import { makeWheel } from '../support/wheel.js'
import { builtCommand } from './built-command.js'
import { runProgram, toolEnvironment } from './lock-machine.js'
import { installCommand, type Ended } from './run-world.js'
import { installTools, isReady, nameMissing, type ReadyTool } from './tools.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const tools = await installTools({ pip: ['oldest', 'newest'], uv: ['oldest', 'newest'] })
nameMissing(tools, 'installs from an index without signatures')

const good = makeWheel({ name: 'demo_pkg', version: '1.0' })
const harm = makeWheel({ name: 'demo_pkg', version: '1.0', message: 'harm!' })
const evil = { ...gitHub, repository: 'evil/demo' }
const evilClaims = Object.fromEntries(
  Object.entries(gitHubClaims).map(([name, value]) => [
    name,
    value.replace('demo/demo', 'evil/demo'),
  ]),
)

const sigstore = new TestSigstore()

function signed(wheel: typeof good, by: 'demo' | 'evil' = 'demo'): Buffer {
  const sha256 = createHash('sha256').update(wheel.bytes).digest('hex')
  const attestation = attest(sigstore, {
    ...(by === 'evil' && { leaf: { claims: evilClaims } }),
    statement: (statement) => {
      statement.subject = [{ name: wheel.filename, digest: { sha256 } }]
    },
  })
  return provenance([attestation], by === 'evil' ? evil : gitHub)
}

let folder: string
let site: string
let server: Loopback
const served = new Map<string, string | Buffer>()

/** From now on the index lists and serves this wheel, with this provenance or none. */
function publish(wheel: typeof good, attested: Buffer | undefined, listed = wheel): void {
  const hashes = new Map([['sha256', createHash('sha256').update(listed.bytes).digest('hex')]])
  const file = {
    filename: wheel.filename,
    url: `${server.url}/files/${wheel.filename}`,
    hashes,
    ...(attested && { provenance: `${server.url}/provenance` }),
  }
  served.clear()
  served.set(
    '/simple/demo-pkg/',
    writePageJson({ apiVersion: '1.3', project: 'demo-pkg', files: [file] }),
  )
  served.set(`/files/${wheel.filename}`, wheel.bytes)
  if (attested) served.set('/provenance', attested)
}

async function settle(attestations: object): Promise<void> {
  const settings = {
    index: `${server.url}/simple/`,
    trustedRoot: 'trusted_root.json',
    store: 'store',
  }
  await writeFile(join(folder, 'tuffet.json'), JSON.stringify({ ...settings, attestations }))
}

beforeEach(async () => {
  folder = temporaryFolder('attested')
  site = join(folder, 'site')
  await mkdir(join(folder, 'work'))
  server = await startLoopback((request, response) => {
    const body = served.get(request.url ?? '')
    const type = request.url?.startsWith('/simple/') ? 'application/vnd.pypi.simple.v1+json' : ''
    response.writeHead(body === undefined ? 404 : 200, type === '' ? {} : { 'content-type': type })
    response.end(body)
  })
  await writeFile(join(folder, 'trusted_root.json'), sigstore.trustedRoot())
  await settle({ publishers: { 'demo-pkg': [gitHub] } })
})
afterEach(async () => {
  await server.close()
})

function install(tool: ReadyTool): Promise<Ended> {
  const config = ['--config', join(folder, 'tuffet.json')]
  const command = installCommand(tool, site, '--no-deps', 'demo-pkg')
  const words = [builtCommand, 'pypi', 'run', '--attested', ...config, '--', ...command]
  const own = { HOME: folder, UV_CACHE_DIR: join(folder, 'cache'), PIP_NO_CACHE_DIR: '1' }
  const env = { ...toolEnvironment(), ...own }
  return runProgram(process.execPath, words, { env, folder: join(folder, 'work') })
}

async function installed(): Promise<boolean> {
  const names = await readdir(site).catch((): string[] => [])
  return names.includes('demo_pkg')
}

describe.each(tools.filter(isReady))('$label behind run --attested', (tool) => {
  test('installs a file that its pinned publisher signed', async () => {
    publish(good, signed(good))
    const { status, output } = await install(tool)
    expect([status, output]).toEqual([0, expect.stringContaining('1 file: 1 match')])
    expect(await installed()).toBe(true)
  }, 300_000)

  test.each<[string, () => void]>([
    ['a file swapped behind its page', () => publish(harm, signed(good), good)],
    [
      'a file and its page swapped, with the attestation of the old one',
      () => publish(harm, signed(good)),
    ],
    [
      'file, page and attestation swapped for those of another publisher',
      () => publish(harm, signed(harm, 'evil')),
    ],
    ['a file without its attestation', () => publish(good, undefined)],
  ])(
    'installs nothing of %s',
    async (_, attack) => {
      attack()
      const { status } = await install(tool)
      expect(status).not.toBe(0)
      expect(await installed()).toBe(false)
    },
    300_000,
  )

  test('installs nothing by another publisher than at the first use', async () => {
    await settle({})
    publish(good, signed(good))
    expect(await install(tool)).toMatchObject({ status: 0 })
    await rm(site, { recursive: true })
    publish(harm, signed(harm, 'evil'))
    const { status, output } = await install(tool)
    expect([status === 0, output]).toEqual([
      false,
      expect.stringContaining('demo-pkg was signed by GitHub demo/demo publish.yml before'),
    ])
    expect(await installed()).toBe(false)
  }, 300_000)
})
