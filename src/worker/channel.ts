/**
 * Calls between two threads, in both directions, over one port. A call is answered with a value or an
 * error, may be aborted, and may report its progress. What the calls are is in `calls.ts`.
 */
import { errorFrom, errorMessage, type ErrorMessage } from './error-message.js'

/** One end of a message port. */
export interface Port {
  /** Throws where the message cannot be copied. */
  post(message: Message, transfer: ArrayBuffer[]): void
  /** Called once. */
  listen(listener: (message: Message) => void): void
  close(): void
}

/** What a port carries. The call 0 wants no answer. */
export type Message =
  | { readonly call: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly abort: number }
  | { readonly progress: number; readonly value: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: ErrorMessage }

/** Calls of one direction: arguments, and the value that answers. */
export type Calls<T> = { readonly [N in keyof T]: (...args: never[]) => unknown }

/** The context of a call on the side that answers it. */
export interface Asked {
  /** Aborts when the caller does, and when the other side ends. */
  readonly signal: AbortSignal
  readonly progress: (value: unknown) => void
}

type Answer<R> = R | (Uint8Array extends R ? Moved : never)

/** How the calls of one direction are answered. */
export type Answers<T extends Calls<T>> = {
  readonly [N in keyof T]: (
    asked: Asked,
    ...args: Parameters<T[N]>
  ) => Answer<ReturnType<T[N]>> | Promise<Answer<ReturnType<T[N]>>>
}

/** An answer of bytes that nobody else uses: they are moved, not copied. */
export class Moved {
  readonly bytes: Uint8Array
  readonly buffer: ArrayBuffer

  constructor(bytes: Uint8Array) {
    const { buffer, byteLength } = bytes
    const fills = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    // A copy of a part: the whole buffer would go with it.
    const copy = fills ? undefined : new Uint8Array(bytes)
    this.bytes = copy ?? bytes
    this.buffer = copy?.buffer ?? (buffer as ArrayBuffer)
  }
}

/** How a call is made. */
export interface CallOptions {
  /** Ends the waiting at once, with its reason. */
  readonly signal?: AbortSignal | undefined
  /** Buffers of the arguments that are moved, not copied. */
  readonly transfer?: ArrayBuffer[] | undefined
  /** What it throws ends the call. */
  readonly onProgress?: ((value: never) => void) | undefined
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
  readonly onProgress: ((value: never) => void) | undefined
}

/** One side. `T` are the calls that the other side answers. */
export class Channel<T extends Calls<T>> {
  readonly #port: Port
  readonly #answers: ReadonlyMap<string, (asked: Asked, ...args: unknown[]) => unknown>
  readonly #onBusy: (isBusy: boolean) => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #asked = new Map<number, AbortController>()
  #refused: { readonly reason: unknown } | undefined
  #ended = false
  #last = 0

  /** `onBusy` is told when the first call starts to wait, and when none waits any more. */
  constructor(port: Port, answers: object, onBusy: (isBusy: boolean) => void = () => undefined) {
    this.#port = port
    this.#answers = new Map(Object.entries(answers))
    this.#onBusy = onBusy
    port.listen((message) => this.#receive(message))
  }

  /** Rejects with the other side's error, the signal's reason, or the reason of {@link end}. */
  call<N extends keyof T & string>(
    name: N,
    args: Parameters<T[N]>,
    { signal, transfer = [], onProgress }: CallOptions = {},
  ): Promise<ReturnType<T[N]>> {
    const id = ++this.#last
    const answer = new Promise<unknown>((resolve, reject) => {
      signal?.throwIfAborted()
      if (this.#refused) throw this.#refused.reason
      this.#port.post({ call: id, name, args }, transfer)
      const abort = (): void => this.#abort(id, signal?.reason)
      const settled = (): void => signal?.removeEventListener('abort', abort)
      signal?.addEventListener('abort', abort, { once: true })
      if (this.#waiting.size === 0) this.#onBusy(true)
      this.#waiting.set(id, {
        onProgress,
        resolve: (value) => {
          settled()
          resolve(value)
        },
        reject: (reason) => {
          settled()
          reject(reason)
        },
      })
    })
    return answer as Promise<ReturnType<T[N]>>
  }

  /** A call that nobody waits for. An answer that throws is an unhandled rejection there. */
  tell<N extends keyof T & string>(name: N, args: Parameters<T[N]>): void {
    this.#post({ call: 0, name, args })
  }

  /** Aborts the calls that wait, makes a last one, and takes no other. */
  finish<N extends keyof T & string>(
    name: N & (Parameters<T[N]> extends [] ? N : never),
    reason: unknown,
  ): Promise<ReturnType<T[N]>> {
    for (const id of [...this.#waiting.keys()]) this.#abort(id, reason)
    const last = this.call(name, [] as unknown as Parameters<T[N]>)
    this.#refused ??= { reason }
    return last
  }

  /** Aborts what this side works on. */
  abortAsked(): void {
    for (const controller of this.#asked.values()) controller.abort()
  }

  /** Rejects every call, waiting or to come, aborts what this side works on, and closes the port. */
  end(reason: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#refused ??= { reason }
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(reason)
    this.abortAsked()
    this.#port.close()
  }

  #receive(message: Message): void {
    if (this.#ended) return
    if ('call' in message) {
      const { call, name, args } = message
      if (call === 0) void this.#work(new AbortController(), call, name, args)
      else void this.#answer(call, name, args)
    } else if ('abort' in message) this.#asked.get(message.abort)?.abort()
    else if ('progress' in message) this.#progress(message.progress, message.value)
    else if ('error' in message) this.#settle(message.answer)?.reject(errorFrom(message.error))
    else this.#settle(message.answer)?.resolve(message.value)
  }

  async #answer(id: number, name: string, args: readonly unknown[]): Promise<void> {
    const controller = new AbortController()
    this.#asked.set(id, controller)
    try {
      const value = await this.#work(controller, id, name, args)
      if (value instanceof Moved) this.#post({ answer: id, value: value.bytes }, [value.buffer])
      else this.#post({ answer: id, value })
    } catch (error) {
      // Also where the value cannot be copied.
      this.#post({ answer: id, error: errorMessage(error) })
    }
    this.#asked.delete(id)
  }

  async #work(
    { signal }: AbortController,
    id: number,
    name: string,
    args: readonly unknown[],
  ): Promise<unknown> {
    const progress = (value: unknown): void => this.#post({ progress: id, value })
    return this.#answers.get(name)?.({ signal, progress }, ...args)
  }

  #post(message: Message, transfer: ArrayBuffer[] = []): void {
    if (!this.#ended) this.#port.post(message, transfer)
  }

  #progress(id: number, value: unknown): void {
    try {
      this.#waiting.get(id)?.onProgress?.(value as never)
    } catch (error) {
      this.#abort(id, error)
    }
  }

  #abort(id: number, reason: unknown): void {
    const waiting = this.#settle(id)
    if (!waiting) return
    this.#post({ abort: id })
    waiting.reject(reason)
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.#onBusy(false)
    return waiting
  }
}
