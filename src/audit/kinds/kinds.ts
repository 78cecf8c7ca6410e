/**
 * The table of findings. Types, help and the page of the guide are made from it: a new row is a new
 * kind of finding.
 */
import { delegationKinds } from './delegation-kinds.js'
import { fileKinds } from './file-kinds.js'
import { formatKinds } from './format-kinds.js'
import { keyKinds } from './key-kinds.js'
import type { KindRow } from './kind-row.js'
import { targetKinds } from './target-kinds.js'

/**
 * The code of a finding.
 *
 * @useDeclaredType
 */
export type FindingCode =
  | keyof typeof fileKinds
  | keyof typeof keyKinds
  | keyof typeof delegationKinds
  | keyof typeof targetKinds
  | keyof typeof formatKinds

/** Every kind of finding, in the order of the page. */
export const findingKinds: Readonly<Record<FindingCode, KindRow>> = {
  ...fileKinds,
  ...keyKinds,
  ...delegationKinds,
  ...targetKinds,
  ...formatKinds,
}

/** The codes, in the order of the table. */
export const findingCodes: readonly FindingCode[] = Object.keys(findingKinds).filter(isFindingCode)

/**
 * Whether a text is the code of a kind of finding.
 *
 * @example
 * ```ts runs
 * import { isFindingCode } from 'tuffet/audit'
 *
 * isFindingCode('expires-soon') // true
 * ```
 */
export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(findingKinds, text)
}

/** The vectors that a kind always stands for. */
export function vectorsOf(code: FindingCode): readonly string[] {
  return findingKinds[code].vectors ?? []
}

/** Whether a finding of the kind counts only where some client is known to differ. */
export function needsClients(code: FindingCode): boolean {
  return findingKinds[code].onlyWithClients === true
}
