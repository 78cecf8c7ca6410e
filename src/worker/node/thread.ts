/** The meaning of `#thread` on Node, Deno and Bun. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import type { Message, Port } from '../channel.js'

export { downloadFile as downloadTo } from '../../node/download-file.js'

/** Waits for the page's port. */
export function pagePort(use: (port: Port) => unknown): void {
  const parent = parentPort
  if (!parent) throw new TypeError('serveUpdater is called in a worker')
  const take = ({ tuffet: port }: { readonly tuffet?: MessagePort }): void => {
    if (!port) return
    parent.off('message', take)
    use({
      post: (message, transfer) => port.postMessage(message, transfer),
      listen: (listener) => void port.on('message', (message: Message) => listener(message)),
      close: () => port.close(),
    })
  }
  parent.on('message', take)
}
