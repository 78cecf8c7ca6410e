/** `tuffet mirror DIR [PATH…]` */
import { defaultCryptography } from '#platform'
import { inParallel } from '../client/in-parallel.js'
import { digestText } from '../core/keys/hash.js'
import { metadataFileName } from '../core/names.js'
import { isTufError } from '../errors.js'
import type { Repository } from '../index.js'
import { MirrorTree } from '../node/mirror/mirror-tree.js'
import { SeenFiles } from '../node/mirror/seen-files.js'
import { topLevelOf } from '../node/mirror/top-level.js'
import { rolePath } from '../node/mirror/tree-path.js'
import type { PypiView } from '../pypi/view.js'
import { count } from '../words/amounts.js'
import type { Answer, Call, Command } from './command.js'
import { commandCryptography } from './cryptography.js'
import { answer, withRefusal } from './mirror-answer.js'
import { graceOf, readChoice, type MirrorChoice } from './mirror-choice.js'
import { chosenTargets, lockedTargets, type ChosenFile, type MostChosen } from './mirror-files.js'
import { Gaps } from './mirror-gaps.js'
import { lockedFiles } from './mirror-locks.js'
import { mirrorPlace } from './mirror-place.js'
import { NotVerifiedError } from './not-verified-error.js'
import { attestationOptions, layoutOptions, repositoryOptions } from './option-groups.js'
import { progressBar } from './progress.js'
import { wholeNumber } from './pypi-serve.js'
import { openPypiSession } from './pypi-session.js'
import { openSession } from './session.js'
import { readSettings, requireSetting, type Settings } from './settings.js'

/** Files that are written at once. */
const atOnce = 8

export const mirror: Command = {
  parameters: 'DIR [PATH...]',
  words: { least: 1, most: Infinity },
  options: [
    ...repositoryOptions.filter((name) => !['offline', 'cached', 'now'].includes(name)),
    ...(['hash-prefix', 'all', 'lock', 'list', 'partial'] as const),
    ...([
      'grace',
      'rehash',
      'mirror-bytes',
      'mirror-files',
      'metadata-bytes',
      'unsized-bytes',
    ] as const),
    ...layoutOptions,
    ...attestationOptions.filter((name) => name !== 'bundle' && name !== 'index-url'),
  ],
  about: [
    'Writes what it verified to DIR, as any HTTP server or object store can serve it: metadata/ with',
    'all roles, and targets/ with the chosen files: PATH may be a pattern such as pkgs/*.whl. A file',
    'gets its name when it is verified, and the timestamp comes last: readers, who need not trust the',
    'mirror, always find a whole snapshot. Run it again after it was killed, and now and then.',
    'Status 3: published without the roles and files that failed, which it names.',
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
    const metadata = options['metadata-bytes'] ?? '20000000000'
    const files = options['mirror-files'] ?? '1000000'
    const unsized = options['unsized-bytes']
    const settings = await readSettings(options, io)
    requireSetting(settings, 'metadataUrl')
    const [name = ''] = words
    const tree = await MirrorTree.open(mirrorPlace(call, settings), {
      now: io.now,
      rehash: options.rehash,
    })
    try {
      await finishLastRun(tree, settings, call)
      return await mirrorInto(tree, {
        ...{ call, choice, settings, grace, most, name },
        mostChosen: {
          metadata: wholeNumber('metadata-bytes', metadata, 1e15),
          files: wholeNumber('mirror-files', files, 1e9),
        },
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
  readonly mostChosen: MostChosen
  readonly maxUnsizedLength: number | undefined
  readonly name: string
}

async function mirrorInto(tree: MirrorTree, work: Work): Promise<Answer> {
  const { call, choice, settings, grace, name } = work
  const seen = newSeen()
  const ask = await openMirror(call, { seen, settings, isIndex: choice.locks.length > 0 })
  let isAgain = false
  return ask(async (repository, view) => {
    tree.begin()
    requireVersionedNames(repository)
    const gaps = new Gaps(isAgain)
    isAgain = true
    const onRoles = (): Promise<void> => writeRoles(tree, seen, gaps)
    const { targetsUrl } = settings
    const { signal } = call.io
    const source = { repository, maxUnsizedLength: work.maxUnsizedLength, signal, onRoles, gaps }
    if (choice.all || choice.patterns.size + choice.paths.length > 0) {
      requireSetting(settings, 'targetsUrl')
    }
    // Before the walk over all roles, as the files that a path names.
    const locked = view && (await lockedFiles(view, choice, call, gaps))
    if (locked?.isOver) return locked.refused
    const targets: ChosenFile[] = []
    if (view && locked) {
      targets.push(
        ...(await lockedTargets(locked.files, view, {
          ...source,
          targetsUrl: requireSetting(settings, 'targetsUrl'),
        })),
      )
      await onRoles()
    }
    targets.push(...(await chosenTargets(choice, { ...source, targetsUrl }, work.mostChosen)))
    const written = await writeTargets(tree, withinBytes(targets, work.most, gaps), { call, gaps })
    await tree.publish(await provedTopLevel(repository, seen, settings))
    const removed = await tree.sweep(grace)
    const done = answer(repository, { name, ...written, tree, removed, gaps })
    return locked?.refused ? withRefusal(done, locked.refused) : done
  })
}

async function writeRoles(tree: MirrorTree, seen: SeenFiles, gaps: Gaps): Promise<void> {
  for (const { role, version, bytes } of seen.take()) {
    const write = (): Promise<void> =>
      tree.writeMetadata(rolePath(metadataFileName(role, version)), bytes)
    await gaps.around(write, { role })
  }
}

/** The files that were asked for come first, then the shortest: a length is only a claim, and may be huge. */
function withinBytes(targets: readonly ChosenFile[], most: number, gaps: Gaps): ChosenFile[] {
  const inOrder = [...targets].sort(
    (one, other) =>
      Number(other.isAsked) - Number(one.isAsked) || (one.length ?? 0) - (other.length ?? 0),
  )
  let bytes = 0
  return inOrder.filter(({ name, isAsked, length = 0 }) => {
    if (bytes + length <= most) {
      bytes += length
      return true
    }
    const reason = `it has ${count(length, 'byte')}; --mirror-bytes allows ${count(most, 'byte')} in all`
    gaps.note(new NotVerifiedError(reason), { target: name }, isAsked)
    return false
  })
}

async function writeTargets(
  tree: MirrorTree,
  targets: readonly ChosenFile[],
  { call: { io }, gaps }: { readonly call: Call; readonly gaps: Gaps },
): Promise<{ readonly files: number; readonly bytes: number }> {
  const bar = progressBar(io.stderr, 'mirror', { counts: 'files' })
  const total = targets.length
  let [received, files, bytes] = [0, 0, 0]
  try {
    const write = (target: ChosenFile, signal: AbortSignal): Promise<true | undefined> => {
      const { name, isAsked } = target
      const bring = async (): Promise<true> => (await tree.writeTarget(target, signal), true)
      return gaps.around(bring, { target: name }, isAsked).then((done) => {
        if (done) [files, bytes] = [files + 1, bytes + (target.length ?? 0)]
        return done
      })
    }
    for await (const _ of inParallel(targets, atOnce, write, io.signal)) {
      bar.update({ received: ++received, total })
    }
  } finally {
    bar.end()
  }
  return { files, bytes }
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
    await tree.publish(await provedTopLevel(view, seen, settings))
  } catch (error) {
    // The store may be another one, or its files expired: the run itself gives the reason.
    if (!isTufError(error)) throw error
  }
}

async function provedTopLevel(
  repository: Repository,
  seen: SeenFiles,
  { limits }: Settings,
): ReturnType<typeof topLevelOf> {
  return topLevelOf(repository, seen, { limits, cryptography: await commandCryptography() })
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
