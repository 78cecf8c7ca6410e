/** Graphs of delegations, in few words: each role's delegations, and the files that it lists. */
import { createHash } from 'node:crypto'
import type {
  DelegateOptions,
  RepositoryOptions,
  TestRepository,
} from '../../../src/testing/index.js'
import { targetPath, type Story } from './story.js'

/** A delegation: the name alone is one of every path, not terminating. */
export type Delegation = string | DelegateOptions

/** The parts of a graph. */
export interface Graph {
  /** Delegator → its delegations, in order. */
  readonly edges: Readonly<Record<string, readonly Delegation[]>>
  /** Role → the files it lists: path → content. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly options?: RepositoryOptions
}

/** A published repository with these delegations. */
export function graph(story: Story, { edges, files = {}, options }: Graph): TestRepository {
  const repo = story.repository(options)
  for (const [from, delegations] of Object.entries(edges)) {
    for (const one of delegations) repo.delegate(from, typeof one === 'string' ? all(one) : one)
  }
  for (const [role, listed] of Object.entries(files)) {
    for (const [path, content] of Object.entries(listed)) {
      repo.addTarget(path, content, { role })
      // The repository publishes one file for each path; here two roles may differ about it.
      story.serve(targetPath(prefixed(path, content)), content)
    }
  }
  repo.publish()
  return repo
}

/** 6.2: `dir/HASH.name`. */
export function prefixed(path: string, content: string): string {
  const digest = createHash('sha256').update(content).digest('hex')
  const start = path.lastIndexOf('/') + 1
  return `${path.slice(0, start)}${digest}.${path.slice(start)}`
}

/** A delegation of every path without a directory in it. */
export function all(name: string): DelegateOptions {
  return { name, paths: ['*'] }
}

/** The same, and it ends the search. */
export function last(name: string, paths: readonly string[] = ['*']): DelegateOptions {
  return { name, paths, terminating: true }
}

/** The requests of the first cycle when these delegated roles are visited, in this order. */
export function visits(...roles: readonly string[]): { readonly requests: readonly string[] } {
  const top = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']
  return { requests: [...top, ...roles.map((role) => `1.${role}.json`)] }
}
