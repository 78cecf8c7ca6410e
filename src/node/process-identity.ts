/**
 * Which process wrote something, and whether it still runs. File times play no part: the system's
 * time may be wrong or faked.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { permissionRefusal } from '../errors/permission.js'
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

/**
 * @internal Whether it certainly no longer runs; false if that is unknown.
 *
 * @param signal throws as `process.kill(pid, 0)` does
 */
export function isDead(
  identity: ProcessIdentity,
  signal: (pid: number) => unknown = (pid) => process.kill(pid, 0),
): boolean {
  if (identity.host !== ownIdentity().host) return false
  try {
    signal(identity.pid)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return true
    // EPERM: another user's program, which may have got the pid since.
    if (!hasCode(error, 'EPERM')) return false
  }
  const stat = statOf(identity.pid)
  if (stat === undefined || identity.start === 0) return false
  // Another process got the pid, or the process ended and its parent did not wait for it yet.
  return stat.start !== identity.start || stat.state === 'Z'
}

/** @internal The identity in a lock or a claim; undefined for any other text. */
export function identityFrom(text: string): ProcessIdentity | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (!('pid' in value && 'start' in value && 'host' in value)) return undefined
  const { pid, start, host } = value
  if (typeof pid !== 'number' || typeof start !== 'number' || typeof host !== 'string') {
    return undefined
  }
  return Number.isSafeInteger(pid) && pid > 0 ? { pid, start, host } : undefined
}

let own: ProcessIdentity | undefined

function hostIdentity(): string {
  const boot = textOf('/proc/sys/kernel/random/boot_id')
  return hostOf(process.platform, [machineName(), boot, pidNamespace()])
}

/**
 * @internal A host of this process alone where a part is hidden, as by the permissions of a runtime:
 * containers share a machine's name, and a pid means another process in each.
 *
 * @param parts name, boot and pid namespace; systems other than Linux lack the last two
 */
export function hostOf(platform: string, parts: readonly string[]): string {
  const needed = platform === 'linux' ? parts : parts.slice(0, 1)
  if (needed.includes('')) return randomBytes(8).toString('hex')
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

function machineName(): string {
  try {
    return hostname()
  } catch (error) {
    if (permissionRefusal(error) === undefined) throw error
    return ''
  }
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
