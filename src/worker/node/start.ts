/** The meaning of `#worker` on Node, Deno and Bun: a thread of `node:worker_threads`. */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Message, Port } from '../channel.js'
import type { Line, WorkerLike } from '../line.js'

/** Starts a worker, or takes the given one, and gives it the other end of a port. */
export function startWorker(
  given: WorkerLike | undefined,
  onDeath: (reason: unknown) => void,
): Line {
  const worker = given ?? new Worker(new URL('../program.js', import.meta.url))
  if (!(worker instanceof Worker)) {
    throw new TypeError('the worker must be a Worker of node:worker_threads')
  }
  const { port1, port2 } = new MessageChannel()
  worker.on('error', onDeath)
  worker.on('messageerror', onDeath)
  worker.on('exit', (code) => onDeath(new Error(`the thread ended with code ${code}`)))
  port1.on('messageerror', onDeath)
  worker.postMessage({ tuffet: port2 }, [port2])
  const port: Port = {
    post: (message, transfer) => port1.postMessage(message, transfer),
    listen: (listener) => void port1.on('message', (message: Message) => listener(message)),
    close: () => port1.close(),
  }
  const hold = (isBusy: boolean): void => {
    for (const one of [worker, port1]) {
      if (isBusy) one.ref()
      else one.unref()
    }
  }
  return { port, hold, terminate: () => worker.terminate() }
}
