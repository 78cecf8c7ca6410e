/**
 * Room for files that are in work at the same time: a file takes several times its bytes when it is
 * read, and eight of the longest ones at once would take all memory.
 */
import type { Leave } from '../client/slots.js'

export class Room {
  readonly #most: number
  #free: number
  readonly #waiting: { readonly bytes: number; readonly enter: () => void }[] = []

  constructor(most: number) {
    this.#most = most
    this.#free = most
  }

  /**
   * Waits for room, in the order of calls. It heeds no signal: those inside end with theirs, and leave.
   *
   * @param length a file longer than all the room waits until it is alone
   */
  async enter(length: number): Promise<Leave> {
    const bytes = Math.min(length, this.#most)
    if (this.#waiting.length === 0 && bytes <= this.#free) this.#free -= bytes
    else await new Promise<void>((enter) => this.#waiting.push({ bytes, enter }))
    return () => {
      this.#free += bytes
      this.#admit()
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#free -= next.bytes
      next.enter()
    }
  }
}

/** One file's place in the room. */
export class Seat {
  readonly #room: Room
  #leave: Leave | undefined

  constructor(room: Room) {
    this.#room = room
  }

  /** Waits for room; once. */
  async take(length: number): Promise<void> {
    this.#leave = await this.#room.enter(length)
  }

  /** Without effect where it was not taken. */
  leave(): void {
    this.#leave?.()
    this.#leave = undefined
  }
}
