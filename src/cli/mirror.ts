/** `tuffet mirror DIR [PATH…]` */
import { defaultCryptography } from '#platform'
import { inParallel } from '../client/in-parallel.js'
import { digestText } from '../core/keys/hash.js'
import { metadataFileName } from '../core/names.js'
import { isTufError } from '../errors.js'
import type { Repository } from '../index.js'
import { MirrorTree, type MirroredTarget } from '../node/mirror/mirror-tree.js'
import { SeenFiles } from '../node/mirror/seen-files.js'
import { topLevelOf } from '../node/mirror/top-level.js'
import { treePath } from '../node/mirror/tree-path.js'
import type { PypiView } from '../pypi/view.js'
import { count, isoTime } from '../words/amounts.js'
import type { Answer, Call, Command } from './command.js'
import { inFolder } from './in-folder.js'
import { lineWidth } from './io.js'
import { judgeLock } from './judged-lock.js'
import { graceOf, readChoice, type MirrorChoice } from './mirror-choice.js'
import { chosenTargets, lockedTargets } from './mirror-files.js'
import { NotVerifiedError } from './not-verified-error.js'
import { attestationOptions, layoutOptions, repositoryOptions } from './options.js'
import { progressBar } from './progress.js'
import { wholeNumber } from './pypi-serve.js'
import { openPypiSession } from './pypi-session.js'
import { openSession } from './session.js'
import { readSettings, requireSetting, type Settings } from './settings.js'
import { verdictError, verdictLines } from './verdict-table.js'

/** Files that are written at once. */
const atOnce = 8

export const mirror: Command = {
  parameters: 'DIR [PATH...]',
  words: { least: 1, most: Infinity },
  options: [
    ...repositoryOptions.filter((name) => !['offline', 'cached', 'now'].includes(name)),
    ...(['hash-prefix', 'all', 'lock', 'list', 'partial'] as const),
    ...(['grace', 'rehash', 'mirror-bytes', 'unsized-bytes'] as const),
    ...layoutOptions,
    ...attestationOptions.filter((name) => name !== 'bundle' && name !== 'index-url'),
  ],
  about: [
    'Writes what it verified to DIR, as any HTTP server or object store can serve it: metadata/ with',
    'all roles, and targets/ with the chosen files: PATH may be a pattern such as pkgs/*.whl. A file',
    'gets its name when it is verified, and the timestamp comes last: readers, who need not trust the',
    'mirror, always find a whole snapshot. Run it again after it was killed, and now and then.',
  ],
  examples: [
    'tuffet mirror /srv/mirror --all',
    'tuffet mirror /srv/mirror --lock uv.lock --lock requirements.txt --partial',
  ],
  async run(call) {
    const { io, options, words } = call
    const choice = await readChoice(call)
    const grace = graceOf(call)
    const most = wholeNumber('mirror-bytes', options['mirror-bytes'] ?? '100000000000', 1e15)
    const unsized = options['unsized-bytes']
    const settings = await readSettings(options, io)
    const [name = ''] = words
    const tree = await MirrorTree.open(inFolder(io.folder, name), {
      now: io.now,
      rehash: options.rehash,
    })
    try {
      await finishLastRun(tree, settings, call)
      return await mirrorInto(tree, {
        ...{ call, choice, settings, grace, most, name },
        maxUnsizedLength:
          unsized === undefined ? undefined : wholeNumber('unsized-bytes', unsized, 1e15),
      })
    } finally {
      tree.close()
    }
  },
}

interface Work {
  readonly call: Call
  readonly choice: MirrorChoice
  readonly settings: Settings
  readonly grace: number
  readonly most: number
  readonly maxUnsizedLength: number | undefined
  readonly name: string
}

async function mirrorInto(tree: MirrorTree, work: Work): Promise<Answer> {
  const { call, choice, settings, grace, most, name } = work
  const seen = newSeen()
  const ask = await openMirror(call, { seen, settings, isIndex: choice.locks.length > 0 })
  return ask(async (repository, view) => {
    tree.begin()
    requireVersionedNames(repository)
    const onRoles = (): Promise<void> => writeRoles(tree, seen)
    const { targetsUrl } = settings
    const { signal } = call.io
    const source = { repository, maxUnsizedLength: work.maxUnsizedLength, signal, onRoles }
    if (choice.all || choice.patterns.size + choice.paths.length > 0) {
      requireSetting(settings, 'targetsUrl')
    }
    const targets = await chosenTargets(choice, { ...source, targetsUrl })
    if (view) {
      const locked = await locksOf(view, choice, call)
      if ('refused' in locked) return locked.refused
      targets.push(
        ...(await lockedTargets(locked.files, view, {
          ...source,
          targetsUrl: requireSetting(settings, 'targetsUrl'),
        })),
      )
      await onRoles()
    }
    const bytes = targets.reduce((sum, { length = 0 }) => sum + length, 0)
    if (bytes > most) {
      throw new NotVerifiedError(
        `the chosen files have ${count(bytes, 'byte')}; --mirror-bytes allows ${count(most, 'byte')}`,
      )
    }
    await writeTargets(tree, targets, call)
    await tree.publish(await topLevelOf(repository, seen, settings.limits))
    const removed = await tree.sweep(grace)
    return answer(repository, { name, files: targets.length, bytes, tree, removed })
  })
}

/** The files of the lock files, or the answer where the repository does not vouch for one. */
async function locksOf(
  view: PypiView,
  { locks }: MirrorChoice,
  call: Call,
): Promise<
  | { readonly files: Awaited<ReturnType<typeof judgeLock>>[number]['files'] }
  | { readonly refused: Answer }
> {
  const judged = []
  for (const path of locks) judged.push(...(await judgeLock(view, path, call)))
  const rows = judged.map(({ row }) => row)
  const refused = verdictError(rows, 'entry')
  if (!refused) return { files: judged.flatMap(({ files }) => files) }
  const lines = verdictLines(rows, 'entry', lineWidth(call.io.stdout))
  return { refused: { lines, json: { files: 0 }, ...refused } }
}

async function writeRoles(tree: MirrorTree, seen: SeenFiles): Promise<void> {
  for (const { role, version, bytes } of seen.take()) {
    await tree.writeMetadata(treePath(metadataFileName(role, version)), bytes)
  }
}

async function writeTargets(
  tree: MirrorTree,
  targets: readonly MirroredTarget[],
  { io }: Call,
): Promise<void> {
  const bar = progressBar(io.stderr, 'mirror', { counts: 'files' })
  const total = targets.length
  let received = 0
  try {
    const write = (target: MirroredTarget, signal: AbortSignal): Promise<void> =>
      tree.writeTarget(target, signal)
    for await (const _ of inParallel(targets, atOnce, write, io.signal)) {
      bar.update({ received: ++received, total })
    }
  } finally {
    bar.end()
  }
}

type Ask = <T>(question: (repository: Repository, view?: PypiView) => Promise<T>) => Promise<T>

async function openMirror(
  call: Call,
  how: { readonly seen: SeenFiles; readonly settings: Settings; readonly isIndex: boolean },
): Promise<Ask> {
  const { seen, settings, isIndex } = how
  const watching = {
    watch: seen.watch.bind(seen),
    onEvent: seen.note.bind(seen),
    settings,
  }
  if (!isIndex) {
    const session = await openSession(call, watching)
    return (question) => session.ask(question)
  }
  requireSetting(settings, 'metadataUrl')
  const session = await openPypiSession(call, watching)
  return (question) =>
    session.ask((view, repository) => {
      if (!repository) throw new TypeError('an index without signatures cannot be mirrored')
      return question(repository, view)
    })
}

/**
 * A run that was killed between the last renames: with new keys, readers are refused until all of them are
 * done. The files are in the store, so this makes no request.
 */
async function finishLastRun(tree: MirrorTree, settings: Settings, call: Call): Promise<void> {
  const { unfinished } = tree
  if (unfinished === undefined) return
  const seen = newSeen()
  const session = await openSession(call, {
    ...{ watch: seen.watch.bind(seen), onEvent: seen.note.bind(seen), settings },
  })
  try {
    const now = session.now
    const view = await session.updater.refresh({ mode: 'offline', now, signal: call.io.signal })
    if (view.timestamp.version !== unfinished) return
    tree.resume()
    await tree.publish(await topLevelOf(view, seen, settings.limits))
  } catch (error) {
    // The store may be another one, or its files expired: the run itself gives the reason.
    if (!isTufError(error)) throw error
  }
}

function newSeen(): SeenFiles {
  return new SeenFiles((text) => digestText(text, defaultCryptography))
}

/** Where names lack versions, no file can be replaced without a moment in which the others do not fit. */
function requireVersionedNames({ root }: Repository): void {
  if (root.consistentSnapshot) return
  throw new NotVerifiedError(
    'the repository has no consistent snapshots: a mirror of it cannot change file by file',
  )
}

function answer(
  repository: Repository,
  done: {
    readonly name: string
    readonly files: number
    readonly bytes: number
    readonly tree: MirrorTree
    readonly removed: number
  },
): Answer {
  const { root, timestamp, snapshot, targets } = repository
  const { name, files, bytes, tree, removed } = done
  const roles = [root, timestamp, snapshot, targets]
  const until = isoTime(Math.min(...roles.map(({ expires }) => expires)))
  return {
    lines: [
      `${name}: timestamp ${timestamp.version}, snapshot ${snapshot.version}, good until ${until}`,
      `${count(files, 'target')}, ${count(bytes, 'byte')}; ${count(tree.written, 'file')} written, ${removed} removed`,
    ],
    json: {
      folder: name,
      root: root.version,
      timestamp: timestamp.version,
      snapshot: snapshot.version,
      until,
      ...{ targets: files, bytes, written: tree.written, removed },
    },
  }
}
