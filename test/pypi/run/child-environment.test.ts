import { spawnSync } from 'node:child_process'
import { devNull } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { childEnvironment, variableUse } from '../../../src/pypi/run/child-environment.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const proxy = { origin: 'http://127.0.0.1:8000', indexUrl: 'http://127.0.0.1:8000/simple/' }

describe('the environment of an installer', () => {
  test('names the proxy as the only index, without configuration or cache', () => {
    expect(childEnvironment({}, proxy, true)).toEqual({
      PIP_INDEX_URL: proxy.indexUrl,
      PIP_CONFIG_FILE: devNull,
      PIP_NO_CACHE_DIR: '1',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      UV_DEFAULT_INDEX: proxy.indexUrl,
      UV_INDEX_URL: proxy.indexUrl,
      UV_NO_CONFIG: '1',
      UV_NO_CACHE: '1',
      UV_NO_SOURCES: '1',
      UV_HTTP_TIMEOUT: '86400',
      UV_PYTHON_DOWNLOADS: 'never',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_SYSTEM: devNull,
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_COUNT: '0',
      GIT_SSH_COMMAND: 'false',
      GIT_TERMINAL_PROMPT: '0',
      HGRCPATH: '',
      SVN_SSH: 'false',
      BZR_SSH: 'none',
      BRZ_SSH: 'none',
      ...Object.fromEntries(
        ['http_proxy', 'https_proxy', 'all_proxy', 'ftp_proxy'].flatMap((name) => [
          [name, proxy.origin],
          [name.toUpperCase(), proxy.origin],
        ]),
      ),
    })
  })

  test.each([
    'PIP_EXTRA_INDEX_URL',
    'PIP_PYPI_URL',
    'PIP_FIND_LINKS',
    'PIP_NO_INDEX',
    'PIP_TRUSTED_HOST',
    'PIP_PROXY',
    'PIP_NO_PROXY_ENV',
    'PIP_ISOLATED',
    'PIP_CACHE_DIR',
    'PIP_GROUP',
    'PIP_REQUIREMENTS_FROM_SCRIPT',
    'PIP_WHAT_NOBODY_KNOWS',
    'UV_INDEX',
    'UV_EXTRA_INDEX_URL',
    'UV_FIND_LINKS',
    'UV_CONFIG_FILE',
    'UV_TORCH_BACKEND',
    'UV_WORKING_DIR',
    'UV_PROJECT',
    'UV_INSECURE_HOST',
    'UV_CACHE_DIR',
    'UV_WHAT_NOBODY_KNOWS',
  ])('lacks %s', (name) => {
    expect(childEnvironment({ [name]: 'x' }, proxy, true)).not.toHaveProperty(name)
    expect(childEnvironment({ [name]: 'x' }, proxy, false)).not.toHaveProperty(name)
  })

  test.each([
    'HOME',
    'VIRTUAL_ENV',
    'PIP_TARGET',
    'PIP_DEFAULT_TIMEOUT',
    'PIP_ONLY_BINARY',
    'PIP_REQUIRE_HASHES',
    'PIP_CONSTRAINT',
    'UV_SYSTEM_PYTHON',
    'UV_CONSTRAINT',
  ])('keeps %s', (name) => {
    expect(childEnvironment({ [name]: 'x' }, proxy, true)).toHaveProperty(name, 'x')
  })

  test('replaces each variable that names another index, file or host', () => {
    const before = {
      PIP_INDEX_URL: 'https://a.test',
      PIP_CONFIG_FILE: '/etc/pip.conf',
      UV_DEFAULT_INDEX: 'https://a.test',
      UV_INDEX_URL: 'https://a.test',
      UV_NO_CONFIG: '0',
      https_proxy: 'http://a.test',
      NO_PROXY: '*',
    }
    expect(childEnvironment(before, proxy, true)).toEqual(childEnvironment({}, proxy, true))
  })

  test.each(['no_proxy', 'NO_PROXY', 'No_Proxy', 'REQUEST_METHOD', 'request_method'])(
    'lacks %s: some clients would then bypass the proxy',
    (name) => {
      expect(childEnvironment({ [name]: 'GET' }, proxy, true)).not.toHaveProperty(name)
    },
  )

  test.each(['PATH', 'Path', 'PYTHONPATH'])('sets %s without the current folder', (name) => {
    const value = ['', '/usr/bin', '.', 'bin', './bin', '/usr/my tools', ''].join(delimiter)
    for (const isolated of [true, false]) {
      const child = childEnvironment({ [name]: value }, proxy, isolated)
      expect(child[name]).toBe(['/usr/bin', '/usr/my tools'].join(delimiter))
      expect(childEnvironment({ [name]: '.' }, proxy, isolated)).not.toHaveProperty(name)
    }
  })

  test('lacks settings that lead Git to another host', () => {
    const before = {
      GIT_ALLOW_PROTOCOL: 'https:ssh',
      GIT_SSH: '/opt/ssh',
      GIT_PROXY_COMMAND: '/opt/proxy',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.proxy',
      GIT_CONFIG_VALUE_0: 'http://a.test',
      GIT_CONFIG_PARAMETERS: "'http.proxy'='http://a.test'",
      HGRCPATH: '/etc/hgrc',
      SVN_SSH: 'ssh',
    }
    expect(childEnvironment(before, proxy, true)).toEqual(childEnvironment({}, proxy, true))
    expect(childEnvironment(before, proxy, false)).toMatchObject(before)
  })

  test('leads to other hosts as before where something may come from them', () => {
    const before = { https_proxy: 'http://a.test', NO_PROXY: 'b.test' }
    const { HTTPS_PROXY, ...child } = childEnvironment(before, proxy, false)
    expect(HTTPS_PROXY).toBeUndefined()
    expect(child).toMatchObject({ https_proxy: 'http://a.test', NO_PROXY: '127.0.0.1,b.test' })
  })
})

test.each([
  ['PIP_CONSTRAINT', 'file'],
  ['PIP_REQUIREMENT', 'file'],
  ['PIP_BUILD_CONSTRAINT', 'file'],
  ['PIP_EDITABLE', 'requirement'],
  ['UV_CONSTRAINT', 'file'],
  ['UV_OVERRIDE', 'file'],
  ['UV_EXCLUDE', 'file'],
  ['UV_BUILD_CONSTRAINT', 'file'],
])('the files that %s names are read', (name, use) => {
  expect(variableUse(name)).toBe(use)
})

test('Git cannot fetch in that environment, not even from a folder', () => {
  const folder = temporaryFolder('git')
  const repository = join(folder, 'from')
  const plain = { PATH: process.env['PATH'] ?? '' }
  const clone = (to: string, env: Record<string, string>): string =>
    spawnSync('git', ['clone', '-q', `file://${repository}`, join(folder, to)], {
      env,
      encoding: 'utf8',
    }).stderr
  // A machine without Git keeps no settings at home.
  if (spawnSync('git', ['init', '-q', repository], { env: plain }).error) return
  expect(clone('before', plain)).not.toContain('fatal')
  const child = childEnvironment({ ...plain, GIT_ALLOW_PROTOCOL: 'file' }, proxy, true)
  expect(clone('after', child)).toContain("transport 'file' not allowed")
})
