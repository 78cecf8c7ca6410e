/** The files that the lock files of a mirror lead to. */
import type { VouchedFile } from '../pypi/verdict/verdict.js'
import type { PypiView } from '../pypi/view.js'
import type { Answer, Call } from './command.js'
import { lineWidth } from './io.js'
import { judgeLock } from './judged-lock.js'
import type { MirrorChoice } from './mirror-choice.js'
import type { Gaps } from './mirror-gaps.js'
import { verdictError, verdictLines } from './verdict-table.js'

/** What lock files lead to: files, the answer about entries that nobody vouches for, or only that. */
export type LockedFiles =
  | { readonly isOver: true; readonly refused: Answer }
  | {
      readonly isOver: false
      readonly files: readonly VouchedFile[]
      readonly refused: Answer | undefined
    }

/** Of an entry without a match the mirror has no file. When an answer failed to come, the run is over. */
export async function lockedFiles(
  view: PypiView,
  { locks }: MirrorChoice,
  call: Call,
  gaps: Gaps,
): Promise<LockedFiles> {
  const judged = []
  for (const path of locks) judged.push(...(await judgeLock(view, path, call)))
  const rows = judged.map(({ row }) => row)
  const verdict = verdictError(rows, 'entry')
  const lines = verdictLines(rows, 'entry', lineWidth(call.io.stdout))
  const refused = verdict && { lines, json: { files: 0 }, ...verdict }
  const isOver = judged.some(({ error }) => error !== undefined && !gaps.canBe(error))
  if (refused && isOver) return { isOver, refused }
  const kept = judged.filter(({ row }) => row.verdict === 'match' || row.accepted === true)
  return { isOver: false, files: kept.flatMap(({ files }) => files), refused }
}
