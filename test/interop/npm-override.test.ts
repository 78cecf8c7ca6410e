/** npm itself puts the packed package in the place of tuf-js, and `@sigstore/tuf` runs on it. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { nodeForPeers, nodeProgram } from '../../scripts/runtimes/programs.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { runProgram } from '../support/composite-action.js'
import { listen } from '../support/listen.js'
import { documentBlocks } from '../support/migrating.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { buildCommand } from './built-command.js'

const skipped = process.env['SIGSTORE_JS'] === undefined
if (skipped) console.warn('the override is skipped: SIGSTORE_JS names no checkout')

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies: Record<string, string>
}

let folder: string

beforeAll(() => {
  if (skipped) return
  buildCommand()
  folder = temporaryFolder('override')
})

test('by the line in the guide, @sigstore/tuf gets a verified target through tuffet', async () => {
  if (skipped) return
  const node = nodeProgram(nodeForPeers)
  if ('reason' in node) throw new Error(node.reason)
  const [line = '{}'] = documentBlocks('json')
  const parse: (text: string) => object = JSON.parse
  const dependencies = { '@sigstore/tuf': '5.0.0' }
  const manifest = { private: true, dependencies, ...parse(line) }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const registry = await registryOf(packed('.'), packed('tuf-js'))
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
  const own = ['--registry', registry, '--replace-registry-host=never']
  const npm = await runProgram('npm', [...args, ...own], { cwd: folder })
  expect([npm.status, npm.stderr]).toEqual([0, expect.anything()])

  const repo = createRepository({ now: Date.now(), consistentSnapshot: true })
  repo.addTarget('trusted_root.json', 'the root of trust')
  repo.publish()
  const mirrorURL = await mirrorOf(repo)
  writeFileSync(join(folder, 'root.json'), repo.root())
  writeFileSync(
    join(folder, 'program.cjs'),
    `const { initTUF } = require('@sigstore/tuf')
const { ValueError } = require('tuf-js/dist/error')
const options = { mirrorURL: '${mirrorURL}', rootPath: 'root.json', cachePath: 'cache', retry: 0 }
initTUF(options)
  .then((tuf) => tuf.getTarget('trusted_root.json'))
  .then((text) => console.log(text, ValueError.name, require('tuf-js/package.json').name))
`,
  )
  const ran = await runProgram(node.path, ['program.cjs'], { cwd: folder })
  expect(ran).toMatchObject({
    status: 0,
    stdout: 'the root of trust ValueError tuffet-tuf-js\n',
  })
})

/** A packed package of this repository, and its manifest. */
function packed(path: string): { manifest: Manifest; bytes: Uint8Array } {
  const args = ['pack', resolve(path), '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout, stderr, status } = spawnSync('npm', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const report: readonly { readonly filename: string }[] = JSON.parse(stdout)
  const parse: (text: string) => Manifest = JSON.parse
  const { name, version, ...rest } = parse(readFileSync(resolve(path, 'package.json'), 'utf8'))
  return {
    manifest: { name, version, dependencies: rest.dependencies },
    bytes: readFileSync(join(folder, report[0]?.filename ?? '')),
  }
}

/** A registry with these packages; npm is led to its own for all others. */
async function registryOf(...packages: readonly ReturnType<typeof packed>[]): Promise<string> {
  const files = new Map<string, string | Uint8Array>()
  const others = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim()
  const server = createServer(({ url = '' }, response) => {
    const file = files.get(url)
    if (file !== undefined) response.end(file)
    else response.writeHead(302, { location: new URL(url.slice(1), others).href }).end()
  })
  const base = `http://127.0.0.1:${await listen(server)}`
  for (const { manifest, bytes } of packages) {
    const { name, version } = manifest
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    const dist = { tarball: `${base}/-/${name}.tgz`, integrity }
    files.set(`/-/${name}.tgz`, bytes)
    const versions = { [version]: { ...manifest, dist } }
    files.set(`/${name}`, JSON.stringify({ name, 'dist-tags': { latest: version }, versions }))
  }
  return base
}

/** A mirror as Sigstore's: the targets are in a folder of the metadata. */
async function mirrorOf(repo: TestRepository): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const [, name = ''] = /^\/targets\/(.*)$/.exec(url) ?? []
    const answer = name === '' ? repo.answer('metadata', url.slice(1)) : repo.answer('target', name)
    if (answer instanceof Uint8Array) response.end(answer)
    else response.writeHead(404).end()
  })
  return `http://127.0.0.1:${await listen(server)}`
}
