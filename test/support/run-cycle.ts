/** A driver for the cycles of core that only notes: no promise, no client, a map for a disk. */
import type {
  Cycle,
  CycleAnswer,
  CycleOptions,
  CycleRequest,
  Decision,
  DeleteRequest,
  DigestsRequest,
  PersistRequest,
} from '../../src/core/cycle/request.js'
import { onlineCycle } from '../../src/core/cycle/cycle.js'
import { areSame } from '../../src/core/bytes.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import {
  createRepository,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import { refusalOf, type Refused } from './refusal.js'

export type Disk = Map<string, Uint8Array>

/** A cycle's requests and reports, in order, and its end. */
export interface Run<T> {
  readonly log: readonly string[]
  /** Only the writes and deletions. */
  readonly written: readonly string[]
  readonly result?: T
  readonly refused?: Refused
}

export const limits: CycleOptions['limits'] = {
  rootLength: 512_000,
  timestampLength: 64_000,
  snapshotLength: 8_000_000,
  targetsLength: 32_000_000,
  rootRotations: 1024,
}

/** Options of a cycle that starts from root 1, now. */
export function cycleOptions(
  repo: TestRepository,
  change: Partial<CycleOptions> = {},
): CycleOptions {
  return { anchor: repo.root(), now: repo.now, limits, cryptography: nodeCryptography, ...change }
}

/** Runs a cycle over the repository's current files. */
export function runCycle<T>(cycle: Cycle<T>, repo: TestRepository, disk: Disk): Run<T> {
  const log: string[] = []
  let result: { value: T } | undefined
  const run = (): void => {
    let step = cycle.next()
    while (step.done !== true) {
      log.push(lineOf(step.value))
      step = cycle.next(answer(step.value, repo, disk))
    }
    result = { value: step.value }
  }
  const written = (): string[] => log.filter((line) => /^(persist|delete) /.test(line))
  try {
    run()
  } catch (error) {
    const refused = refusalOf(() => {
      throw error
    })
    return { log, written: written(), refused }
  }
  return { log, written: written(), ...(result && { result: result.value }) }
}

/**
 * Leaves a cycle at its first request with this prefix: as a crash would, or to go on with later.
 */
export function runUntil<T>(cycle: Cycle<T>, repo: TestRepository, disk: Disk, line: string): void {
  let step = cycle.next()
  while (step.done !== true && !lineOf(step.value).startsWith(line)) {
    step = cycle.next(answer(step.value, repo, disk))
  }
}

/** The same, and it must end well. */
export function finished<T>(cycle: Cycle<T>, repo: TestRepository, disk: Disk): Run<T> {
  const run = runCycle(cycle, repo, disk)
  if (run.refused) throw new Error(`refused: ${JSON.stringify(run.refused)}`)
  return run
}

export function answer(request: CycleRequest, repo: TestRepository, disk: Disk): CycleAnswer {
  if ('read' in request) return disk.get(request.read)
  if ('persist' in request || 'delete' in request) return change(request, disk)
  if ('digest' in request) return digestsOf(request)
  if (!('fetch' in request)) return undefined
  const found = repo.answer('metadata', decodeURIComponent(request.fetch))
  if (found instanceof Uint8Array) return found
  if (request.mayBeAbsent === true) return undefined
  throw new Error(`${request.fetch} is not there`)
}

/** As a driver with a native function would. */
export function digestsOf({ digest }: DigestsRequest): readonly Uint8Array[] {
  return digest.map(({ hash, parts }) => nodeCryptography.hash(hash, Buffer.concat(parts)))
}

/** Compares and swaps. */
function change(request: PersistRequest | DeleteRequest, disk: Disk): 'done' | 'changed' {
  for (const { entry, bytes, maxLength } of request.expected ?? []) {
    const stored = disk.get(entry)
    const there = stored && stored.length <= maxLength ? stored : undefined
    if (!areSame(there, bytes)) return 'changed'
  }
  if ('persist' in request) disk.set(request.persist, request.bytes)
  else disk.delete(request.delete)
  return 'done'
}

export function lineOf(request: CycleRequest): string {
  if ('read' in request) return `read ${request.read}`
  if ('persist' in request) return `persist ${request.persist}`
  if ('delete' in request) return `delete ${request.delete}`
  if ('fetch' in request) return `fetch ${request.fetch}`
  if ('digest' in request) {
    return `digest ${request.digest.map(({ hash }) => hash).join(', ')}`
  }
  if ('note' in request) return `${request.note} ${request.entry}`
  return lineOfDecision(request.decided)
}

function lineOfDecision(decided: Decision): string {
  switch (decided.verdict) {
    case 'trusted':
      return `trusted ${decided.role} ${decided.version} of the ${decided.from}`
    case 'limit-reached':
      return `stops at root ${decided.version}`
    case 'not-used':
      return `not used: ${decided.role}, ${decided.error.code}`
  }
}

export function published(settings?: RepositoryOptions): TestRepository {
  const repo = createRepository(settings)
  repo.publish()
  return repo
}

/** A repository, and the disk of a client that saw it. */
export function seen(settings?: RepositoryOptions): { repo: TestRepository; disk: Disk } {
  const repo = published(settings)
  const disk: Disk = new Map()
  finished(online(repo), repo, disk)
  return { repo, disk }
}

export function online(
  repo: TestRepository,
  change?: Partial<CycleOptions>,
): ReturnType<typeof onlineCycle> {
  return onlineCycle(cycleOptions(repo, change))
}
