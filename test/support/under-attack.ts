/**
 * The demands on every attack: the client refuses it as it should, stores no refused file, keeps
 * the stored ones, and believes the honest repository again afterwards.
 */
import { expect } from '@jest/globals'
import type { Repository } from '../../src/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { clientOf, type ClientOptions, type TestClient } from './client.js'
import { refusalOfTask } from './refusal.js'

/** How an attack must end: as `repo.attack` says, or by hand. */
export interface Expected {
  readonly code: string | undefined
  readonly role: string | undefined
  readonly step: string
  /** The effects that `repo.attack.stop()` does not end. */
  readonly end?: () => void
}

/** Serves the files that a fork of the repository publishes, until the end. */
export function serveFork(
  repo: TestRepository,
  change: (fork: TestRepository) => unknown,
): () => void {
  const fork = repo.fork()
  change(fork)
  return repo.intercept((kind, name) => fork.answer(kind, name))
}

/** The client's action under attack. Default: it refreshes. */
export type Ask = (client: TestClient) => Promise<unknown>

export interface AttackOptions extends ClientOptions {
  readonly ask?: Ask
  /** Roles whose next version is accepted before the refusal. Default: those before the refused. */
  readonly accepted?: readonly string[]
  /**
   * The attack rotates the keys of timestamp or snapshot: the stored files are deleted (5.3.11).
   */
  readonly rotated?: boolean
  /** The client starts with an empty store. */
  readonly fresh?: boolean
}

const order = ['root', 'timestamp', 'snapshot', 'targets']

/** Runs an attack against a client that saw the repository as it was. */
export async function expectRefused(
  repo: TestRepository,
  begin: (repo: TestRepository) => Expected,
  options: AttackOptions = {},
): Promise<void> {
  const {
    ask = (one) => one.updater.refresh(),
    accepted,
    rotated,
    fresh = false,
    ...others
  } = options
  const client = clientOf(repo, others)
  if (!fresh) await client.updater.refresh()
  const before = new Map(client.store.entries)
  const { code, role, step, end } = begin(repo)

  const refused = await refusalOfTask(ask(client))
  expect(refused.code).toBe(code)
  // A failure to fetch names no place in the repository: the URL says which file.
  if (refused.url === undefined) expect(refused).toEqual({ code, role, step })

  const may = accepted ?? acceptedBefore(role)
  for (const name of order.slice(1).filter((one) => !may.includes(one))) {
    const deleted = rotated === true && name !== 'targets'
    const stored = client.store.entries.get(`${name}.json`)
    expect([name, textOf(stored)]).toEqual([
      name,
      deleted ? '' : textOf(before.get(`${name}.json`)),
    ])
  }
  if (role !== undefined && !order.includes(role)) {
    const name = `${encodeURIComponent(role)}.json`
    expect(textOf(client.store.entries.get(name))).toBe(textOf(before.get(name)))
  }
  if (role === 'root') expectRootsUnchanged(client, before)

  end?.()
  repo.attack.stop()
  await expectRecovered(repo, client)
  await ask(client)
}

/** The honest repository goes on, past whatever versions an attack reached, and is believed. */
export async function expectRecovered(
  repo: TestRepository,
  client: TestClient,
): Promise<Repository> {
  const roles = ['timestamp', 'snapshot', ...repo.roles()]
  for (const role of roles) repo.setNextVersion(role, repo.version(role) + 5)
  repo.publish('root')
  repo.publish('root', ...repo.roles())
  const view = await client.updater.refresh()
  const { timestamp, snapshot, targets } = view
  expect([timestamp, snapshot, targets].map(({ version }) => version)).toEqual(
    order.slice(1).map((role) => repo.version(role)),
  )
  return view
}

/** Of a delegated role, the whole top level. */
function acceptedBefore(role: string | undefined): readonly string[] {
  return role !== undefined && order.includes(role) ? order.slice(0, order.indexOf(role)) : order
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

function expectRootsUnchanged(
  { store }: TestClient,
  before: ReadonlyMap<string, Uint8Array>,
): void {
  const roots = (names: Iterable<string>): string[] =>
    [...names].filter((name) => name.startsWith('root_history/'))
  // Only files from the anchor itself may be new.
  const known = new Set([...roots(before.keys()), 'root_history/1.root.json'])
  expect(new Set(roots(store.entries.keys()))).toEqual(known)
}
