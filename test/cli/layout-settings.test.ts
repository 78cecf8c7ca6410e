import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { layoutFrom, layoutOf } from '../../src/cli/layout-settings.js'
import type { Desk } from './desk.js'
import { openPypiDesk } from './pypi-desk.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(() => desk.clear())

const urls = {
  metadataUrl: 'https://repository.test/metadata/',
  targetsUrl: 'https://repository.test/targets/',
  root: 'root.json',
  store: 'store',
}

async function run(layout: unknown, ...args: string[]): Promise<string> {
  await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify({ ...urls, layout }))
  const { status, stderr } = await desk.run(['pypi', 'pin', 'demo-pkg==1.0', ...args])
  return `${status} ${stderr.replace(`${desk.folder}/`, '')}`
}

describe('the fault of a layout is named in one line', () => {
  test.each<[unknown, string[], string]>([
    [undefined, [], 'give --layout, or "layout" in tuffet.json'],
    [1, [], 'tuffet.json: layout must be the name of a layout, or an object'],
    ['page', [], 'tuffet.json: layout must be one of pages, pages-and-files, rstuf'],
    [{}, [], 'tuffet.json: layout.name must be one of pages, pages-and-files, rstuf'],
    [{ name: 'pages', pages: 'x' }, [], 'tuffet.json: layout.pages is not a setting'],
    [{ name: 'pages', page: 1 }, [], 'tuffet.json: layout.page must be text'],
    [
      { name: 'pages', pageHashPrefix: 'no' },
      [],
      'tuffet.json: layout.pageHashPrefix must be true or false',
    ],
    [{ name: 'pages', form: 'xml' }, [], 'tuffet.json: layout.form must be json or html'],
    [{ name: 'pages', file: 'x' }, [], 'layout.file: in the layout pages files are not targets'],
    ['rstuf', [], 'layout: the rstuf layout needs a template for pages, for files, or for both'],
    [{ name: 'pages', page: '{name}' }, [], 'layout: "{name}": the fields are {project}'],
    ['pages', ['--layout', 'page'], '--layout must be one of pages, pages-and-files, rstuf'],
    ['pages', ['--page', ''], '--page must be text'],
    ['pages', ['--page-form', 'xml'], '--page-form must be json or html'],
    ['pages', ['--file', 'x'], 'layout.file: in the layout pages files are not targets'],
  ])('%j %j', async (layout, args, message) => {
    expect(await run(layout, ...args)).toBe(`2 tuffet: ${message}\n`)
  })
})

test('options override the file, one by one', async () => {
  const layout = { name: 'pages-and-files', page: 'simple/{project}', file: 'x/{filename}' }
  expect(await run(layout)).toMatch(/^1 /)
  expect(await run(layout, '--file', 'files/{filename}')).toBe('0 ')
  const all = [
    '--layout',
    'pages-and-files',
    '--page',
    'simple/{project}',
    '--file',
    'files/{filename}',
  ]
  expect(await run('pages', ...all)).toBe('0 ')
})

test('the layout contains a value for every field', () => {
  const settings = layoutFrom({
    name: 'rstuf',
    page: 'p/{project}',
    pageUrl: 'https://a.test/{project}',
    baseUrl: 'https://b.test/{project}/',
    form: 'html',
    pageHashPrefix: true,
    file: 'f/{filename}',
    fileUrl: 'https://c.test/{filename}',
    fileHashPrefix: true,
  })
  const layout = layoutOf(settings, {})
  expect(layout.pages('a')).toEqual([
    {
      path: 'p/a',
      url: 'https://a.test/a',
      baseUrl: 'https://b.test/a/',
      form: 'html',
      hashPrefix: true,
    },
  ])
  expect(layout.file({ project: 'a', version: '1', filename: 'a-1.zip' })).toEqual({
    path: 'f/a-1.zip',
    url: 'https://c.test/a-1.zip',
    hashPrefix: true,
  })
})
