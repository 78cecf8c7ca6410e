import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { createRepository } from '../../../src/testing/index.js'
import { writeFolder } from '../../../src/testing/node/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder = ''
beforeEach(() => {
  folder = temporaryFolder('written')
})

describe('a folder', () => {
  test('holds every published file under its served name', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a/b' })
    repo.addTarget('pkgs/a.whl', 'wheel')
    repo.publish()
    repo.publish('targets')
    await writeFolder(repo, folder)
    expect((await readdir(join(folder, 'metadata'))).sort()).toEqual([
      '1.a',
      '1.root.json',
      '1.snapshot.json',
      '1.targets.json',
      '2.snapshot.json',
      '2.targets.json',
      'timestamp.json',
    ])
    const role = await readFile(join(folder, 'metadata', '1.a', 'b.json'))
    expect(Uint8Array.from(role)).toEqual(repo.file('1.a/b.json'))
    const [target = ''] = repo.targetNames('pkgs/a.whl')
    expect(await readFile(join(folder, 'targets', target), 'utf8')).toBe('wheel')
  })

  test.each(['../x', '/x', 'a//b', './x', 'a\\b', 'a\0b'])('never holds %j', async (path) => {
    const repo = createRepository({ consistentSnapshot: false })
    repo.addTarget(path, 'x')
    repo.publish()
    await expect(writeFolder(repo, join(folder, 'inner'))).rejects.toThrow(RangeError)
    expect(await readdir(folder)).toEqual(['inner'])
  })
})
