import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { NameUnsafeError } from '../../src/errors.js'
import { parseFilename } from '../../src/pypi/names/file-name.js'
import {
  blake2bOfUrl,
  blake2bPath,
  filenameOfUrl,
  isPlainFilename,
  normalizeName,
  tryNormalizeName,
} from '../../src/pypi/names/names.js'
import {
  compareVersions,
  formatVersion,
  parseVersion,
  satisfiesVersion,
  versionKey,
} from '../../src/pypi/names/version.js'

interface PackagingTable {
  readonly names: [name: string, normalized: string | null][]
  readonly versions: [text: string, normal: string | null, key: string | null][]
  readonly ordered: string[]
  readonly wheels: [filename: string, release: [project: string, version: string] | null][]
  readonly sdists: [filename: string, release: [project: string, version: string] | null][]
}

const table: PackagingTable = JSON.parse(
  readFileSync(new URL('packaging-table.json', import.meta.url), 'utf8'),
)
const digest = 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'

/** Made by joining the name's parts with an invalid project: nobody could ask for it. */
const refusedHere = new Set(['foo--1.0.tar.gz'])

function releaseOf(filename: string, extension: RegExp): [string, string] | null {
  const parsed = extension.test(filename) ? parseFilename(filename) : undefined
  return parsed ? [parsed.project, parsed.version] : null
}

describe('names of projects', () => {
  test('are normalised and refused as by the packaging library', () => {
    expect(table.names.length).toBeGreaterThan(30)
    const found = table.names.map(([name]) => [name, tryNormalizeName(name) ?? null])
    expect(found).toEqual(table.names)
  })

  test.each(['../../x', '..', 'a/b', 'a%2fb', '', 'x'.repeat(201), 'a\n', 'a\u0000b'])(
    '%j is not a name that the client requests',
    (name) => {
      expect(() => normalizeName(name)).toThrow(NameUnsafeError)
    },
  )
})

describe('versions', () => {
  test('are normalised as by the packaging library', () => {
    expect(table.versions.length).toBeGreaterThan(400)
    const found = table.versions.map(([text]) => {
      const version = parseVersion(text)
      return version ? [text, formatVersion(version), versionKey(text)] : [text, null, null]
    })
    expect(found).toEqual(table.versions)
  })

  test('are ordered as by the packaging library', () => {
    const versions = table.ordered.map((text) => parseVersion(text)!)
    expect(versions.length).toBeGreaterThan(40)
    for (const [i, a] of versions.entries()) {
      for (const [j, b] of versions.entries()) {
        expect([i, j, Math.sign(compareVersions(a, b))]).toEqual([i, j, Math.sign(i - j)])
      }
    }
  })

  test('that are not valid equal only themselves', () => {
    expect(versionKey('2004d')).toBe('2004d')
    expect(satisfiesVersion('2004d', '2004d')).toBe(true)
  })

  test.each([
    ['1.0', 'v1', true],
    ['1.0+cpu', '1.0', true],
    ['1.0+cpu', '1.0+CPU', true],
    ['1.0', '1.0+cpu', false],
    ['1.0+cpu', '1.0+cu118', false],
    ['1.0.post1', '1.0', false],
  ])('%s satisfies ==%s: %s', (candidate, specified, expected) => {
    expect(satisfiesVersion(candidate, specified)).toBe(expected)
  })

  test('of great length are read in one pass', () => {
    const long = `1${'.0'.repeat(100_000)}`
    expect(versionKey(long)).toBe('1')
    expect(parseVersion(`${long}-`)).toBeUndefined()
  })
})

describe('file names', () => {
  test('of wheels are read as by the packaging library', () => {
    const found = table.wheels.map(([filename]) => [filename, releaseOf(filename, /\.whl$/)])
    expect(found).toEqual(table.wheels)
  })

  test('of source distributions are read as by the packaging library', () => {
    const rows = table.sdists.filter(([filename]) => !refusedHere.has(filename))
    const found = rows.map(([filename]) => [filename, releaseOf(filename, /\.(zip|tar\.gz)$/)])
    expect(found).toEqual(rows)
    expect(parseFilename('foo--1.0.tar.gz')).toBeUndefined()
  })

  test('of wheels may contain a build tag and compressed tag sets', () => {
    expect(parseFilename('Foo.Bar-1.0-1abc-py2.py3-none-win32.win_amd64.whl')).toEqual({
      kind: 'wheel',
      project: 'foo-bar',
      version: '1.0',
      build: '1abc',
      tags: { python: ['py2', 'py3'], abi: ['none'], platform: ['win32', 'win_amd64'] },
    })
  })

  test('of older source distributions are read with the help of the project', () => {
    const read = (filename: string, project?: string): [string, string] | undefined => {
      const parsed = parseFilename(filename, project)
      return parsed && [parsed.project, parsed.version]
    }
    expect(read('my-app-1.0-1.tar.gz')).toEqual(['my-app-1-0', '1'])
    expect(read('my-app-1.0-1.tar.gz', 'my-app')).toEqual(['my-app', '1.0.post1'])
    expect(read('My.App-1.0.tar.gz', 'my-app')).toEqual(['my-app', '1.0'])
    expect(read('my-app-2-1.tar.gz', 'my-app-2')).toEqual(['my-app-2', '1'])
    expect(read('evil-1.0.tar.gz', 'my-app')).toEqual(['evil', '1.0'])
    expect(read('my-app-evil-1.0.tar.gz', 'my-app')).toEqual(['my-app-evil', '1.0'])
  })

  test.each(['../foo-1.0.tar.gz', 'a/foo-1.0.tar.gz', 'a\\foo-1.0.tar.gz', 'foo-1.0\u0000.tar.gz'])(
    '%j is not a plain file name',
    (filename) => {
      expect(isPlainFilename(filename)).toBe(false)
      expect(parseFilename(filename)).toBeUndefined()
    },
  )

  test.each(['', '.', '..', 'C:x', 'x'.repeat(256), '\ud800'])(
    '%j is not a plain file name either',
    (filename) => expect(isPlainFilename(filename)).toBe(false),
  )
})

describe('URLs of files', () => {
  const path = blake2bPath(digest)

  test('contain the BLAKE2b digest in their path', () => {
    expect(path).toBe('bd/dd/813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319')
    const url = `https://files.test/packages/${path}/foo-1.0.tar.gz`
    expect(blake2bOfUrl(url)).toBe(digest)
    expect(blake2bOfUrl(`${url}?a=/b#sha256=00`)).toBe(digest)
    expect(blake2bOfUrl(url.toUpperCase())).toBe(digest)
  })

  test.each([
    'https://files.test/foo-1.0.tar.gz',
    `https://files.test/packages/${path}/`,
    `https://files.test/packages/${path}0/foo-1.0.tar.gz`,
    `https://files.test/foo-1.0.tar.gz?${path}/x`,
  ])('%s promises no digest', (url) => expect(blake2bOfUrl(url)).toBeUndefined())

  test('end in the file name', () => {
    expect(filenameOfUrl('https://files.test/a/foo-1.0%2Bx.tar.gz?q=/b#c/d')).toBe(
      'foo-1.0+x.tar.gz',
    )
    expect(filenameOfUrl('https://files.test/a/')).toBeUndefined()
    expect(filenameOfUrl('https://files.test/a/%2e%2e')).toBeUndefined()
    expect(filenameOfUrl('https://files.test/a/b%2fc')).toBeUndefined()
    expect(filenameOfUrl('https://files.test/a/%zz')).toBeUndefined()
  })
})
