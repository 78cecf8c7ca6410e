/** The table: lock files by format and origin, and the required result of `check` for each. */
import { barName, sdistName, wheelName, type Side } from './foreign-files.js'
import { bad, good, type LockRow, type More } from './lock-row.js'
import { digest, onIndex, pipfileLock, pipHashes, pylock, uvLock } from './lock-texts.js'
import type { LockWorld } from './lock-world.js'
import { pdmRows, poetryRows } from './package-rows.js'

const { wheel, sdist, foreignWheel } = digest
const sums = `--hash=sha256:${wheel} --hash=sha256:${sdist}`

const requirements = (['pip -r', 'uv pip -r'] as const).flatMap((consumer) => [
  good(consumer, 'index', () => `foo==1.0 ${sums}\n`),
  good(
    consumer,
    'URL',
    ({ elsewhere }) => `foo @ ${elsewhere}${wheelName} --hash=sha256:${wheel}\n`,
  ),
  good(
    consumer,
    'URL of an sdist',
    ({ elsewhere }) => `foo @ ${elsewhere}${sdistName} --hash=sha256:${sdist}\n`,
  ),
  good(consumer, 'path', () => `./files/${wheelName} --hash=sha256:${wheel}\n`),
  bad(
    consumer,
    'folder in an sdist',
    ({ elsewhere }) => `foo @ ${elsewhere}${sdistName}#sha256=${sdist}&subdirectory=other\n`,
    { attack: 'good' },
  ),
  bad(consumer, 'folder', () => `./folder --hash=sha256:${sdist}\n`),
])

const pinned = { hashes: pipHashes, version: '==1.0', index: 'machine' }

const pipenv = [
  good('pipenv', 'index', (world) => pipfileLock(world, pinned)),
  good('pipenv', 'index, with marker', (world) =>
    pipfileLock(world, { ...pinned, markers: "os_name != 'x'" }),
  ),
  bad(
    'pipenv',
    'URL',
    (world) => pipfileLock(world, { hashes: pipHashes, file: world.elsewhere + wheelName }),
    { attack: 'foreign' },
  ),
  bad(
    'pipenv',
    'path',
    (world) => pipfileLock(world, { hashes: pipHashes, path: `./files/${wheelName}` }),
    { attack: 'foreign' },
  ),
  bad(
    'pipenv',
    'a URL in extras',
    (world) => pipfileLock(world, { ...pinned, extras: [`x] @ ${world.elsewhere}${wheelName} #`] }),
    { attack: 'foreign' },
  ),
  bad(
    'pipenv',
    'a hash in os_markers',
    (world) =>
      pipfileLock(world, {
        ...pinned,
        os_markers: `os_name=='posix' --hash=sha256:${foreignWheel}`,
      }),
    { attack: 'foreign' },
  ),
  bad(
    'pipenv',
    'a hash in markers',
    (world) =>
      pipfileLock(world, { ...pinned, markers: `os_name=='posix' --hash=sha256:${foreignWheel}` }),
    { attack: 'foreign' },
  ),
  bad(
    'pipenv',
    'a hash in version',
    (world) => pipfileLock(world, { ...pinned, version: `==1.0 --hash=sha256:${foreignWheel}` }),
    { attack: 'foreign' },
  ),
  bad('pipenv', 'folder', (world) =>
    pipfileLock(world, { hashes: pipHashes, path: './folder', editable: true }),
  ),
]

function uvWheel(url: string): string {
  return `wheels = [{ url = "${url}", hash = "sha256:${wheel}" }]`
}

const uv = [
  good('uv sync', 'index', (world) =>
    uvLock(`source = { registry = "${world.index}" }\n${uvWheel(onIndex(world, wheelName))}`),
  ),
  good('uv sync', 'URL', ({ elsewhere }) =>
    uvLock(`source = { url = "${elsewhere}${wheelName}" }\n${uvWheel(elsewhere + wheelName)}`),
  ),
  good(
    'uv sync',
    'URL of an sdist',
    ({ elsewhere }) =>
      uvLock(`source = { url = "${elsewhere}${sdistName}" }\nsdist = { hash = "sha256:${sdist}" }`),
    { versions: /^0\.13/ },
  ),
  good('uv sync', 'path', () =>
    uvLock(
      `source = { path = "files/${wheelName}" }\nwheels = [{ filename = "${wheelName}", hash = "sha256:${wheel}" }]`,
    ),
  ),
  good('uv sync', 'index that is a folder', () =>
    uvLock(
      `source = { registry = "files" }\nwheels = [{ path = "${wheelName}", hash = "sha256:${wheel}" }]`,
    ),
  ),
  bad('uv sync', 'folder', () => uvLock(`source = { directory = "folder" }`)),
  bad(
    'uv sync',
    'folder in an sdist',
    ({ elsewhere }) =>
      uvLock(
        `source = { url = "${elsewhere}${sdistName}", subdirectory = "other" }\nsdist = { hash = "sha256:${sdist}" }`,
      ),
    { versions: /^0\.13/, attack: 'good' },
  ),
]

const one = `hashes = { sha256 = "${wheel}" }`

const pylocks = (
  [
    ['pip pylock', /^26/],
    ['uv pip sync pylock', /^0\.13/],
    ['pdm pylock', /^2\.25/],
    ['pipenv pylock', /^2026/],
  ] as const
).flatMap(([consumer, versions]) => {
  // pipenv asks PyPI itself where a pylock.toml names no source: it is never let go that far.
  const tried = (side: Side): More => (consumer === 'pipenv pylock' ? {} : { attack: side })
  const wheelOf = (world: LockWorld): string =>
    `wheels = [{ url = "${onIndex(world, wheelName)}", ${one} }]`
  return [
    ...(consumer === 'pipenv pylock'
      ? []
      : [good(consumer, 'index', (world) => pylock(wheelOf(world)), { versions })]),
    bad(
      consumer,
      'archive',
      ({ elsewhere }) => pylock(`archive = { url = "${elsewhere}${wheelName}", ${one} }`),
      { versions, attack: 'foreign' },
    ),
    bad(
      consumer,
      'SHA256 in capitals',
      ({ elsewhere }) =>
        pylock(`wheels = [{ url = "${elsewhere}${wheelName}", hashes = { SHA256 = "${wheel}" } }]`),
      { versions, ...tried('foreign') },
    ),
    bad(
      consumer,
      'folder in an archive',
      ({ elsewhere }) =>
        pylock(
          `archive = { url = "${elsewhere}${sdistName}", hashes = { sha256 = "${sdist}" }, subdirectory = "other" }`,
        ),
      { versions, attack: 'good' },
    ),
    bad(
      consumer,
      'dependency with a URL',
      (world) =>
        pylock(
          `${wheelOf(world)}\n[packages.tool.pdm]\ndependencies = ["bar @ ${world.elsewhere}${barName}"]`,
        ),
      { versions, ...tried('good') },
    ),
    bad(consumer, 'folder', () => pylock('directory = { path = "folder" }'), { versions }),
  ]
})

export const lockRows: readonly LockRow[] = [
  ...requirements,
  ...poetryRows,
  ...pdmRows,
  ...pipenv,
  ...uv,
  ...pylocks,
]
