/** Verdicts on signatures, below those of the repository: for people, and in `--json`. */
import { count } from '../../words/amounts.js'
import { printable } from '../../words/printable.js'
import { NotVerifiedError } from '../not-verified-error.js'
import type { Line, Style } from '../paint.js'
import { tableLines } from '../table.js'
import type { SignatureVerdict } from './witness.js'

const styles: Readonly<Record<SignatureVerdict['verdict'], Style>> = {
  good: 'good',
  refused: 'bad',
  missing: 'doubtful',
  'not-asked': 'doubtful',
}

/** A file, and the verdict on its signature. */
export interface SignedFile {
  /** As it is shown. */
  readonly file: string
  readonly signature: SignatureVerdict
}

/** One line for each file, and how many are good. */
export function signatureLines(rows: readonly SignedFile[], width: number): Line[] {
  const widest = Math.max(0, ...rows.map(({ signature }) => signature.verdict.length))
  const cells = rows.map(({ file, signature: { verdict, reason } }) => [
    verdict.padEnd(widest),
    printable(file),
    printable(reason),
  ])
  const lines = tableLines(cells, width).map((line): Line => {
    const [verdict = ''] = line.split(' ', 1)
    if (verdict === '') return line
    const style = styles[verdict as SignatureVerdict['verdict']]
    return [{ text: verdict, style }, { text: line.slice(verdict.length) }]
  })
  const good = rows.filter(({ signature }) => signature.verdict === 'good').length
  return [...lines, `${count(rows.length, 'signature')}: ${good} good`]
}

/** Why the status is 1, when a file that the repository vouches for lacks a good signature. */
export function signatureError(
  rows: readonly SignedFile[],
): { readonly error: NotVerifiedError } | undefined {
  const vouched = rows.filter(({ signature }) => signature.verdict !== 'not-asked')
  const others = vouched.filter(({ signature }) => signature.verdict !== 'good').length
  if (others === 0) return undefined
  const all = count(vouched.length, 'file')
  const message = `the repository vouches for ${all}, and ${others} of them ${others === 1 ? 'has' : 'have'} no good signature`
  return { error: new NotVerifiedError(message) }
}
