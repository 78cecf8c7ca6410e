/** The agents of `node:https` for certificates that are trusted in place of the runtime's. */
import type { Agent } from 'node:https'
import { builtinModule } from './builtin-module.js'

/** @internal */
export interface TrustingAgents {
  /** Of all requests: it keeps connections open, as Node's global agent does. */
  readonly shared: Agent
  /** For a request that needs a connection of its own. */
  single(): Agent
}

/** @internal Agents that trust the certificates in `ca` (PEM) alone. Throws for a text that has none. */
export function agentsTrusting(ca: string): TrustingAgents {
  const https = builtinModule('node:https')
  const { createSecureContext } = builtinModule('node:tls')
  // Read once: hundreds of certificates cost as much as a connection, and agents would name each by them.
  const secureContext = createSecureContext({ ca })
  return {
    shared: new https.Agent({ secureContext, keepAlive: true, scheduling: 'lifo', timeout: 5_000 }),
    single: () => new https.Agent({ secureContext }),
  }
}
