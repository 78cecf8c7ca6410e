/** `tuffet explain PATH` */
import {
  isTufError,
  RepositoryError,
  TargetNotFoundError,
  ThresholdError,
  type TufError,
} from '../errors.js'
import type { ExplainedRole, Explanation } from '../index.js'
import { topLevel, type ChainPicture } from '../picture/chain.js'
import { TrustedRoles } from '../picture/trusted-roles.js'
import type { Answer, Command } from './command.js'
import { repositoryOptions } from './option-groups.js'
import { openSession } from './session.js'
import { keyLines, signedInWords } from '../words/signatures.js'
import { hashLines, targetJson } from './target-answer.js'
import { treeLines, type Branch } from './tree.js'
import { pictureFiles, pictureOptions, withPictures, writePictures } from './write-pictures.js'
import { count, isoTime } from '../words/amounts.js'
import { expiryInWords } from '../words/durations.js'

export const explain: Command = {
  parameters: 'PATH',
  words: { least: 1, most: 1 },
  options: [...repositoryOptions, ...pictureOptions],
  about: [
    'Refreshes, and shows the chain of trust: root, timestamp, snapshot, targets, and every role',
    'down to the one that lists the target at PATH; for each its version, when it expires, and',
    'whether each of its keys signed. When a file is refused, it shows those trusted until then.',
    '--svg and --html also draw it; a regular file of that name is replaced, anything else refused.',
  ],
  examples: ['tuffet explain pkgs/a.whl --offline', 'tuffet explain pkgs/a.whl --svg chain.svg'],
  async run(call) {
    const [path = ''] = call.words
    const files = pictureFiles(call)
    const trusted = new TrustedRoles()
    const session = await openSession(call, { onEvent: (event) => trusted.note(event) })
    let picture: ChainPicture
    let told: Answer
    try {
      const explained = await session.ask((repository) =>
        repository.explain(path, { signal: call.io.signal }),
      )
      picture = explained
      told = answer(explained)
    } catch (error) {
      if (!isTufError(error)) throw error
      picture = trusted.until(error, path, session.now)
      told = untilRefused(trusted.all, session.now, error)
    }
    return withPictures(told, await writePictures(files, picture, call))
  },
}

function answer(explained: Explanation): Answer {
  const { path, now, target, chain, searched } = explained
  const branches = chain.map((role, depth) => branchOf(role, depth, now))
  const last = target
    ? { title: `${path}: ${count(target.length, 'byte')}`, details: hashLines(target) }
    : { title: `${path}: not listed`, details: [`asked: ${searched.join(', ')}`] }
  return {
    lines: treeLines([...branches, { depth: chain.length, ...last }]),
    json: {
      path,
      now: isoTime(now),
      ...(target && { target: targetJson(target) }),
      chain: chain.map(roleJson),
      searched,
    },
    ...(!target && { error: new TargetNotFoundError(path) }),
  }
}

function untilRefused(trusted: readonly ExplainedRole[], now: number, error: TufError): Answer {
  const depths = new Map(topLevel.map((name, depth) => [name, depth]))
  const branches = trusted.map((role) => {
    const depth = depths.get(role.role) ?? (depths.get(role.delegator) ?? 0) + 1
    depths.set(role.role, depth)
    return branchOf(role, depth, now)
  })
  const refused = error instanceof RepositoryError ? [refusedBranch(error, depths)] : []
  return {
    lines: treeLines([...branches, ...refused]),
    json: { trusted: trusted.map(roleJson) },
    error,
  }
}

function refusedBranch(error: RepositoryError, depths: ReadonlyMap<string, number>): Branch {
  const keys = error instanceof ThresholdError ? error : undefined
  const depth = depths.get(error.role) ?? (depths.get(error.delegator ?? 'targets') ?? 0) + 1
  return {
    depth,
    title: `✗ ${error.role}: refused`,
    details: keys ? [signedInWords(keys), ...keyLines(keys.keys)] : [error.message],
  }
}

/** A role of the chain. */
export function branchOf(role: ExplainedRole, depth: number, now: number): Branch {
  return {
    depth,
    title: `${role.role} ${role.version}, ${expiryInWords(role.expires, now)}`,
    details: [signedInWords(role), ...keyLines(role.keys)],
  }
}

/** The same for programs. */
export function roleJson(role: ExplainedRole): Record<string, unknown> {
  return { ...role, expires: isoTime(role.expires) }
}
