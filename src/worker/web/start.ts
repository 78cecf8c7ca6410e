/** The meaning of `#worker` in browsers: a `Worker` with a module. */
import type { Message } from '../channel.js'
import type { Line, WorkerLike } from '../line.js'

/** Starts a worker, or takes the given one, and gives it the other end of a port. */
export function startWorker(
  given: WorkerLike | undefined,
  onDeath: (reason: unknown) => void,
): Line {
  const worker = given ?? new Worker(new URL('../program.js', import.meta.url), { type: 'module' })
  if (!(worker instanceof Worker)) throw new TypeError('the worker must be a Worker')
  const { port1, port2 } = new MessageChannel()
  const unreadable = (): void => onDeath(new Error('a message cannot be read'))
  // A script that cannot be loaded has no message.
  worker.addEventListener('error', ({ error, message }) =>
    onDeath(error ?? new Error(message || 'the program of the worker cannot be loaded')),
  )
  worker.addEventListener('messageerror', unreadable)
  port1.onmessageerror = unreadable
  worker.postMessage({ tuffet: port2 }, [port2])
  return {
    port: {
      post: (message, transfer) => port1.postMessage(message, transfer),
      listen(listener) {
        port1.onmessage = ({ data }: MessageEvent<Message>) => listener(data)
      },
      close: () => port1.close(),
    },
    hold: () => undefined,
    terminate: () => worker.terminate(),
  }
}
