/** Chromium, driven over its debugging pipe: messages of JSON that end with a zero byte. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { removeFolder } from '../../test/support/remove-folder.js'

type Fields = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Fields
  readonly result?: Fields
  readonly error?: { readonly message: string }
}

/** How long one answer may take: the machine may be busy. */
const deadline = 30_000

/** One page in a browser of its own. */
export class Chromium {
  /** Every event of the page, as `method` and `params`. */
  readonly events: [method: string, params: Fields][] = []
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #waiting = new Map<number, (message: Message) => void>()
  #session: string | undefined
  #last = 0
  #rest = ''

  private constructor(child: ChildProcess, profile: string) {
    this.#child = child
    this.#profile = profile
    const output = child.stdio[4] as Readable
    output.setEncoding('utf8').on('data', (text: string) => this.#take(text))
  }

  static async start(command: string): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), 'tuffet-chromium-'))
    const quiet = ['no-first-run', 'disable-background-networking', 'disable-component-update']
    const flags = ['headless', 'no-sandbox', 'disable-gpu', 'no-proxy-server', 'hide-scrollbars']
    const all = [...flags, ...quiet, 'remote-debugging-pipe', `user-data-dir=${profile}`]
    const child = spawn(
      command,
      all.map((flag) => `--${flag}`),
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    )
    const browser = new Chromium(child, profile)
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' })
    const attached = await browser.send('Target.attachToTarget', { targetId, flatten: true })
    browser.#session = String(attached['sessionId'])
    for (const domain of ['Page', 'Runtime', 'Network', 'Log'])
      await browser.send(`${domain}.enable`)
    return browser
  }

  async send(method: string, params: Fields = {}): Promise<Fields> {
    const id = ++this.#last
    const sessionId = this.#session
    const answered = new Promise<Message>((resolve, reject) => {
      this.#waiting.set(id, resolve)
      const late = (): void => reject(new Error(`${method} was not answered`))
      setTimeout(late, deadline).unref()
    })
    const text = JSON.stringify({
      id,
      method,
      params,
      ...(sessionId !== undefined && { sessionId }),
    })
    ;(this.#child.stdio[3] as Writable).write(`${text}\0`)
    const { error, result = {} } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  /** The value of an expression in the page, which may be a promise. */
  async evaluate(expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', options)
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return (result as { value?: unknown }).value
  }

  /** Waits until the expression is true in the page. */
  async until(expression: string): Promise<void> {
    const end = Date.now() + deadline
    while ((await this.evaluate(`Boolean(${expression})`)) !== true) {
      if (Date.now() > end)
        throw new Error(
          `never true: ${expression}\n${String(await this.evaluate('document.body.innerText'))}\n${this.complaints().join('\n')}`,
        )
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Exceptions and messages of errors. */
  complaints(): string[] {
    return this.events.flatMap(([method, params]) => {
      const isComplaint = method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded'
      return isComplaint ? [JSON.stringify(params)] : []
    })
  }

  /** Presses and releases a key, such as `Tab`. */
  async press(key: string, keyCode: number, text?: string): Promise<void> {
    const event = {
      key,
      code: key,
      windowsVirtualKeyCode: keyCode,
      ...(text !== undefined && { text }),
    }
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event })
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true })
    return Buffer.from(String(data), 'base64')
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#session = undefined
    await this.send('Browser.close')
    await ended
    await removeFolder(this.#profile)
  }

  #take(text: string): void {
    const messages = (this.#rest + text).split('\0')
    this.#rest = messages.pop() ?? ''
    const parse: (text: string) => Message = JSON.parse
    for (const message of messages.map((one) => parse(one))) {
      if (message.id === undefined) this.events.push([message.method ?? '', message.params ?? {}])
      else this.#waiting.get(message.id)?.(message)
    }
  }
}
