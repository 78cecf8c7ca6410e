import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  anchorDigestsEntry,
  anchorEntry,
  checkBaseUrl,
  clockEntry,
  hashPrefixedTarget,
  joinUrl,
  metadataFileName,
  readableFileName,
  rootEntry,
  storedRoleName,
  storedRootName,
  storedTargetName,
  targetFileName,
  targetUrlPath,
} from '../../src/core/names.js'
import { runs } from '../support/runs.js'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
const stored = (role: string): string => storedRoleName(role, digest)
const file = (path: string): string => targetFileName(path, digest)
const nameUnsafe = expect.objectContaining({ code: 'ERR_TUF_NAME_UNSAFE' })

/** Python's `quote(text, "")`, byte by byte. */
function quote(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      if (/[A-Za-z0-9_.~-]/.test(character)) return character
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

const anyText = fc.string({ unit: 'binary' })
/** Texts of the characters that names are dangerous by. */
const oddText = fc.oneof(
  anyText,
  fc.string({ unit: fc.constantFrom(...Array.from('.%2eE5cC/\\?#:@ \n\0aA😀é~')), maxLength: 12 }),
  fc.constantFrom('', '.', '..', 'CON', 'con', 'nul.x', 'Timestamp', 'timestamp', 'a.', '%', '%2E'),
)

describe('the name of a metadata file in a URL', () => {
  test('names its previous version when there is one', () => {
    expect(metadataFileName('timestamp')).toBe('timestamp.json')
    expect(metadataFileName('root', 12)).toBe('12.root.json')
    expect(metadataFileName('bins-3fff', 1)).toBe('1.bins-3fff.json')
  })

  test.each([
    ['a b', '1.a%20b.json'],
    ['a/b', '1.a%2Fb.json'],
    ['../delegatedrole', '1...%2Fdelegatedrole.json'],
    ['a?b#c', '1.a%3Fb%23c.json'],
    ['%2F', '1.%252F.json'],
    ['\\', '1.%5C.json'],
    ['é😀', '1.%C3%A9%F0%9F%98%80.json'],
    ["!'()*", '1.%21%27%28%29%2A.json'],
    ['A-Z_a.z~0', '1.A-Z_a.z~0.json'],
    ['.', '1...json'],
    ['..', '1....json'],
    ['', '1..json'],
    ['CON', '1.CON.json'],
    ['\0\n', '1.%00%0A.json'],
  ])('%j is encoded as %s', (role, name) => {
    expect(metadataFileName(role, 1)).toBe(name)
  })

  test("is encoded as by Python's quote", () => {
    fc.assert(
      fc.property(oddText, (role) => {
        expect(metadataFileName(role)).toBe(`${quote(role)}.json`)
      }),
    )
  })

  test('CVE-2021-41131: stays below the metadata URL, whatever parses it', () => {
    fc.assert(
      fc.property(oddText, fc.option(fc.nat(), { nil: undefined }), (role, version) => {
        const url = joinUrl('https://h/metadata', metadataFileName(role, version))
        expect(new URL(url).href).toBe(url)
        expect(new URL(url).pathname).toMatch(/^\/metadata\/[^/]*\.json$/)
      }),
    )
  })

  test('does not exist for a lone surrogate', () => {
    expect(() => metadataFileName('a\ud800')).toThrow(nameUnsafe)
    expect(() => metadataFileName('a\ud800')).toThrow(
      'it contains half of a surrogate pair, which UTF-8 cannot express',
    )
    expect(() => metadataFileName('\udc00a', 1)).toThrow(nameUnsafe)
    expect(() => metadataFileName('\udc00\ud800', 1)).toThrow(nameUnsafe)
  })
})

describe('store entries', () => {
  test('of the client itself', () => {
    expect(rootEntry).toBe('root.json')
    expect(anchorEntry).toBe('anchor/root.json')
    expect(clockEntry).toBe('state/clock')
    expect(storedRootName(3)).toBe('root_history/3.root.json')
  })

  test.each([
    ['timestamp', 'timestamp.json'],
    ['snapshot', 'snapshot.json'],
    ['targets', 'targets.json'],
    ['bins-00', 'bins-00.json'],
    ['role.name', 'role.name.json'],
    ['a/b', 'a%2Fb.json'],
    ['../../x', '..%2F..%2Fx.json'],
    ['C:\\x', 'C%3A%5Cx.json'],
    ['/etc/passwd', '%2Fetc%2Fpasswd.json'],
    ['a\0b', 'a%00b.json'],
    ['.', '%2E.json'],
    ['..', '%2E%2E.json'],
    ['...', '%2E%2E%2E.json'],
    ['', '%.json'],
    ['%', '%25.json'],
    ['%2E', '%252E.json'],
    ['.a', '.a.json'],
    ['a.', 'a%2E.json'],
    ['a..', 'a.%2E.json'],
    ['a ', 'a%20.json'],
    ['Timestamp', '%54imestamp.json'],
    ['TARGETS', '%54ARGETS.json'],
    ['rOOT', '%72OOT.json'],
    ['CON', '%43ON.json'],
    ['con.x', '%63on.x.json'],
    ['con.', '%63on%2E.json'],
    ['nul', '%6Eul.json'],
    ['Com1', '%43om1.json'],
    ['lpt9.tar.gz', '%6Cpt9.tar.gz.json'],
    ['LPT¹', 'LPT%C2%B9.json'],
    ['console', 'console.json'],
    ['com10', 'com10.json'],
    ['CONIN$', 'CONIN%24.json'],
    ['con ', 'con%20.json'],
  ])('of the role %j is %s', (role, entry) => {
    expect(stored(role)).toBe(entry)
  })

  test('CVE-2021-41131, CVE-2021-41149, CVE-2026-24686: are one plain file each', () => {
    fc.assert(
      fc.property(oddText, (role) => {
        const entry = stored(role)
        expect(entry).toMatch(/^[A-Za-z0-9_.~%-]{1,206}$/)
        expect(entry).toMatch(/[^.]\.json$/)
        expect(entry).not.toMatch(/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\./i)
      }),
    )
  })

  test('differ when roles differ', () => {
    fc.assert(
      fc.property(oddText, oddText, (a, b) => {
        expect(stored(a) === stored(b)).toBe(a === b)
      }),
      runs(1000),
    )
    const roles = [
      '',
      '.',
      '..',
      '%',
      '%2E',
      '%2e',
      '%2E%2E',
      'CON',
      '%43ON',
      'Timestamp',
      '%54imestamp',
      'a.',
      'a%2E',
    ]
    expect(new Set(roles.map(stored)).size).toBe(roles.length)
  })

  test('of delegated roles do not fall on those of top-level roles where case does not count', () => {
    const topLevel = ['root', 'timestamp', 'snapshot', 'targets']
    const entries = new Set(topLevel.map((role) => stored(role).toLowerCase()))
    const letters = fc.infiniteStream(fc.boolean())
    const written = fc
      .tuple(fc.constantFrom(...topLevel), letters)
      .map(([role, upper]) =>
        Array.from(role, (letter) => (upper.next().value ? letter.toUpperCase() : letter)).join(''),
      )
    fc.assert(
      fc.property(written, (role) => {
        expect(entries.has(stored(role).toLowerCase())).toBe(topLevel.includes(role))
      }),
    )
  })

  describe('of long names', () => {
    test('are as they are up to 200 characters', () => {
      expect(stored('a'.repeat(200))).toBe(`${'a'.repeat(200)}.json`)
      expect(stored('é'.repeat(33))).toBe(`${'%C3%A9'.repeat(33)}.json`)
    })

    test('are shortened beyond that, to a beginning and a digest', () => {
      const name = 'a'.repeat(201)
      expect(stored(name)).toBe(`${'a'.repeat(136)}~${digest(name)}.json`)
      expect(stored('é'.repeat(34))).toMatch(/~[0-9a-f]{64}\.json$/)
      expect(stored('é'.repeat(34))).toContain(digest('é'.repeat(34)))
    })

    test('differ from those of short names that look the same', () => {
      const long = 'a'.repeat(300)
      const alike = stored(long).slice(0, -'.json'.length)
      expect(stored(alike)).not.toBe(stored(long))
    })

    test('differ when only the end does', () => {
      expect(stored(`${'a'.repeat(300)}b`)).not.toBe(stored(`${'a'.repeat(300)}c`))
    })

    test('are neither a device nor a folder', () => {
      expect(stored(`con.${'a'.repeat(300)}`)).toMatch(/^%63on\.a+~[0-9a-f]{64}\.json$/)
      expect(stored('.'.repeat(300))).toMatch(/^(?:%2E)+%?~[0-9a-f]{64}\.json$/)
    })

    test('the digest is computed only then', () => {
      const unasked = (): string => {
        throw new Error('was asked for')
      }
      expect(storedRoleName('a'.repeat(200), unasked)).toHaveLength(205)
      expect(() => storedRoleName('a'.repeat(201), unasked)).toThrow('was asked for')
    })
  })

  test('do not exist for a lone surrogate', () => {
    expect(() => stored('\ud83d')).toThrow(nameUnsafe)
    expect(() => stored('\ude00\ud83d')).toThrow(nameUnsafe)
    expect(stored('\ud83d\ude00')).toBe('%F0%9F%98%80.json')
  })
})

test('the entries of a store have these names, whatever a repository publishes', () => {
  expect([rootEntry, anchorEntry, clockEntry, anchorDigestsEntry]).toEqual([
    ...['root.json', 'anchor/root.json', 'state/clock', 'state/anchor'],
  ])
  expect(storedRootName(3)).toBe('root_history/3.root.json')
  expect(storedTargetName('dir/a.whl', digest)).toBe('targets/dir%2Fa.whl')
})

describe('a target path as one file name', () => {
  test.each([
    ['a.whl', 'a.whl'],
    ['dir/a.whl', 'dir%2Fa.whl'],
    ['../a', '..%2Fa'],
    ['/a', '%2Fa'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['', '%'],
    ['a.', 'a%2E'],
    ['AUX', '%41UX'],
    ['aux.c', '%61ux.c'],
    ['dir/aux', 'dir%2Faux'],
    ['Timestamp', 'Timestamp'],
    ['a\\b:c', 'a%5Cb%3Ac'],
    ["it's (1)!*", 'it%27s%20%281%29%21%2A'],
  ])('%j is %s', (path, name) => {
    expect(file(path)).toBe(name)
  })

  test('CVE-2021-41150, CVE-2026-6968: is never a path, a folder or a device', () => {
    fc.assert(
      fc.property(oddText, (path) => {
        expect(file(path)).toMatch(/^[A-Za-z0-9_.~%-]{1,201}$/)
        expect(file(path)).toMatch(/[^.]$/)
        expect(file(path)).not.toMatch(/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i)
      }),
    )
  })

  test('differs when paths differ', () => {
    fc.assert(
      fc.property(oddText, oddText, (a, b) => {
        expect(file(a) === file(b)).toBe(a === b)
      }),
    )
  })

  test('is shortened beyond 200 characters', () => {
    const path = `dir/${'x'.repeat(300)}.whl`
    expect(file(path)).toBe(`dir%2F${'x'.repeat(130)}~${digest(path)}`)
  })

  test('does not exist for a lone surrogate', () => {
    expect(() => file('a/\udfff')).toThrow(nameUnsafe)
  })
})

describe('a target path in a URL', () => {
  test.each([
    ['dir/a-1.0_b~c.whl', 'dir/a-1.0_b~c.whl'],
    ["!$&'()*+,;=:@", "!$&'()*+,;=:@"],
    ['a%20b%2Fc%e9', 'a%20b%2Fc%e9'],
    ['100%', '100%25'],
    ['%zz%2', '%25zz%252'],
    ['%%41', '%25%41'],
    ['%252e%252e', '%252e%252e'],
    ['a b', 'a%20b'],
    ['a?b#c', 'a%3Fb%23c'],
    ['a\\..\\b', 'a%5C..%5Cb'],
    ['..\\', '..%5C'],
    ['a\0\t\r\n\x7f', 'a%00%09%0D%0A%7F'],
    ['[a]{b}|"<>^`', '%5Ba%5D%7Bb%7D%7C%22%3C%3E%5E%60'],
    ['é/😀', '%C3%A9/%F0%9F%98%80'],
    ['', ''],
    ['/a', '/a'],
    ['//host/a', '//host/a'],
    ['a//b/', 'a//b/'],
    ['https://h/a', 'https://h/a'],
    ['...', '...'],
    ['.a/a./..a/a..', '.a/a./..a/a..'],
    ['%2e.a', '%2e.a'],
    ['..%2Fa', '..%2Fa'],
    ['.\t.', '.%09.'],
  ])('%j is %s', (path, url) => {
    expect(targetUrlPath(path)).toBe(url)
  })

  test.each([
    '.',
    '..',
    'a/.',
    'a/..',
    './a',
    '../a',
    'a/./b',
    'a/../b',
    '/..',
    '../',
    'a/../',
    '%2e',
    '%2E',
    '%2e%2e',
    '%2E%2e',
    '.%2e',
    '%2E.',
    'a/%2e%2E/b',
    '/%2e/',
  ])('%j is refused: a URL parser would resolve it', (path) => {
    expect(() => targetUrlPath(path)).toThrow(nameUnsafe)
    expect(() => hashPrefixedTarget(path, 'abc')).toThrow(nameUnsafe)
  })

  test('with a lone surrogate is refused, and the error names the whole path', () => {
    expect(() => targetUrlPath('dir/a\ud83d')).toThrow(nameUnsafe)
    expect(() => targetUrlPath('\ude00/a')).toThrow(expect.objectContaining({ unsafe: '\ude00/a' }))
  })

  test('CVE-2026-24137: after a base URL a name stays as it is in URL parsers, or is refused', () => {
    const base = 'https://h/a/b%2F..%2Fc'
    fc.assert(
      fc.property(oddText, (path) => {
        let encoded: string
        try {
          encoded = targetUrlPath(path)
        } catch (error) {
          expect(error).toEqual(nameUnsafe)
          return
        }
        const url = joinUrl(base, encoded)
        expect(new URL(url).href).toBe(url)
        expect(url.startsWith(`${base}/`)).toBe(true)
      }),
      runs(1000),
    )
  })

  test('that is refused is named, with the reason', () => {
    expect(() => targetUrlPath('a/../b')).toThrow('one of its segments is `.` or `..`')
    expect(() => targetUrlPath('a\ud83d')).toThrow(
      'it contains half of a surrogate pair, which UTF-8 cannot express',
    )
  })

  test('encoding twice equals encoding once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('a%2b/ é😀?')), maxLength: 12 }),
        (path) => {
          const encoded = targetUrlPath(path)
          expect(targetUrlPath(encoded)).toBe(encoded)
        },
      ),
    )
  })
})

describe('a hash-prefixed target (6.2)', () => {
  test.each([
    ['a.whl', 'abc.a.whl'],
    ['dir/a.whl', 'dir/abc.a.whl'],
    ['/a', '/abc.a'],
    ['dir/', 'dir/abc.'],
    ['', 'abc.'],
    ['a b/c d', 'a b/abc.c d'],
    ['a%2Fb', 'abc.a%2Fb'],
  ])('%j is %s', (path, prefixed) => {
    expect(hashPrefixedTarget(path, 'abc')).toBe(prefixed)
  })
})

describe('a base URL', () => {
  test.each([
    ['https://h', 'https://h/x'],
    ['https://h/', 'https://h/x'],
    ['https://h/a', 'https://h/a/x'],
    ['https://h/a/', 'https://h/a/x'],
    ['https://h/a//', 'https://h/a//x'],
    ['http://127.0.0.1:8001/%2F%3F%23..%2F', 'http://127.0.0.1:8001/%2F%3F%23..%2F/x'],
    ['https://h/a/../b/%2e%2E/', 'https://h/a/../b/%2e%2E/x'],
    ['HTTPS://H:443/A@b', 'HTTPS://H:443/A@b/x'],
    ['https://h/a//b@c', 'https://h/a//b@c/x'],
    ['https://h/http:///', 'https://h/http:///x'],
  ])('%s stays as given', (base, url) => {
    expect(checkBaseUrl(base)).toBe(base)
    expect(joinUrl(base, 'x')).toBe(url)
  })

  test.each([
    '',
    'h',
    '/a',
    '//h/a',
    'a/b',
    'https:',
    'https:h',
    '://h',
    '1a://h',
    'https://h/?',
    'https://h/a?b=c',
    'https://h/#',
    'https://h/a#b',
    'https://h/\n',
    'https://h/\ta',
    'https://h/\0',
    ' https://h/',
    'https://user@h/',
    'https://user:password@h/a',
    'https:///user:password@h/a',
    'https:////user:password@h/a',
    'HTTPS:///h/',
    'https://\\user:password@h/',
    'https://',
    'http:///h/',
  ])('%j is refused', (base) => {
    expect(() => checkBaseUrl(base)).toThrow(TypeError)
  })

  test.each([
    ['h', '"h" is not an absolute URL'],
    ['h#', '"h#" is not an absolute URL'],
    [' https://h/', '" https://h/" is not an absolute URL'],
    ['https://h/?', '"https://h/?" contains a query, a fragment or control characters'],
    ['https:///h/', 'a base URL must name a host'],
    ['http://\\h/', 'a base URL must name a host'],
    ['HTTPS://', 'a base URL must name a host'],
    ['https://user@h/', 'a base URL must not contain credentials'],
    ['ftp://user@', 'a base URL must not contain credentials'],
  ])('%j is refused with a reason: %s', (base, reason) => {
    expect(() => checkBaseUrl(base)).toThrow(new TypeError(reason))
  })
})

describe('the file name of a target for people', () => {
  const readable = (name: string): string => readableFileName(name, digest)

  test.each([
    ['demo-1.0+cpu-cp312-cp312-linux_x86_64.whl', 'demo-1.0+cpu-cp312-cp312-linux_x86_64.whl'],
    ['Foo Bar.exe', 'Foo Bar.exe'],
    ['größe.txt', 'größe.txt'],
    ['日本語 😀.txt', '日本語 😀.txt'],
    ["!'()#$&,;=@[]^`{}~.txt", "!'()#$&,;=@[]^`{}~.txt"],
    ['100%.txt', '100%.txt'],
    ['a%20b.txt', 'a%2520b.txt'],
    ['', '%'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['...', '%2E%2E%2E'],
    ['.a', '.a'],
    ['a..', 'a.%2E'],
    ['%', '%25'],
    ['a/../b', 'a%2F..%2Fb'],
    ['C:\\x', 'C%3A%5Cx'],
    ['a*?"<>|', 'a%2A%3F%22%3C%3E%7C'],
    ['a\0\n\x7f\x85', 'a%00%0A%7F%C2%85'],
    ['a.', 'a%2E'],
    ['a. ', 'a.%20'],
    [' ', '%20'],
    ['CON', '%43ON'],
    ['con .txt', '%63on .txt'],
    ['LPT¹.tar.gz', '%4CPT¹.tar.gz'],
    ['CONOUT$', '%43ONOUT$'],
    ['console.txt', 'console.txt'],
    ['icon.txt', 'icon.txt'],
    ['com1.txt', '%63om1.txt'],
    ['come', 'come'],
    ['50%a.txt', '50%a.txt'],
    ['a\u202etxt.exe', 'a%E2%80%AEtxt.exe'],
    ['a\u200bb\ufeff\u2028', 'a%E2%80%8Bb%EF%BB%BF%E2%80%A8'],
    ['نمی\u200cخواهم.txt', 'نمی\u200cخواهم.txt'],
  ])('of %j is %s', (name, written) => {
    expect(readable(name)).toBe(written)
  })

  test('CVE-2021-41131, CVE-2026-24686: is one plain file of a bounded length', () => {
    fc.assert(
      fc.property(oddText, (name) => {
        if (/\p{Cs}/u.test(name)) return
        const written = readable(name)
        expect(written).not.toMatch(/[/\\:*?"<>|\p{Cc}]|[. ]$|^$/u)
        expect(Buffer.byteLength(written)).toBeLessThanOrEqual(204)
      }),
    )
  })

  test('different names get different file names', () => {
    fc.assert(
      fc.property(oddText, oddText, (one, other) => {
        if (one === other || /\p{Cs}/u.test(one) || /\p{Cs}/u.test(other)) return
        expect(readable(one)).not.toBe(readable(other))
      }),
    )
  })

  test('that is too long for a disk is shortened, and cannot be the name of another', () => {
    const long = readable('ä'.repeat(101))
    expect(long).toBe(`${'ä'.repeat(68)}~${digest('ä'.repeat(101))}`)
    expect(readable(long)).not.toBe(long)
    expect(readable('ä'.repeat(100))).toBe('ä'.repeat(100))
  })

  test('does not exist for a lone surrogate', () => {
    expect(() => readable('a\ud800')).toThrow(nameUnsafe)
  })
})
