import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, expect, test } from '@jest/globals'
import { loadVectorFolder } from '../../../../src/vectors/node/load-folder.js'
import { VectorFileError } from '../../../../src/vectors/parse-file.js'
import { functionFile, functionSample, workflowFile } from '../../vectors/sample-files.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('load-folder')
})

function write(name: string, value: unknown): void {
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
}

const halves = functionFile(functionSample())

test('every vector file is read, in the order of names, and other files are not', async () => {
  write('halves.json', halves)
  write('cycles.json', workflowFile())
  write('package.json', { name: 'tuffet-vectors' })
  write('schema.json', 'not even JSON')
  write('requirements.json', { requirements: [] })
  write('README.md', '#')
  const files = await loadVectorFolder(folder)
  expect(files).toEqual([workflowFile(), halves])
  expect(await loadVectorFolder(pathToFileURL(`${folder}/`))).toEqual(files)
})

test.each([
  ['is cut short', JSON.stringify(halves).slice(0, -1), 'halves.json: not JSON, or cut short'],
  ['lacks vectors', { ...halves, count: 2 }, 'halves.json: count is 2, there are 1'],
  ['has another format', { ...halves, format: 0 }, 'halves.json: format 0 is not 1'],
  ['has another name', { ...halves, family: 'thirds' }, 'halves.json: holds the family thirds'],
])('a file that %s is refused by its name', async (_, value, message) => {
  write('halves.json', value)
  await expect(loadVectorFolder(folder)).rejects.toThrow(VectorFileError)
  await expect(loadVectorFolder(folder)).rejects.toThrow(message)
})

test('a folder without vectors is refused, and so is a missing one', async () => {
  await expect(loadVectorFolder(folder)).rejects.toThrow('contains no vectors')
  await expect(loadVectorFolder(join(folder, 'none'))).rejects.toThrow('ENOENT')
})
