/** The memory and handles of a process after garbage collection, and whether it grew in a run. */
import { getEventListeners } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'

export interface Sample {
  /** MB, of JavaScript objects and of buffers outside of the heap. */
  readonly memory: number
  /** MB, of the whole process. */
  readonly resident: number
  /** Open files and sockets; 0 where the system does not list them. */
  readonly descriptors: number
  /** Timers, sockets and requests that keep the process alive. */
  readonly resources: number
  /** Of the process, and of the one signal that every call was given. */
  readonly listeners: number
}

export function sample(signal: AbortSignal): Sample {
  if (!gc) throw new TypeError('node --expose-gc is needed')
  gc()
  gc()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  const listeners = process.eventNames().map((name) => process.listenerCount(name))
  return {
    memory: round((heapUsed + arrayBuffers) / 1e6),
    resident: round(rss / 1e6),
    descriptors: existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0,
    resources: process.getActiveResourcesInfo().length,
    listeners: listeners.reduce(
      (sum, count) => sum + count,
      getEventListeners(signal, 'abort').length,
    ),
  }
}

/**
 * The names of the values that grew: the least value of the last third is above the greatest of the first, and
 * above the room for caches that fill.
 */
export function grown(samples: readonly Sample[]): string[] {
  const third = Math.floor(samples.length / 3)
  if (third < 2) throw new RangeError(`${samples.length} samples are too few`)
  const first = samples.slice(0, third)
  const last = samples.slice(-third)
  const room: Sample = { memory: 3, resident: 40, descriptors: 8, resources: 8, listeners: 0 }
  return keys.filter(
    (key) =>
      Math.min(...last.map((one) => one[key])) >
      Math.max(...first.map((one) => one[key])) + room[key],
  )
}

const keys = ['memory', 'resident', 'descriptors', 'resources', 'listeners'] as const

function round(value: number): number {
  return Math.round(value * 10) / 10
}
