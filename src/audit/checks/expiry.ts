/** When files expire, and whether that is soon. */
import { loadKey } from '../../core/keys/load.js'
import type { Authority } from '../../core/trust/verify.js'
import { expiryInWords } from '../../words/durations.js'
import type { Audit } from '../context.js'

const day = 86_400_000

/** Days for what a machine renews. */
const onlineDays = 0.25
const offlineDays = 14

export function checkExpiry(
  audit: Audit,
  role: string,
  expires: number,
  authority: Authority,
): void {
  const { now, findings } = audit
  const message = `It ${expiryInWords(expires, now)}.`
  if (!(expires > now)) {
    findings.add({ code: 'expired', role, message, expires })
  } else if (expires - now < daysFor(audit, role, authority) * day) {
    findings.add({ code: 'expires-soon', role, message, expires })
  }
}

/** Per role where that is given; a machine renews the roles that only the keys of timestamp and snapshot sign. */
function daysFor(audit: Audit, role: string, authority: Authority): number {
  const { daysOf = {}, days = offlineDays } = audit.options
  const own = Object.hasOwn(daysOf, role) ? daysOf[role] : undefined
  if (own !== undefined) return own
  return isOnline(audit, authority) ? Math.min(days, onlineDays) : days
}

/** Whether only keys of timestamp and snapshot sign. */
export function isOnline(audit: Audit, { keyids, keys }: Authority): boolean {
  return (
    keyids.length > 0 &&
    keyids.every((keyid) => {
      const key = keys.get(keyid)
      const loaded = key && loadKey(key, audit.cryptography, { pkcs1v15: true })
      return loaded?.verdict === 'ok' && audit.onlineKeys.has(loaded.identity)
    })
  )
}
