/** `tuffet pypi serve` */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { allowRemote, startProxy, type ProxyOptions } from '../pypi/proxy/proxy.js'
import type { ProxyRefusal } from '../pypi/proxy/refusal.js'
import type { Call, Command } from './command.js'
import { printLine } from './io.js'
import type { OptionName } from './options.js'
import { openProxySession, pypiProxyOptions, type PypiSession } from './pypi-session.js'
import { UsageError } from './usage-error.js'

/** Of every command with a proxy. */
export const spoolOptions: readonly OptionName[] = ['spool-folder', 'spool-bytes', 'unsized-bytes']

export const pypiServe: Command = {
  parameters: '',
  words: { least: 0, most: 0 },
  options: [
    ...pypiProxyOptions,
    ...(['port', 'interval', 'listen', 'allow-remote', 'hostname', 'token'] as const),
    ...spoolOptions,
  ],
  about: [
    'Serves /simple/ on loopback, for any installer, until it is interrupted. It verifies a page or',
    'a file completely before it sends the first byte; a refusal states its reason. uv waits 30',
    'seconds for a file: raise its UV_HTTP_TIMEOUT if large ones take longer to arrive.',
    'Prints its URL, and each refusal on standard error.',
    '         pip install --index-url http://127.0.0.1:8000/simple/ requests',
  ],
  examples: ['tuffet pypi serve --port 8000'],
  async run(call) {
    const { io, options } = call
    const session = await openProxySession(call)
    const proxy = await startProxy({
      ...proxyOptions(session, call),
      port: wholeNumber('port', options.port ?? '0', 65_535),
      interval: 1_000 * wholeNumber('interval', options.interval ?? '300', 2_000_000),
      host: options.listen ?? '127.0.0.1',
      hostnames: (options.hostname ?? []).map((name) => name.toLowerCase()),
      [allowRemote]: options['allow-remote'] === true,
      ...(options.token === true && { token: newToken() }),
    }).catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error
      throw new UsageError(`${error.message}; --allow-remote lets them`, { cause: error })
    })
    const { indexUrl } = proxy
    const line = options.json === true ? JSON.stringify({ ok: true, indexUrl }) : indexUrl
    printLine(io.stdout, line)
    try {
      // A program that waits for the URL would wait in vain.
      await io.stdout.flush()
      if (!io.signal.aborted) await once(io.signal, 'abort')
    } finally {
      await proxy.close()
    }
    return { lines: [], json: {} }
  },
}

/** 192 bits, as a segment of a URL. */
export function newToken(): string {
  return randomBytes(24).toString('base64url')
}

/** The proxy options of every command. */
export function proxyOptions(
  { source, layout, attestations, unsigned }: PypiSession,
  { io, options }: Call,
): Omit<ProxyOptions, 'port' | 'host' | 'hostnames' | 'token' | 'interval'> {
  const { 'spool-folder': folder, 'spool-bytes': bytes, 'unsized-bytes': unsized } = options
  const said = new Set<string>()
  return {
    spool: {
      ...(folder !== undefined && { folder: resolve(io.folder, folder) }),
      ...(bytes !== undefined && { maxBytes: wholeNumber('spool-bytes', bytes, 1e15) }),
    },
    ...(unsized !== undefined && { maxUnsizedLength: wholeNumber('unsized-bytes', unsized, 1e15) }),
    updater: source,
    layout,
    unsigned,
    ...(attestations && { judge: (signal: AbortSignal) => attestations.judge(signal) }),
    signal: io.signal,
    onRefusal: (refusal) => printLine(io.stderr, `tuffet: ${refusalLine(refusal)}`),
    onLeftOut(project, filenames) {
      const line = `left out of the page of ${project}: ${filenames.join(', ')}`
      if (!said.has(line)) printLine(io.stderr, `tuffet: ${line}`)
      said.add(line)
    },
  }
}

/** One line. */
export function refusalLine({ asked, reason }: ProxyRefusal): string {
  return `refused ${asked}: ${reason}`
}

/** @throws UsageError */
export function wholeNumber(option: string, text: string, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
  if (value <= most) return value
  throw new UsageError(`--${option} must be a whole number up to ${most}`)
}
