/** Node's own modules at the moment they are needed. */

interface Builtins {
  readonly 'node:diagnostics_channel': typeof import('node:diagnostics_channel')
  readonly 'node:http': typeof import('node:http')
  readonly 'node:https': typeof import('node:https')
  readonly 'node:util': typeof import('node:util')
  readonly 'node:zlib': typeof import('node:zlib')
}

interface Loader {
  getBuiltinModule?<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined
}

/**
 * @internal A module of Node without `import`, which reads each export of it: one of `node:http`
 * makes Node 22 and newer load undici. Undefined in Deno, Bun and the first releases of Node 22.
 */
export function builtinModule<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const loader: Loader = process
  return loader.getBuiltinModule?.(name)
}
