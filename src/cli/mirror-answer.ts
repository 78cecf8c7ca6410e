/** The answer of `tuffet mirror`. */
import type { Repository } from '../index.js'
import type { MirrorTree } from '../node/mirror/mirror-tree.js'
import { count, isoTime } from '../words/amounts.js'
import type { Answer } from './command.js'
import { gapStatus, type Gaps } from './mirror-gaps.js'

/** A published mirror. */
export interface Published {
  readonly name: string
  readonly files: number
  readonly bytes: number
  readonly tree: Pick<MirrorTree, 'written'>
  readonly removed: number
  readonly gaps: Gaps
}

/** Status 1 where a file is missing that was asked for by name; `gapStatus` with other gaps. */
export function answer(repository: Repository, done: Published): Answer {
  const { root, timestamp, snapshot, targets } = repository
  const { name, files, bytes, tree, removed, gaps } = done
  const roles = [root, timestamp, snapshot, targets]
  const until = isoTime(Math.min(...roles.map(({ expires }) => expires)))
  return {
    lines: [
      `${name}: timestamp ${timestamp.version}, snapshot ${snapshot.version}, good until ${until}`,
      `${count(files, 'target')}, ${count(bytes, 'byte')}; ${count(tree.written, 'file')} written, ${removed} removed`,
      ...gaps.lines(),
    ],
    json: {
      folder: name,
      root: root.version,
      timestamp: timestamp.version,
      snapshot: snapshot.version,
      until,
      ...{ targets: files, bytes, written: tree.written, removed },
      ...gaps.json(),
    },
    ...(gaps.asked === undefined ? gaps.count > 0 && { status: gapStatus } : { error: gaps.asked }),
  }
}

/** With the entries of lock files that the repository does not vouch for: they were asked for. */
export function withRefusal({ lines, json }: Answer, refused: Answer): Answer {
  return { ...refused, lines: [...refused.lines, ...lines], json }
}
