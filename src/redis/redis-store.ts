/**
 * A store in one hash of Redis or Valkey. Each change is one script: the server compares the expected
 * entries and changes in one step, so there is no lock that a paused process could lose.
 */
import { checkEntryName } from '../client/entry-name.js'
import { inTime, type TimeLimit } from '../client/in-time.js'
import { type GetOptions, markIsolated, type SetOptions } from '../client/store.js'
import type { Store, StoreChange } from '../client/store.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import { checkInteger } from '../core/number-option.js'
import { StoreFailedError } from '../errors.js'
import { type RedisClient, senderOf, type SendToRedis } from './connection.js'
import { historyIn, replicated } from './replicas.js'
import { changeAnswers, changeScript, getScript } from './scripts.js'

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** The key of the hash: one for each repository. Default `tuffet`. */
  readonly key?: string | undefined
  /** Milliseconds for one command, with the client's own waiting and retries. Default 10,000. */
  readonly timeout?: number | undefined
  /** Ends every call, those to come too. */
  readonly signal?: AbortSignal | undefined
  /** The most bytes of one entry. Default 64 MiB; at most 512 MB, which is Redis's own limit. */
  readonly maxEntryBytes?: number | undefined
  /**
   * The most bytes of all entries. The last tenth is for entries that must last; other files are not kept
   * when the rest is used up. Default 1 GiB.
   */
  readonly maxBytes?: number | undefined
  /** The most entries; the last tenth as in `maxBytes`. Default 100,000. */
  readonly maxEntries?: number | undefined
  /**
   * How many replicas must have a change that must last before it counts as made (`WAIT` and
   * `INFO replication`). With fewer, and after a failover meanwhile, it fails, and may have been made. Default 0:
   * a server that fails may take the newest changes with it.
   */
  readonly replicas?: number | undefined
}

/** What Redis can hold in one value, in bytes. */
const mostOfRedis = 512 * 1_024 * 1_024

/**
 * A store in one hash of Redis or Valkey (Redis from version 5), for updaters on many machines. `client` is a connected client of `redis`, `ioredis` or another package; the
 * application closes it.
 *
 * Failures are `StoreFailedError` with the client's error as the `cause`; a cause `TimeoutError` where
 * the time was over, `RangeError` where a limit was reached. Throws `RangeError` for a name that is not one of a
 * store and for an option out of range, `TypeError` for something that is not a
 * client, and for `enableAutoPipelining` of ioredis.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis'
 * import { Updater } from 'tuffet'
 * import { redisStore } from 'tuffet/redis'
 *
 * const store = redisStore(new Redis('rediss://redis.example.com'), { key: 'tuf:example' })
 * const updater = new Updater({ metadataUrl: 'https://tuf.example.com/metadata/', store })
 * ```
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Store {
  return markIsolated(new RedisStore(senderOf(client), options))
}

class RedisStore implements Store {
  readonly #send: SendToRedis
  readonly #key: string
  readonly #limit: TimeLimit
  readonly #maxEntryBytes: number
  readonly #maxBytes: number
  readonly #maxEntries: number
  readonly #replicas: number

  constructor(send: SendToRedis, options: RedisStoreOptions) {
    this.#send = send
    this.#key = options.key ?? 'tuffet'
    if (this.#key === '') throw new RangeError('the key of a store cannot be empty')
    const timeout = checkInteger('timeout', options.timeout ?? 10_000, 1, 2 ** 31 - 1)
    this.#limit = { timeout, signal: options.signal }
    const entryBytes = options.maxEntryBytes ?? 64 * 1_024 * 1_024
    this.#maxEntryBytes = checkInteger('maxEntryBytes', entryBytes, 1, mostOfRedis)
    this.#maxBytes = checkInteger('maxBytes', options.maxBytes ?? 1_024 ** 3, 1)
    this.#maxEntries = checkInteger('maxEntries', options.maxEntries ?? 100_000, 1)
    this.#replicas = checkInteger('replicas', options.replicas ?? 0, 0, 100)
  }

  async get(name: string, options: GetOptions = {}): Promise<Uint8Array | undefined> {
    checkEntryName(name)
    const { maxLength = mostOfRedis } = options
    const most = Math.min(maxLength + 1, mostOfRedis)
    const answer = await this.#run('get', name, getScript, [name, String(most)])
    if (answer === null || answer === undefined) return undefined
    if (answer instanceof Uint8Array) {
      // Its own: clients cut answers from a larger buffer. A server may send more than was asked for.
      return new Uint8Array(answer.subarray(0, most))
    }
    throw new StoreFailedError('get', name, { cause: new TypeError('the answer is not bytes') })
  }

  async set(name: string, bytes: Uint8Array, options: SetOptions = {}): Promise<void> {
    await this.change({ set: name, bytes, lasting: options.lasting }, [])
  }

  async delete(name: string): Promise<void> {
    await this.change({ delete: name }, [])
  }

  async change(change: StoreChange, expected: readonly ExpectedEntry[]): Promise<boolean> {
    const isSet = 'set' in change
    const [operation, name] = isSet
      ? (['set', change.set] as const)
      : (['delete', change.delete] as const)
    for (const { entry } of [{ entry: name }, ...expected]) checkEntryName(entry)
    // A copy, which a Buffer's `slice` is not: the client may send it later than now.
    const bytes = isSet ? new Uint8Array(change.bytes) : new Uint8Array()
    if (bytes.length > this.#maxEntryBytes) {
      throw full(
        operation,
        name,
        `${bytes.length} bytes are more than maxEntryBytes, ${this.#maxEntryBytes}`,
      )
    }
    const lasts = !isSet || change.lasting !== false
    const share = (most: number): string => String(lasts ? most : Math.floor(most * 0.9))
    const wait = lasts && this.#replicas > 0
    const args = [
      ...[isSet ? (lasts ? 'set' : 'drop') : 'delete', name, bytes],
      ...[share(this.#maxBytes), share(this.#maxEntries), wait ? '1' : '0'],
      ...expected.flatMap(argsOf),
    ]
    const answer = await this.#run(operation, name, changeScript, args, wait)
    const { changed, made } = changeAnswers
    if (answer === changeAnswers.full) {
      const most = `maxBytes, ${this.#maxBytes}, or maxEntries, ${this.#maxEntries}`
      throw full(operation, name, `the store would become larger than ${most}`)
    }
    if (answer === changed || answer === made) return answer === made
    throw new StoreFailedError(operation, name, {
      cause: new TypeError('the answer is not a number of the script'),
    })
  }

  async #run(
    operation: 'get' | 'set' | 'delete',
    name: string,
    script: string,
    args: readonly (string | Uint8Array)[],
    wait = false,
  ): Promise<unknown> {
    try {
      return await inTime(this.#limit, async (signal) => {
        // Before the time is over, for the better error.
        const end = performance.now() + this.#limit.timeout * 0.9
        const key = this.#key
        const answer = await this.#send(['EVAL', script, '1', key, ...args], { signal })
        const history = wait ? historyIn(answer) : undefined
        if (wait && answer === changeAnswers.made) {
          throw new TypeError('the server did not say which history has the change')
        }
        if (history === undefined) return answer
        await replicated({ key, history, replicas: this.#replicas, end }, (command) =>
          this.#send(command, { signal }),
        )
        return changeAnswers.made
      })
    } catch (error) {
      throw new StoreFailedError(operation, name, { cause: error })
    }
  }
}

function argsOf({ entry, bytes, maxLength }: ExpectedEntry): (string | Uint8Array)[] {
  return [
    ...[entry, String(Math.min(maxLength, Number.MAX_SAFE_INTEGER))],
    ...[bytes ? '1' : '0', bytes ? new Uint8Array(bytes) : ''],
  ]
}

function full(operation: 'set' | 'delete', name: string, why: string): StoreFailedError {
  return new StoreFailedError(operation, name, { cause: new RangeError(why) })
}
