/** Refusals of the runtime itself, by the permissions of Deno and of Node. */

/** How many causes are looked at; a cause may be its own. */
const deepest = 8

/**
 * @internal What the runtime does not permit, in its own words, which name the missing permission;
 * undefined for every other error. By shape: the error may be of another realm.
 */
export function permissionRefusal(error: unknown): string | undefined {
  let at = error
  for (let depth = 0; depth < deepest && typeof at === 'object' && at !== null; depth++) {
    const message = 'message' in at ? String(at.message) : ''
    if ('name' in at && at.name === 'NotCapable') return message
    if ('code' in at && at.code === 'ERR_ACCESS_DENIED') return message + nodesPermission(at)
    at = 'cause' in at ? at.cause : undefined
  }
  return undefined
}

/** Node 20 names the permission in fields alone. */
function nodesPermission(error: object): string {
  const { permission, resource }: { permission?: unknown; resource?: unknown } = error
  if (typeof permission !== 'string') return ''
  return typeof resource === 'string' ? ` (${permission} ${resource})` : ` (${permission})`
}
