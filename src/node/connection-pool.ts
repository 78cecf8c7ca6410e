/**
 * Bounds the connections to each origin. Rules:
 * - requests wait in the order of their arrival, and the wait is not the server's silence;
 * - few wait for the server at once while it may close each connection after one answer: then every
 *   request needs a new one, and a full queue for new connections drops them for seconds.
 */
import { noteQueued } from '../client/queued.js'
import { type Leave, Slots } from '../client/slots.js'

/** As many as the shortest usual queue for new connections takes (`listen` with 5). */
const mostUnanswered = 6

/** Idle origins of which it is remembered that they keep connections open: redirects name any number. */
const mostRemembered = 100

interface Origin {
  readonly slots: Slots
  /** For requests on a connection of their own, until the answer begins. */
  readonly unanswered: Slots
  keepsOpen: boolean
  users: number
}

/** @internal A place in the pool. */
export interface PooledConnection {
  /** To be called when an answer begins. */
  answered(keepsOpen: boolean): void
  /** Gives the place back; more calls do nothing. */
  leave(): void
}

/** @internal The connections of one fetcher. */
export class ConnectionPool {
  readonly #most: number
  readonly #origins = new Map<string, Origin>()
  /** Otherwise a few slow answers would keep every other request waiting after each pause. */
  readonly #keepingOpen = new Set<string>()

  /** @param most to one origin */
  constructor(most: number) {
    this.#most = most
  }

  /** Waits for a connection. Throws the signal's reason. */
  async take(name: string, signal: AbortSignal): Promise<PooledConnection> {
    const origin = this.#origins.get(name) ?? this.#add(name)
    origin.users += 1
    const leaves: Leave[] = []
    const leaveAll = (): void => {
      for (const leave of leaves.splice(0)) leave()
    }
    const forget = (): void => {
      origin.users -= 1
      if (origin.users === 0) this.#rest(name, origin)
    }
    noteQueued(signal, true)
    try {
      leaves.push(await origin.slots.take(signal))
      if (!origin.keepsOpen) leaves.push(await origin.unanswered.take(signal))
    } catch (error) {
      leaveAll()
      forget()
      throw error
    } finally {
      noteQueued(signal, false)
    }
    let left = false
    return {
      answered(keepsOpen) {
        origin.keepsOpen = keepsOpen
        leaves.splice(1).forEach((leave) => leave())
      },
      leave() {
        if (left) return
        left = true
        leaveAll()
        forget()
      },
    }
  }

  #add(name: string): Origin {
    const slots = new Slots(this.#most)
    const unanswered = new Slots(Math.min(mostUnanswered, this.#most))
    const origin = { slots, unanswered, keepsOpen: this.#keepingOpen.has(name), users: 0 }
    this.#origins.set(name, origin)
    return origin
  }

  #rest(name: string, { keepsOpen }: Origin): void {
    this.#origins.delete(name)
    this.#keepingOpen.delete(name)
    if (keepsOpen) this.#keepingOpen.add(name)
    const [oldest] = this.#keepingOpen
    if (oldest !== undefined && this.#keepingOpen.size > mostRemembered) {
      this.#keepingOpen.delete(oldest)
    }
  }
}
