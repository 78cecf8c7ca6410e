/** The promise of Rekor v1: its signature over an entry and the time at which it took it in. */
import { encodeHex } from '../../core/bytes.js'
import { encodeCanonical } from '../../core/json/canonical.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { refuse } from '../refuse.js'
import type { TrustedLog } from '../trusted-root.js'
import { holds } from '../x509/public-key.js'
import type { LogEntry } from './material.js'

/**
 * The time of the entry, in milliseconds since 1970.
 *
 * @throws AttestationError of the check `time`
 */
export function promisedTime(
  cryptography: Cryptography,
  entry: LogEntry,
  promise: Uint8Array,
  log: TrustedLog,
): number {
  const { integratedTime, logIndex, logId, bodyText } = entry
  if (integratedTime === undefined) refuse('time', 'the promise of the log is over no time')
  const message = encodeCanonical({
    body: bodyText,
    integratedTime,
    logID: encodeHex(logId),
    logIndex,
  })
  if (!holds(cryptography, log.key, message, promise)) {
    refuse('time', 'the promise of the log is not its signature over this entry')
  }
  return integratedTime * 1000
}
