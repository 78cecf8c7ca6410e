/** Files that are larger than clients take by default. */
import { count } from '../../words/amounts.js'
import { clientsBelow } from '../clients/client-limits.js'
import type { Audit } from '../context.js'

/** @param listed whether a voucher lists the length */
export function checkSize(
  audit: Audit,
  type: 'root' | 'timestamp' | 'snapshot' | 'targets',
  role: string,
  length: number,
  listed: boolean,
  subject?: string,
): void {
  const clients = clientsBelow(type, length, listed)
  if (clients.length === 0) return
  const message = `It takes ${count(length, 'byte')}${listed ? '' : ', and its length is not listed'}.`
  audit.findings.add({ code: 'too-large-for-clients', role, message, clients, subject })
}
