/** The verdicts on signatures, in words. */
import type { KeyReport } from '../errors.js'
import { count } from './amounts.js'

const verdicts: Readonly<Record<KeyReport['verdict'], string>> = {
  signed: 'signed',
  'same-key': 'signed, but is a key that was counted already',
  'no-signature': 'did not sign',
  'empty-signature': 'has an empty signature',
  'malformed-signature': 'has a malformed signature',
  'wrong-signature': 'has an invalid signature',
  'unknown-key': 'is not in the table of keys',
  'unsupported-key': 'is of an unsupported kind',
  'not-checked': 'not verified, the answer was certain',
  'broken-key': 'cannot be read, or is not safe to use',
}

/** `signed by 2 of 3 keys, 2 needed` */
export function signedInWords(report: {
  readonly signed: number
  readonly threshold: number
  readonly keys: readonly KeyReport[]
}): string {
  const { signed, threshold, keys } = report
  return `signed by ${signed} of ${count(keys.length, 'key')}, ${threshold} needed`
}

/** Why a key counts, or does not: `did not sign`. */
export function verdictInWords(verdict: KeyReport['verdict']): string {
  return verdicts[verdict]
}

/** `✓ 4f1d2c3b5a69… signed` for each key. */
export function keyLines(keys: readonly KeyReport[]): string[] {
  return keys.map(({ keyid, verdict }) => {
    const mark = verdict === 'signed' ? '✓' : verdict === 'no-signature' ? '·' : '✗'
    return `${mark} ${shortKeyid(keyid)} ${verdictInWords(verdict)}`
  })
}

/** Enough to tell keys apart by eye; `--json` prints it in full. */
export function shortKeyid(keyid: string): string {
  return keyid.length > 16 ? `${keyid.slice(0, 12)}…` : keyid
}
