import { describe, expect, test } from '@jest/globals'
import { metadataFileName, targetUrlPath } from '../../../src/core/names.js'
import { rolePath, treePath, treePathOfUrl } from '../../../src/node/mirror/tree-path.js'

const base = 'https://tuf.example.com/targets/'

describe('the path of a mirrored file', () => {
  test.each([
    [targetUrlPath('pkgs/a b.whl'), 'pkgs/a b.whl'],
    [targetUrlPath('x/ä+%20'), 'x/ä+ '],
    [metadataFileName('a/b', 7), '7.a/b.json'],
    [metadataFileName('', 7), '7..json'],
  ])('of %j is the one that a server looks for', (encoded, path) => {
    expect(treePath(encoded)).toBe(path)
  })

  test.each([
    '',
    'a//b',
    '/a',
    'a/',
    '..',
    'a/../b',
    'a/%2e%2e/b',
    '%2E%2E%2Fb',
    metadataFileName('a/../../../etc/passwd', 7),
    '.htaccess',
    'a/.git/config',
    'a/web.config',
    'a%00b',
    'a%5Cb',
    'a%0Ab',
    'a%FFb',
    'a%',
    'x'.repeat(256),
    'a/'.repeat(1_025) + 'b',
  ])('%j is refused', (encoded) => {
    expect(() => treePath(encoded)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_NAME_UNSAFE' }),
    )
  })

  test('has at most 64 parts: the sweep holds each of its folders open', () => {
    const deep = Array.from({ length: 64 }, () => 'a').join('/')
    expect(treePath(deep)).toBe(deep)
    expect(() => treePath(`${deep}/a`)).toThrow('it has more than 64 parts')
  })

  test('of a URL is below the base, or the URL is refused', () => {
    expect(treePathOfUrl(`${base}a/b%20c`, base.slice(0, -1))).toBe('a/b c')
    for (const url of ['https://other.example.com/a', `${base}a?b`, `${base}a#b`, `${base}../a`]) {
      expect(() => treePathOfUrl(url, base)).toThrow(
        expect.objectContaining({ code: 'ERR_TUF_NAME_UNSAFE' }),
      )
    }
  })
})

describe('the path of a role file', () => {
  test('goes through no folder that could be the file of another role', () => {
    expect(rolePath(metadataFileName('a/b', 7))).toBe('7.a/b.json')
    expect(() => rolePath(metadataFileName('a.json/b', 7))).toThrow('the name of a role file')
  })
})
