import { describe, expect, test } from '@jest/globals'
import { filesOf, read, refusal, sha256 } from './reading.js'

const { a, b } = sha256
const wheel = 'Foo.Bar-1.0-py3-none-any.whl'

describe('documents with checksums', () => {
  test('coreutils and BSD, text and binary', async () => {
    const lines = [
      `# by hand`,
      `${a}  ${wheel}`,
      '',
      `${b} *foo_bar-1.0.tar.gz`,
      `SHA256 (NEWS.txt) = ${a.toUpperCase()}`,
      `${b}  ./dist/other-2.0.zip`,
    ]
    const { entries, format } = await read('SHA256SUMS', lines.join('\r\n'))
    expect(format).toBe('SHA256SUMS')
    expect(entries.map((entry) => [entry.name, entry.version, entry.line, filesOf(entry)])).toEqual(
      [
        ['foo-bar', '1.0', 2, [{ filename: wheel, sha256: a }]],
        ['foo-bar', '1.0', 4, [{ filename: 'foo_bar-1.0.tar.gz', sha256: b }]],
        ['', undefined, 5, [{ filename: 'NEWS.txt', sha256: a }]],
        ['other', '2.0', 6, [{ filename: 'other-2.0.zip', sha256: b }]],
      ],
    )
    expect(entries.some((entry) => 'anyFile' in entry)).toBe(false)
  })

  test.each([
    ['SHA512SUMS', `${a}${b}  ${wheel}`, 'sha512'],
    ['checksums.txt', `${a}${b}  ${wheel}`, 'sha512'],
    ['checksums.txt', `${a}${b.slice(32)}  ${wheel}`, 'sha384'],
    ['checksums.txt', `SHA512 (${wheel}) = ${a}${b}`, 'sha512'],
    ['checksums.txt', `SHA3-256 (${wheel}) = ${a}`, 'sha3-256'],
    ['checksums.txt', `BLAKE2b (${wheel}) = ${a}${b}`, 'blake2b'],
    [`${wheel}.sha256`, `${a}  ${wheel}`, 'sha256'],
  ])('%s with %s', async (name, line, hash) => {
    const { entries } = await read(name, line)
    expect(entries[0] && [...(entries[0].files[0]?.hashes.keys() ?? [])]).toEqual([hash])
  })

  test.each([
    ['openssl', `SHA256(${wheel})= ${a}`, 'sha256'],
    ['openssl 3', `SHA2-256(${wheel})= ${a}`, 'sha256'],
    ['openssl 3', `SHA2-512(${wheel})= ${a}${b}`, 'sha512'],
    ['openssl', `BLAKE2B-512(${wheel})= ${a}${b}`, 'blake2b'],
    ['one space', `${a} ${wheel}`, 'sha256'],
    ['a tab', `${a}\t${wheel}`, 'sha256'],
    ['leading blanks', `  ${a}  ${wheel}`, 'sha256'],
  ])('written by other tools: %s', async (_, line, hash) => {
    const { entries, format } = await read('sums.txt', `${line}\n`)
    expect([
      format,
      entries.map(({ name, files }) => [name, files.map(({ filename }) => filename)]),
    ]).toEqual(['SHA256SUMS', [['foo-bar', [wheel]]]])
    expect([...(entries[0]?.files[0]?.hashes.keys() ?? [])]).toEqual([hash])
  })

  test.each(['sha256', 'sha256sum', 'sha256sums', 'SHA256'])(
    'of one file, with its digest alone: NAME.%s',
    async (ending) => {
      const { entries } = await read(`dist/${wheel}.${ending}`, `${a}\n`)
      expect(entries.map((entry) => [entry.name, filesOf(entry)])).toEqual([
        ['foo-bar', [{ filename: wheel, sha256: a }]],
      ])
    },
  )

  test('that are clear-signed are named as such', async () => {
    const text = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${a}  ${wheel}\n`
    for (const name of ['SHA256SUMS', 'SHA256SUMS.asc', 'x.txt']) {
      expect((await refusal(name, text)).reason).toBe(
        'it is not a lock file of a known format; it looks like a clear-signed document: verify the signature first, then give the text that it signs',
      )
    }
  })

  test('written by a shell that writes UTF-16', async () => {
    const text = `\ufeff${a}  ${wheel}\r\n`
    const bytes = new Uint8Array(Uint16Array.from(text, (one) => one.charCodeAt(0)).buffer)
    expect((await read('sums.txt', bytes)).entries).toMatchObject([{ name: 'foo-bar' }])
  })

  test('the same line twice is one entry, another digest is refused', async () => {
    const line = `${a}  ${wheel}`
    expect((await read('SHA256SUMS', `${line}\n${line}`)).entries.length).toBe(1)
    const error = await refusal('SHA256SUMS', `${line}\n${b}  ${wheel}`)
    expect(error.message).toBe(`SHA256SUMS:2: "${wheel}" is there twice, with another sha256`)
  })

  test.each([
    ['a path out of the folder', `${a}  ../../x`],
    ['an absolute path', `${a}  /etc/passwd`],
    ['a folder in between that is ..', `${a}  a/../x`],
    ['another separator', `${a}  a\\x`],
    ['a name in an escaped form', `\\${a}  a\\nx`],
    ['a short digest', `${a.slice(2)}  ${wheel}`],
    ['a digest of another hash', `${a}${b}  ${wheel}`],
    ['a digest that is not hexadecimal', `${'g'.repeat(64)}  ${wheel}`],
    ['a digest alone', a],
    ['a requirement', 'foo==1.0'],
    ['a BSD line with a short digest', `SHA256 (${wheel}) = aa`],
    ['a signature below it', '-----BEGIN PGP SIGNATURE-----'],
  ])('%s is refused', async (_, line) => {
    const error = await refusal('SHA256SUMS', `${a}  other.txt\n${line}\n`)
    expect(error).toMatchObject({ file: 'SHA256SUMS', line: 2 })
  })

  test('a digest of a length that is unknown is refused', async () => {
    const error = await refusal('checksums.txt', `${a}  x\n${a.slice(4)}  ${wheel}`)
    expect(error.reason).toBe('no known hash has 60 digits')
  })
})
