import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { fetchFetcher } from '../../src/client/web-fetcher.js'
import { StoreFailedError } from '../../src/errors.js'
import { permissionRefusal } from '../../src/errors/permission.js'
import { mayNotWrite } from '../../src/node/system-error.js'
import { environmentProxy } from '../../src/node/undici-fetch.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** As Deno throws it. */
function notCapable(what: string): Error {
  const error = new Error(`Requires ${what}, run again with the --allow flag`)
  error.name = 'NotCapable'
  return error
}

describe('in Deno', () => {
  test('a proxy that the program may not read of is no proxy', () => {
    const environment = new Proxy<Record<string, string>>(
      { HTTPS_PROXY: 'proxy.test' },
      {
        get(variables, name) {
          if (name === 'HTTPS_PROXY') return variables[name]
          throw notCapable(`env access to "${String(name)}"`)
        },
      },
    )
    expect(environmentProxy(environment, 'http://example.org/')).toBeUndefined()
    expect(environmentProxy(environment, 'https://example.org/')?.proxy).toBe('http://proxy.test')
  })

  test('another error of the environment is not hidden', () => {
    const environment = new Proxy<Record<string, string>>(
      {},
      {
        get() {
          throw new RangeError('broken')
        },
      },
    )
    expect(() => environmentProxy(environment, 'http://example.org/')).toThrow('broken')
  })

  test('a request that is not permitted says which permission is missing', async () => {
    const fetch = () => Promise.reject(notCapable('net access to "example.org:443"'))
    const request = { url: 'https://example.org/a', kind: 'metadata' } as const
    const { signal } = new AbortController()
    await expect(fetchFetcher({ fetch }).fetch({ ...request, signal })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message:
        'https://example.org/a: the request failed: Requires net access to "example.org:443", run again with the --allow flag',
    })
  })

  test('a store says which permission is missing', () => {
    const cause = notCapable('write access to "/tuf"')
    const { message } = new StoreFailedError('set', 'root.json', { cause })
    expect(message).toBe(
      'the store could not set "root.json": Requires write access to "/tuf", run again with the --allow flag',
    )
  })

  test('a store without the permission to write is read-only, one without that to read is not', () => {
    expect(mayNotWrite(notCapable('write access to "/tuf"'))).toBe(true)
    expect(mayNotWrite(notCapable('read access to "/tuf"'))).toBe(false)
  })
})

describe('permissionRefusal', () => {
  test('is undefined for other errors, also for a cause in a circle', () => {
    const error = new Error('a')
    error.cause = error
    expect([error, undefined, null, 'NotCapable'].map(permissionRefusal)).toEqual(
      Array.from({ length: 4 }),
    )
  })

  test("finds Node's refusal among the causes, with the fields that name it", () => {
    const fields = { code: 'ERR_ACCESS_DENIED', permission: 'FileSystemRead', resource: '/tuf' }
    const cause = Object.assign(new Error('restricted'), fields)
    expect(permissionRefusal(new TypeError('fetch failed', { cause }))).toBe(
      'restricted (FileSystemRead /tuf)',
    )
  })
})

describe("with Node's permission model", () => {
  const script = resolve('test/support/permission-process.mjs')
  const model = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  let folder: string

  beforeEach(() => {
    folder = join(temporaryFolder('permissions'), 'tuf')
    mkdirSync(folder)
  })

  /** The message of its error, if any. */
  function run(flags: readonly string[], ...more: readonly string[]): string {
    const all = ['--no-warnings', model, `--allow-fs-read=${resolve('.')}/*`, ...flags]
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...all, script, folder, ...more],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    )
    expect([status, stderr]).toEqual([0, ''])
    return stdout.trim()
  }

  test('a store and a download need their folder alone', () => {
    const flags = [`--allow-fs-read=${folder}/*`, `--allow-fs-write=${folder}/*`]
    writeFileSync(join(folder, 'a.whl'), 'older')
    expect(run(flags)).toBe('')
    expect(readFileSync(join(folder, 'a.whl'), 'utf8')).toBe('a wheel')
    expect(existsSync(join(folder, 'timestamp.json'))).toBe(true)
    expect(run(flags)).toBe('')
    expect(run(flags, String(0o700))).toBe('')
  })

  test('a store says which permission is missing', () => {
    expect(run([])).toMatch(/^the store could not get .*\(FileSystemRead .*\/tuf/)
    expect(run([`--allow-fs-read=${folder}/*`])).toMatch(
      /^the store could not lock .*\(FileSystemWrite .*\/tuf/,
    )
  })
})
