import { describe, expect, test } from '@jest/globals'
import { filePicture, folderPictures } from './support/import-picture.js'
import { sourceFile, sourceFiles } from './support/source-files.js'

/** Circles of files that are still to be opened. Add none. */
const known = [
  ['src/cli/commands.ts', 'src/cli/completion.ts', 'src/cli/help-command.ts', 'src/cli/help.ts'],
].map(String)

describe('the imports of src', () => {
  const files = sourceFiles('src')
  const pictures = folderPictures(files)

  test.each(['src', 'src/core', 'src/core/json', 'src/pypi'])('%s has no circle', (folder) => {
    expect(pictures.get(folder)).toMatchObject({ circles: [] })
  })

  test('files make no circle', () => {
    const found = filePicture(files).circles.map(String)
    expect(found.filter((circle) => !known.includes(circle))).toEqual([])
  })
})

describe('the picture', () => {
  const files = [
    sourceFile('src/core/top.ts', `import './a/one.js'\nexport * from './b.js'`),
    sourceFile('src/core/a/one.ts', `import type { Two } from './two.js'\nimport '../b.js'`),
    sourceFile('src/core/a/two.ts', `import './one.js'`),
    sourceFile('src/core/b.ts', `import 'node:fs'`),
  ]

  test('has rooms, arrows and floors of a folder', () => {
    expect(folderPictures(files).get('src/core')).toEqual({
      rooms: ['a', 'b', 'top'],
      arrows: new Map([
        ['a', new Set(['b'])],
        ['b', new Set()],
        ['top', new Set(['a', 'b'])],
      ]),
      floors: [['b'], ['a'], ['top']],
      circles: [],
    })
  })

  test('has circles of files, also when only a type closes them', () => {
    const { circles, floors } = filePicture(files)
    expect(circles).toEqual([['src/core/a/one.ts', 'src/core/a/two.ts']])
    expect(floors).toEqual([
      ['src/core/b.ts'],
      ['src/core/a/one.ts', 'src/core/a/two.ts'],
      ['src/core/top.ts'],
    ])
  })
})
