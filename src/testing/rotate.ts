/** Keys come and go: root says so for the top-level roles, the delegators for the others. */

import { isTopLevel, roleOf } from './delegate.js'
import { seedFrom, type Signer } from './keys.js'
import { changeRole, makeSigners, type Authority, type RepositoryState } from './state.js'

/** All optional: every key is replaced, by as many new ones. */
export interface RotateOptions {
  /** Keys to add, or how many to make. Default: as many as are removed; 0 if `remove` is given. */
  readonly add?: number | readonly Signer[] | undefined
  /** Keyids to remove, or how many of the oldest. Default: all; none if `add` is given. */
  readonly remove?: number | readonly string[] | undefined
  /** Default: the number of keys if all were needed before, else unchanged. */
  readonly threshold?: number | undefined
}

/** Changes a role's keys; returns the roles to be signed again. */
export function rotateKeys(state: RepositoryState, name: string, options: RotateOptions): string[] {
  if (isTopLevel(name)) {
    state.authorities[name] = rotated(state, name, state.authorities[name], options)
    state.rootChanged = true
    return [name]
  }
  return rotateDelegated(state, name, options)
}

function rotateDelegated(state: RepositoryState, name: string, options: RotateOptions): string[] {
  const again = new Set([name])
  const replaced = new Map<readonly Signer[], Authority>()
  const rotate = (authority: Authority): Authority => {
    const known = replaced.get(authority.signers)
    if (known) return known
    const fresh = rotated(state, name, authority, options)
    replaced.set(authority.signers, fresh)
    return fresh
  }
  for (const delegator of state.roles.values()) {
    const { succinct } = delegator
    if (succinct && name.startsWith(`${succinct.namePrefix}-`)) {
      // Succinct bins share their keys: all of them are signed again.
      changeRole(delegator).succinct = { ...succinct, ...rotate(succinct) }
      for (const bin of state.roles.keys()) {
        if (bin.startsWith(`${succinct.namePrefix}-`)) again.add(bin)
      }
    }
    if (delegator.edges?.some((edge) => edge.name === name)) {
      const { edges } = changeRole(delegator)
      delegator.edges = edges?.map((e) => (e.name === name ? { ...e, ...rotate(e) } : e))
    }
  }
  if (replaced.size === 0) throw new RangeError(`nobody delegates to ${JSON.stringify(name)}`)
  const signers = [...replaced.values()].flatMap((authority) => authority.signers)
  for (const role of again) roleOf(state, role).signers = signers
  return [...again]
}

function rotated(
  state: RepositoryState,
  name: string,
  { signers, threshold }: Authority,
  { add, remove, threshold: wanted }: RotateOptions,
): Authority {
  const leaving = remove ?? (add === undefined ? signers.length : 0)
  const staying =
    typeof leaving === 'number'
      ? signers.slice(leaving)
      : signers.filter((signer) => !leaving.includes(signer.keyid))
  const coming = add ?? (remove === undefined ? signers.length - staying.length : 0)
  const added = typeof coming === 'number' ? makeSigners(state, name, coming, seedFrom) : coming
  const all = [...staying, ...added]
  const usual = threshold === signers.length ? all.length : threshold
  return { signers: all, threshold: wanted ?? usual }
}
