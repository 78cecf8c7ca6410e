import { describe, expect, test } from '@jest/globals'
import { bytesOf, folder, read, refusal, sha256 } from './reading.js'

const block = '# /// script\n# dependencies = ["other"]\n# ///\n'
const line = `demo==1.0 --hash=sha256:${sha256.a}\n`

describe('a requirements file that uv may read as a script', () => {
  test.each([
    ['at its beginning', `${block}${line}`, 1],
    ['after a requirement', `${line}${block}`, 2],
    ['after a byte-order mark', `\ufeff${block}${line}`, 1],
    ['with the line ends of Windows', `${line}${block}`.replaceAll('\n', '\r\n'), 2],
    ['with the line ends of old Macs', `${line}${block}`.replaceAll('\n', '\r'), 2],
    ['where a line goes on', `demo==1.0 \\\n${block}`, 2],
    ['without its end', `${line}# /// script\n`, 2],
    ['with other white space', `${line} #/// script \n`, 2],
  ])('is refused with its block %s', async (_, text, at) => {
    for (const name of ['requirements', 'requirements.txt', 'r.in', 'r.lock.txt']) {
      expect(await refusal(name, text)).toMatchObject({
        code: 'ERR_TUF_LOCK_INVALID',
        line: at,
        reason: expect.stringContaining('a script block (PEP 723) begins'),
      })
    }
  })

  test('is refused where another file includes it', async () => {
    const files = { base: `${line}${block}` }
    expect(await refusal('r.txt', '-r base\n', folder(files))).toMatchObject({
      file: 'base',
      line: 2,
    })
  })

  test('is refused among checksums', async () => {
    const text = `${sha256.a}  demo-1.0.tar.gz\n${block}`
    expect(await refusal('sums', text)).toMatchObject({ line: 2 })
  })

  test.each(['setup.py', 'build.PY', 'tool.pyw', 'sub/setup.cfg'])(
    'is refused with the name %s',
    async (name) => {
      expect((await refusal(name, line)).reason).toContain('as a project or script')
    },
  )

  test('is another one than a comment that mentions scripts', async () => {
    const text = `# script\n# /// scripts\n# //// script\n${line}`
    expect((await read('requirements', bytesOf(text))).entries).toHaveLength(1)
  })
})
