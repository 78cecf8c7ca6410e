import { describe, expect, test } from '@jest/globals'
import { isAllowedHost, isLoopback } from '../../../src/pypi/proxy/allowed-host.js'

describe('a Host header', () => {
  test.each([
    ['127.0.0.1:8000', true, true],
    ['127.8.9.1', true, true],
    ['localhost:1', true, true],
    ['LOCALHOST', true, true],
    ['[::1]:8000', true, true],
    ['index.internal:8000', true, true],
    ['192.168.1.7:8000', false, true],
    ['[fe80::1]', false, true],
    ['evil.example:8000', false, false],
    ['127.0.0.1.evil.example', false, false],
    ['localhost.evil.example', false, false],
    ['127.0.0.1:8000:9', false, false],
    ['127.0.0.1@evil.example', false, false],
    ['', false, false],
    [undefined, false, false],
  ])('%s: %p on loopback, %p beyond', (header, local, remote) => {
    const hostnames = ['index.internal']
    expect(isAllowedHost(header, { remote: false, hostnames })).toBe(local)
    expect(isAllowedHost(header, { remote: true, hostnames })).toBe(remote)
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.evil.example', false],
])('loopback: %s is %p', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
