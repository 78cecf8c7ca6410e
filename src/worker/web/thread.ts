/** The meaning of `#thread` in browsers. */
import type { Message, Port } from '../channel.js'

/** Waits for the page's port. */
export function pagePort(use: (port: Port) => unknown): void {
  const take = ({ data }: MessageEvent<{ readonly tuffet?: MessagePort } | undefined>): void => {
    const port = data?.tuffet
    if (!port) return
    removeEventListener('message', take)
    use({
      post: (message, transfer) => port.postMessage(message, transfer),
      listen(listener) {
        port.onmessage = ({ data: message }: MessageEvent<Message>) => listener(message)
      },
      close: () => port.close(),
    })
  }
  addEventListener('message', take)
}

/** There is no disk. */
export function downloadTo(): Promise<never> {
  return Promise.reject(new TypeError('downloadFile needs a disk: use read or stream'))
}
