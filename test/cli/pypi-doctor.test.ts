import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { writePageJson } from '../../src/pypi/index.js'
import type { Desk } from './desk.js'
import { openPypiDesk, sha256 } from './pypi-desk.js'

const layout = { name: 'rstuf', page: 'simple/{project}', file: 'files/{filename}' }
const filename = 'good-1.0-py3-none-any.whl'
let desk: Desk

/** One project whose file is a target; all names are hash-prefixed. */
beforeEach(async () => {
  desk = await openPypiDesk()
  const hashes = new Map([['sha256', sha256('good')]])
  const files = [{ filename, url: `https://files.test/${filename}`, hashes, size: 4 }]
  desk.repository.addTarget(`files/${filename}`, 'good')
  desk.repository.addTarget(
    'simple/good',
    writePageJson({ apiVersion: '1.0', project: 'good', files }),
  )
  const bare = [{ filename, url: `https://files.test/${filename}`, hashes: new Map() }]
  const page = { apiVersion: '1.0', project: 'good', files: bare }
  desk.repository.addTarget('bare/good', writePageJson(page))
  desk.repository.addTarget('empty/good', writePageJson({ ...page, files: [] }))
  desk.repository.addTarget('simple/Odd_Name', 'x')
  desk.repository.publish()
  await set({})
})
afterEach(() => desk.clear())

async function set(fields: object, more: object = { hashPrefix: true }): Promise<void> {
  const urls = {
    metadataUrl: 'https://repository.test/metadata/',
    targetsUrl: 'https://repository.test/targets/',
    root: 'root.json',
    store: 'store',
  }
  const settings = { ...urls, ...more, layout: { ...layout, ...fields } }
  await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(settings))
}

async function doctor(project = 'good'): Promise<{ ok: boolean; steps: object[] }> {
  return (await desk.json('pypi', 'doctor', project)) as { ok: boolean; steps: object[] }
}

describe('tuffet pypi doctor', () => {
  test('prints the path of each step of a layout that fits', async () => {
    const { status, stdout, stderr } = await desk.run(['pypi', 'doctor', 'Good'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^ok {2}page: simple\/good: a target, \d+ bytes long$/),
      'ok  page content: simple/good: verified, lists 1 file',
      `ok  file: ${filename}: vouched for by its target and its page`,
      `ok  file content: ${filename}: verified, 4 bytes long`,
      '',
    ])
  })

  test.each<[string, object, object, object]>([
    [
      'the path of pages',
      { page: 'index/{project}' },
      {},
      { name: 'layout.page', value: 'simple/{project}' },
    ],
    [
      'the path of files',
      { file: 'x/{filename}' },
      {},
      { name: 'layout.file', value: 'files/{filename}' },
    ],
    [
      'names of pages that are not plain',
      {},
      { hashPrefix: false },
      { name: 'layout.pageHashPrefix', value: true },
    ],
    [
      'names of files that are not plain',
      { fileHashPrefix: false },
      {},
      { name: 'layout.fileHashPrefix', value: true },
    ],
    [
      'names of files that are not plain, where downloads need it too,',
      { pageHashPrefix: true },
      { hashPrefix: false },
      { name: 'hashPrefix', value: true },
    ],
  ])('finds a setting for %s, and the setting works', async (_, fields, more, setting) => {
    const settings = { hashPrefix: true, ...more }
    await set(fields, settings)
    const { ok, steps } = await doctor()
    expect([ok, steps.at(-1)]).toEqual([false, expect.objectContaining({ ok: false, setting })])
    const { name, value } = setting as { name: string; value: unknown }
    const field = { [name.replace('layout.', '')]: value }
    if (name === 'hashPrefix') await set(fields, field)
    else await set({ ...fields, fileHashPrefix: true, ...field }, settings)
    expect(await doctor()).toMatchObject({ ok: true })
  })

  test.each<[string, object, string]>([
    ['lacks hashes', { page: 'bare/{project}', file: undefined }, 'write pages with hashes'],
    ['lacks files', { page: 'empty/{project}' }, 'lists no file of good'],
  ])('reports that a page %s', async (_, fields, reason) => {
    await set(fields)
    const { steps } = await doctor()
    expect(steps.at(-1)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  })

  test('reports the paths that were tried, and a page under a name that is not normalised', async () => {
    const { status, stdout, stderr } = await desk.run(['pypi', 'doctor', 'Odd_Name'])
    expect([status, stdout]).toEqual([
      1,
      'failed  page: simple/odd-name: the repository has no page of odd-name (no target simple/odd-name); simple/Odd_Name is one, but pages are asked for under odd-name\n',
    ])
    expect(stderr).toContain('simple/odd-name')
  })

  test('needs a project where none is listed, and a name that can be one', async () => {
    expect(await desk.run(['pypi', 'doctor'])).toMatchObject({ status: 2 })
    expect(await desk.run(['pypi', 'doctor', '../x'])).toMatchObject({ status: 2 })
  })

  test('refuses a page that was swapped, and names no setting', async () => {
    desk.repository.intercept((kind, name) =>
      kind === 'target' && name.endsWith('.good') ? Buffer.from('other') : undefined,
    )
    const { ok, steps } = await doctor()
    expect([ok, steps.at(-1)]).toEqual([
      false,
      {
        step: 'page content',
        ok: false,
        subject: 'simple/good',
        reason: expect.stringContaining('changed since it was signed'),
      },
    ])
  })
})
