/**
 * Which process wrote something, and whether it still runs. File times play no part: the system's
 * time may be wrong or faked.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { hasCode } from './system-error.js'

/** @internal */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in the kernel's own ticks; 0 where the system does not tell. */
  readonly start: number
  /** Stands for machine, boot and pid namespace: elsewhere the pid means something else. */
  readonly host: string
}

/** @internal This process. */
export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, start: statOf(process.pid)?.start ?? 0, host: hostIdentity() }
  return own
}

/** @internal Whether it certainly no longer runs; false if that is unknown. */
export function isDead(identity: ProcessIdentity): boolean {
  if (identity.host !== ownIdentity().host) return false
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    return hasCode(error, 'ESRCH')
  }
  const stat = statOf(identity.pid)
  if (stat === undefined || identity.start === 0) return false
  // Another process got the pid, or the process ended and its parent did not wait for it yet.
  return stat.start !== identity.start || stat.state === 'Z'
}

let own: ProcessIdentity | undefined

function hostIdentity(): string {
  const parts = [hostname(), textOf('/proc/sys/kernel/random/boot_id'), pidNamespace()]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

/** Of Linux; undefined elsewhere, and for a process that is hidden. */
function statOf(pid: number): { readonly state: string; readonly start: number } | undefined {
  const text = textOf(`/proc/${pid}/stat`)
  // The second field is the program's name in brackets, which may itself contain brackets and
  // spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, start] = [fields[0], Number(fields[19])]
  return state === undefined || !Number.isSafeInteger(start) ? undefined : { state, start }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
