/** The answers of other clients to vectors, as findings need them. */
import { answers, clientVersions } from './answers.js'

/** A client whose answers are known. */
export type KnownClient = keyof typeof clientVersions

/** With versions: clients that answered one of the vectors in another way than the vector says. */
export function clientsThatDiffer(vectors: readonly string[]): readonly string[] {
  const found = new Set<KnownClient>()
  for (const vector of vectors) for (const client of answers[vector] ?? []) found.add(client)
  return knownClients
    .filter((name) => found.has(name))
    .map((name) => `${name} ${clientVersions[name]}`)
}

const knownClients: readonly KnownClient[] = ['python-tuf', 'go-tuf', 'tuf-js', 'tough']
