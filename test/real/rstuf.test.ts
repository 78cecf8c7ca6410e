import { createHash } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { guideCommands, guideSettings, pipScript } from '../support/rstuf-guide.js'
import { describeReal } from './folder.js'
import { metadataUrl, openRstufDesk, targetsUrl, type RstufDesk } from './rstuf-folder.js'
import { freePort } from '../support/listen.js'

const wheel = 'idna-3.11-py3-none-any.whl'

describeReal('rstuf', (path) => {
  const layouts = [
    ['plain', {}],
    ['HASH-prefixed', { pageHashPrefix: true }],
  ] as const

  function sha256Of(filename: string): string {
    const bytes = readFileSync(`${path}/index/packages/${filename}`)
    return createHash('sha256').update(bytes).digest('hex')
  }

  describe.each(layouts)('with pages of %s names', (form, names) => {
    let desk: RstufDesk
    beforeEach(async () => {
      desk = await openRstufDesk(path)
      const layout = { name: 'rstuf', page: 'simple/{project}/index.html', ...names }
      const file = 'packages/{filename}'
      const urls = { metadataUrl, targetsUrl, root: '1.root.json', store: 'store' }
      await desk.settings({ ...urls, layout: { ...layout, file } })
    })
    afterEach(() => desk.clear())

    async function done(...args: string[]): Promise<string> {
      const { status, stdout, stderr } = await desk.run(args)
      expect([args, status, stderr]).toEqual([args, 0, expect.stringMatching(/^tuffet: .*\n$/)])
      return stdout
    }

    test('refresh walks from root 1 to root 3', async () => {
      const said = await done('refresh')
      expect(said).toMatch(/^root +3, .*\ntimestamp +15, .*\nsnapshot +15, .*\ntargets +2, /)
    })

    test('find, explain, download and verify know a wheel', async () => {
      expect(await done('find', `packages/${wheel}`)).toContain('blake2b-256')
      expect(await done('explain', `packages/${wheel}`)).toContain('bins-')
      expect(await done('download', `packages/${wheel}`)).toContain('71,008 bytes, verified')
      expect(await done('verify', `packages/${wheel}`, wheel)).toContain(wheel)
      expect(await done('pypi', 'verify', wheel)).toContain('match')
    })

    test('verify, pypi verify and pypi check refuse a wheel with one byte changed', async () => {
      const bytes = readFileSync(`${path}/index/packages/${wheel}`)
      bytes[100]! ^= 1
      writeFileSync(join(desk.folder, wheel), bytes)
      expect(await desk.run(['verify', `packages/${wheel}`, wheel])).toMatchObject({ status: 1 })
      expect(await desk.run(['pypi', 'verify', wheel])).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('mismatch'),
      })
      const digest = createHash('sha256').update(bytes).digest('hex')
      writeFileSync(join(desk.folder, 'r.txt'), `idna==3.11 --hash=sha256:${digest}\n`)
      expect(await desk.run(['pypi', 'check', 'r.txt'])).toMatchObject({ status: 1 })
    })

    test('pin writes a file that check accepts', async () => {
      const pins = await done('pypi', 'pin', 'idna==3.11', 'requests==2.32.3', 'many0007==1.0')
      expect(pins).toContain(`--hash=sha256:${sha256Of(wheel)}`)
      writeFileSync(join(desk.folder, 'r.txt'), pins)
      expect(await done('pypi', 'check', 'r.txt')).toContain('3 match')
    })

    test('doctor finds no fault', async () => {
      const said = await done('pypi', 'doctor', 'charset_normalizer')
      expect(said.match(/^ok /gm)).toHaveLength(4)
    })

    test('run and serve hand a verified page and a verified file to the installer', async () => {
      const pip = join(desk.folder, 'pip')
      const script = `
        void (async () => {
          const index = process.env.PIP_INDEX_URL.replace(/\\/*$/, '/')
          const page = await fetch(index + 'idna/')
          const text = await page.text()
          const href = /href="([^"#]*3\\.11[^"#]*)/.exec(text)[1]
          const file = await fetch(new URL(href, page.url))
          require('node:fs').writeFileSync('got.whl', Buffer.from(await file.arrayBuffer()))
        })()`
      writeFileSync(pip, `#!${process.execPath}\n${script}\n`)
      chmodSync(pip, 0o755)
      const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', 'idna'])
      expect([status, stderr]).toEqual([
        0,
        expect.stringMatching(/^tuffet: root and store from .*\n$/),
      ])
      const got = readFileSync(join(desk.folder, 'got.whl'))
      expect(createHash('sha256').update(got).digest('hex')).toBe(sha256Of(wheel))

      const port = `${await freePort()}`
      const interruption = new AbortController()
      const serving = desk.run(['pypi', 'serve', '--port', port], interruption.signal)
      const page = await untilItAnswers(`http://127.0.0.1:${port}/simple/requests/`)
      expect([page.status, await page.text()]).toEqual([
        200,
        expect.stringContaining('requests-2.32.3'),
      ])
      interruption.abort()
      expect((await serving).stdout).toContain(`:${port}/simple/`)
    })

    test('pages are requested under their own names only', async () => {
      await done('pypi', 'pin', 'idna==3.11')
      const pages = desk.asked.filter((url) => url.startsWith(`${targetsUrl}simple/`))
      const prefix = form === 'plain' ? '' : '[0-9a-f]{64}\\.'
      expect(pages).toEqual([
        expect.stringMatching(new RegExp(`/simple/idna/${prefix}index.html$`)),
      ])
    })
  })

  test('the commands of the guide work, in its order, but for publish', async () => {
    const desk = await openRstufDesk(path)
    try {
      writeFileSync(join(desk.folder, 'tuffet.json'), guideSettings())
      writeFileSync(join(desk.folder, 'pip'), pipScript)
      chmodSync(join(desk.folder, 'pip'), 0o755)
      for (const { line, args, file } of guideCommands()) {
        if (args[1] === 'publish') continue
        const words = args.map((word) => (word === 'pip' ? join(desk.folder, 'pip') : word))
        const { status, stdout, stderr } = await desk.run(words)
        expect([line, status, stderr.replace(/^tuffet: store from .*\n/, '')]).toEqual([
          line,
          0,
          '',
        ])
        if (file !== undefined) writeFileSync(join(desk.folder, file), stdout)
      }
      const installed = readFileSync(join(desk.folder, 'installed'))
      const digest = createHash('sha256').update(installed).digest('hex')
      expect(digest).toBe(sha256Of('requests-2.32.3-py3-none-any.whl'))
    } finally {
      await desk.clear()
    }
  })

  describe('where the layout does not fit', () => {
    let desk: RstufDesk
    const urls = { metadataUrl, targetsUrl, root: '1.root.json', store: 'store' }
    beforeEach(async () => {
      desk = await openRstufDesk(path)
    })
    afterEach(() => desk.clear())

    test.each([
      [
        { page: 'simple/{project}', file: 'packages/{filename}' },
        '"layout":{"page":"simple/{project}/index.html"}',
      ],
      [
        { page: 'simple/{project}/index.html', file: 'files/{filename}' },
        '"layout":{"file":"packages/{filename}"}',
      ],
    ])('doctor names the setting for %j', async (fields, setting) => {
      await desk.settings({ ...urls, layout: { name: 'rstuf', ...fields } })
      const { status, stdout } = await desk.run(['pypi', 'doctor', 'idna'])
      expect([status, stdout]).toEqual([1, expect.stringContaining(`this works: ${setting}`)])
    })

    test('download names the setting for hash-prefixed names that are not served', async () => {
      await desk.settings({ ...urls, hashPrefix: true })
      const { status, stderr } = await desk.run(['download', `packages/${wheel}`])
      expect([status, stderr]).toEqual([1, expect.stringContaining('hashPrefix: false')])
    })
  })
})

async function untilItAnswers(url: string): Promise<Response> {
  for (let count = 0; count < 1_000; count++) {
    try {
      return await fetch(url)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  throw new Error(`${url} does not answer`)
}
