/** The scripts about the packages that tuffet depends on. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { listen } from '../support/listen.js'

interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

function run(script: string, environment: Record<string, string> = {}): Promise<Ended> {
  const file = fileURLToPath(new URL(`../../scripts/${script}.ts`, import.meta.url))
  const env = { ...process.env, NO_PROXY: '127.0.0.1', ...environment }
  return new Promise((resolve) => {
    const args = ['--import', import.meta.resolve('tsx'), file]
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

const undici = { name: 'undici', version: '7.30.2' }
const packument = { ...undici, versions: { '7.30.2': undici }, 'dist-tags': { latest: '7.30.2' } }

/** A registry that answers in this way when it is asked for weaknesses. */
async function registry(status: number, body: string): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const asked = request.method === 'POST'
      response.writeHead(asked ? status : 200, { 'content-type': 'application/json' })
      response.end(asked ? body : JSON.stringify(packument))
    })
  })
  const port = await listen(server)
  return { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_fetch_retries: '0' }
}

describe('npm run audit', () => {
  test('is content when the registry knows no weakness', async () => {
    expect(await run('audit', await registry(200, '{}'))).toEqual({
      status: 0,
      stdout: 'No known weakness in any installed package.\n',
      stderr: '',
    })
  })

  test('fails, and names the package, when it knows one', async () => {
    const advisory = { id: 1, url: 'https://a.test/1', title: 'a weakness', severity: 'high' }
    const body = JSON.stringify({ undici: [{ ...advisory, vulnerable_versions: '>=0' }] })
    const { status, stderr } = await run('audit', await registry(200, body))
    expect(status).toBe(1)
    expect(stderr).toContain('undici: high\n')
  })

  test.each([404, 405])('says that nothing was checked without such a list (%d)', async (code) => {
    const { status, stdout, stderr } = await run('audit', await registry(code, ''))
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/^Not checked: this registry lists no weaknesses/)
  })

  test.each([401, 500])('fails when the registry answers %d', async (code) => {
    const { status, stderr } = await run('audit', await registry(code, ''))
    expect(status).toBe(1)
    expect(stderr).toMatch(/^npm audit failed: /)
  })
})

describe('npm run sbom', () => {
  test('lists exactly the packages that users install', async () => {
    const { status, stdout } = await run('sbom')
    expect(status).toBe(0)
    const { bomFormat, metadata, components } = JSON.parse(stdout)
    expect([bomFormat, metadata.component.name]).toEqual(['CycloneDX', 'tuffet'])
    const names: string[] = components.map((one: { readonly name: string }) => one.name)
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect([...names].sort()).toEqual([...Object.keys(dependencies), 'entities'].sort())
    for (const { name, version } of components) {
      expect([name, version]).toEqual([name, dependencies[name] ?? expect.any(String)])
    }
  })
})
