/**
 * Waits until replicas have a change. WAIT alone proves nothing: on another connection, such as that of a
 * pool or after a failover, it answers for other writes. The server's own history is compared instead.
 */
import type { SendToRedis } from './connection.js'
import { replicasScript } from './scripts.js'

/** A change that was made. */
export interface ReplicatedChange {
  readonly key: string
  /** The id of the history that has it: another master has another. */
  readonly history: string
  /** How many must have it. */
  readonly replicas: number
  /** When to give up, as of `performance.now`. */
  readonly end: number
}

/** The most milliseconds of one WAIT: it may be on the connection of other users, or of another server. */
const longestWait = 100
const pause = 10

/** Throws Error where the replicas do not have it in time, or the server that made it is not the master now. */
export async function replicated(
  { key, history, replicas, end }: ReplicatedChange,
  send: (args: readonly string[]) => ReturnType<SendToRedis>,
): Promise<void> {
  const left = (): number => Math.ceil(end - performance.now())
  // It makes the server ask its replicas; without it they tell once a second.
  const wait = (): Promise<unknown> => send(['WAIT', String(replicas), String(longestWait)])
  const ask = async (): Promise<Progress> => {
    const progress = progressIn(await send(['EVAL', replicasScript, '1', key]))
    if (progress.history === history) return progress
    throw new Error('the server that made the change is not the master any more')
  }
  // All at once. Asked after the change was made, so its history contains it.
  const [{ length }, , first] = await Promise.all([ask(), wait(), ask()])
  for (let now = first; ;) {
    const count = now.replicas.filter((has) => has >= length).length
    if (count >= replicas) return
    if (left() <= 0) throw new Error(`${count} of ${replicas} replicas have the change`)
    await new Promise((resolve) => setTimeout(resolve, pause))
    // The server looks at the time ten times a second, so a wait may take twice as long.
    const [, next] = await Promise.all([left() > 2 * longestWait && wait(), ask()])
    now = next
  }
}

interface Progress {
  readonly history: string
  readonly length: number
  readonly replicas: readonly number[]
}

function progressIn(answer: unknown): Progress {
  const text = textOf(answer)
  if (text === undefined || !/^(?:replica|[0-9a-f]+(?: [0-9]+)+)$/.test(text)) {
    throw new TypeError('the answer is not one of the script')
  }
  const [history = '', length, ...replicas] = text.split(' ')
  return { history, length: Number(length), replicas: replicas.map(Number) }
}

/** @internal The id of a history, or undefined for anything else. */
export function historyIn(answer: unknown): string | undefined {
  const text = textOf(answer)
  return text !== undefined && /^[0-9a-f]{40}$/.test(text) ? text : undefined
}

function textOf(answer: unknown): string | undefined {
  if (!(answer instanceof Uint8Array) || answer.length > 10_000) return undefined
  return new TextDecoder().decode(answer)
}
