/**
 * The default limits of clients, each read in the source of the named version. All of them take a
 * listed length in place of the default for snapshot and targets, except tuffet, whose limits hold in
 * any case.
 */
import { resolveLimits } from '../../client/limits.js'

/** Lengths in bytes. */
export interface ClientLimits {
  readonly root: number
  readonly timestamp: number
  readonly snapshot: number
  readonly targets: number
  /** New roots in one update cycle. */
  readonly roots: number
  /** Roles that one search visits, the top-level one included. */
  readonly roles: number
  /** Whether `snapshot` and `targets` hold for files whose length is listed too. */
  readonly whenListed: boolean
}

const own = resolveLimits()
const ofPython = {
  root: 512_000,
  timestamp: 16_384,
  snapshot: 2_000_000,
  targets: 5_000_000,
  roots: 256,
  // The loops run while at most 32 roles were visited.
  roles: 33,
  whenListed: false,
} as const

/** By client and version. python-tuf's numbers were copied by go-tuf and tuf-js. */
export const clientLimits: Readonly<Record<string, ClientLimits>> = {
  'python-tuf 7.0.1': ofPython,
  'go-tuf 2.4.2': ofPython,
  'tuf-js 6.0.2': ofPython,
  'tough 0.24.0': {
    root: 1_048_576,
    timestamp: 1_048_576,
    snapshot: 1_048_576,
    targets: 10_485_760,
    roots: 1_024,
    // It loads every role before a search.
    roles: Infinity,
    whenListed: false,
  },
  tuffet: {
    root: own.rootLength,
    timestamp: own.timestampLength,
    snapshot: own.snapshotLength,
    targets: own.targetsLength,
    roots: own.rootRotations,
    roles: own.searchedRoles,
    whenListed: true,
  },
}

/** The clients that refuse a value of this size. */
export function clientsBelow(
  limit: Exclude<keyof ClientLimits, 'whenListed'>,
  size: number,
  listed: boolean = false,
): readonly string[] {
  return Object.entries(clientLimits)
    .filter(([, limits]) => size > limits[limit] && (!listed || limits.whenListed))
    .map(([name, limits]) => `${name} (${limits[limit]})`)
}
