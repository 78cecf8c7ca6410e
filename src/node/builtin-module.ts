/** Node's own modules at the moment they are needed. */
import { createRequire } from 'node:module'

interface Builtins {
  readonly 'node:diagnostics_channel': typeof import('node:diagnostics_channel')
  readonly 'node:http': typeof import('node:http')
  readonly 'node:https': typeof import('node:https')
  readonly 'node:util': typeof import('node:util')
  readonly 'node:tls': typeof import('node:tls')
  readonly 'node:zlib': typeof import('node:zlib')
}

interface Loader {
  getBuiltinModule?<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined
}

/**
 * @internal A module of Node without `import`, which reads each export of it: one of `node:http`
 * makes Node 22 and newer load undici, and Jest refuses an `import` at this moment.
 */
export function builtinModule<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const loader: Loader = process
  return loader.getBuiltinModule?.(name) ?? required(name)
}

/** In the first releases of Node 22. Any absolute path leads to Node's own modules. */
function required<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const load: (name: Name) => Builtins[Name] = createRequire(process.execPath)
  return load(name)
}
