/** Lock files of poetry and pdm, which list files with each package. */
import { barName, sdistName, wheelName } from './foreign-files.js'
import { bad, good, type LockRow } from './lock-row.js'
import {
  both,
  digest,
  fromIndex,
  listed,
  onIndex,
  pdmLock,
  poetryLock,
  poetrySource,
  sdistOnly,
  sharedFiles,
  wheelOnly,
} from './lock-texts.js'
import type { LockWorld } from './lock-world.js'

const { wheel, foreignWheel, foreignSdist } = digest

const foreignFiles = [
  `{ file = "foo-9.0-py3-none-any.whl", hash = "sha256:${foreignWheel}" }`,
  `{ file = "foo-9.0.tar.gz", hash = "sha256:${foreignSdist}" }`,
]

export const poetryRows: readonly LockRow[] = [
  good('poetry', '1.1, index', (world) =>
    poetryLock('1.1', fromIndex(world), sharedFiles(listed.wheel, listed.sdist)),
  ),
  good(
    'poetry',
    '1.1, path',
    () => poetryLock('1.1', poetrySource('file', `files/${wheelName}`), sharedFiles(listed.wheel)),
    { versions: /^[12]\.[58]/ },
  ),
  bad(
    'poetry',
    '1.1, URL',
    ({ elsewhere }) =>
      poetryLock('1.1', poetrySource('url', elsewhere + wheelName), sharedFiles(listed.wheel)),
    { attack: 'foreign' },
  ),
  bad(
    'poetry',
    '1.1, path of another name',
    () => poetryLock('1.1', poetrySource('file', `files/${wheelName}`), sharedFiles(listed.sdist)),
    { attack: 'foreign' },
  ),
  bad(
    'poetry',
    '1.1, hashes of other versions',
    (world) =>
      poetryLock('1.1', fromIndex(world), sharedFiles(listed.wheel, listed.sdist, ...foreignFiles)),
    { attack: 'foreign' },
  ),
  bad(
    'poetry',
    '1.1, dependency with a URL',
    (world) =>
      poetryLock(
        '1.1',
        `[package.dependencies]\nbar = { url = "${world.elsewhere}${barName}" }\n${fromIndex(world)}`,
        sharedFiles(listed.wheel, listed.sdist),
      ),
    { attack: 'good' },
  ),
  ...['2.0', '2.1'].flatMap((version) => {
    const more = { versions: version === '2.1' ? /^2\./ : /^[12]\.[58]/ }
    return [
      good(
        'poetry',
        `${version}, index`,
        (world) => poetryLock(version, both + fromIndex(world)),
        more,
      ),
      good(
        'poetry',
        `${version}, URL`,
        ({ elsewhere }) =>
          poetryLock(version, wheelOnly + poetrySource('url', elsewhere + wheelName)),
        { ...more, requires: ({ elsewhere }) => `{ url = "${elsewhere}${wheelName}" }` },
      ),
      good(
        'poetry',
        `${version}, path`,
        () => poetryLock(version, wheelOnly + poetrySource('file', `files/${wheelName}`)),
        { ...more, requires: () => `{ path = "files/${wheelName}" }` },
      ),
      bad(
        'poetry',
        `${version}, URL with files in metadata`,
        ({ elsewhere }) =>
          poetryLock(
            version,
            poetrySource('url', elsewhere + wheelName),
            sharedFiles(listed.wheel),
          ),
        { ...more, attack: 'foreign' },
      ),
      bad(
        'poetry',
        `${version}, dependency with a URL`,
        (world) =>
          poetryLock(
            version,
            `${both}[package.dependencies]\nbar = { url = "${world.elsewhere}${barName}" }\n${fromIndex(world)}`,
          ),
        { ...more, attack: 'good' },
      ),
      bad(
        'poetry',
        `${version}, folder`,
        () => poetryLock(version, both + poetrySource('directory', 'folder')),
        more,
      ),
      bad(
        'poetry',
        `${version}, folder in an sdist`,
        ({ elsewhere }) =>
          poetryLock(
            version,
            sdistOnly + poetrySource('url', elsewhere + sdistName, 'subdirectory = "other"\n'),
          ),
        { ...more, attack: 'good' },
      ),
    ]
  }),
]

const byUrl = ({ elsewhere }: LockWorld): string => `foo @ ${elsewhere}${wheelName}`

export const pdmRows: readonly LockRow[] = [
  ...['4.3', '4.4.1', '4.5.0'].flatMap((version) => {
    const more = { versions: version === '4.5.0' ? /^2\.25/ : /^2\.(?:12|25)/ }
    return [
      good('pdm', `${version}, index`, () => pdmLock(version, both), more),
      good(
        'pdm',
        `${version}, URL`,
        ({ elsewhere }) => pdmLock(version, `url = "${elsewhere}${wheelName}"\n${wheelOnly}`),
        { ...more, requires: byUrl },
      ),
      good(
        'pdm',
        `${version}, URLs of the index`,
        (world) =>
          pdmLock(
            version,
            `files = [{ url = "${onIndex(world, wheelName)}", hash = "sha256:${wheel}" }]`,
          ).replace('strategy = [', 'strategy = ["static_urls", '),
        more,
      ),
      bad(
        'pdm',
        `${version}, files in metadata`,
        () =>
          pdmLock(
            version,
            '',
            `[metadata.files]\n"foo 1.0" = [${listed.wheel}, ${listed.sdist}]\n`,
          ),
        { ...more, attack: 'foreign' },
      ),
      bad(
        'pdm',
        `${version}, folder with the name of an sdist`,
        () => pdmLock(version, `path = "./unpacked/${sdistName}"\n${sdistOnly}`),
        { ...more, attack: 'good' },
      ),
      bad(
        'pdm',
        `${version}, dependency with a URL`,
        ({ elsewhere }) =>
          pdmLock(version, `dependencies = ["bar @ ${elsewhere}${barName}"]\n${both}`),
        { ...more, attack: 'good' },
      ),
      bad(
        'pdm',
        `${version}, folder in an sdist`,
        ({ elsewhere }) =>
          pdmLock(
            version,
            `url = "${elsewhere}${sdistName}"\nsubdirectory = "other"\n${sdistOnly}`,
          ),
        {
          ...more,
          attack: 'good',
          requires: ({ elsewhere }) => `foo @ ${elsewhere}${sdistName}#subdirectory=other`,
        },
      ),
    ]
  }),
  bad(
    'pdm',
    '4.2, files in metadata',
    () => pdmLock('4.2', '', `[metadata.files]\n"foo 1.0" = [${listed.wheel}, ${listed.sdist}]\n`),
    { versions: /^2\.(?:12|25)/, attack: 'foreign' },
  ),
]
