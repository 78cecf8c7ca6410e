/**
 * Where events go besides `onEvent`, on Node, Deno and Bun: to the channels of
 * `node:diagnostics_channel`, and with `NODE_DEBUG=tuffet` to standard error.
 */
import type { EventOutlets, PublishedEvent, UpdaterEvent } from '../client/events.js'
import { maskCredentials } from '../errors/mask-credentials.js'
import { builtinModule } from './builtin-module.js'
import { describeEvent } from './describe-event.js'
import { printable } from '../words/printable.js'

/** Each type of event has a channel of this name. */
const channelNames: Readonly<Record<UpdaterEvent['type'], string>> = {
  request: 'tuffet:request',
  response: 'tuffet:response',
  absent: 'tuffet:absent',
  'from-below': 'tuffet:from-below',
  'below-not-used': 'tuffet:below-not-used',
  retry: 'tuffet:retry',
  decision: 'tuffet:decision',
  write: 'tuffet:write',
  delete: 'tuffet:delete',
  yield: 'tuffet:yield',
  'clock-ignored': 'tuffet:clock-ignored',
  'not-kept': 'tuffet:not-kept',
  superseded: 'tuffet:superseded',
  'cache-miss': 'tuffet:cache-miss',
  restart: 'tuffet:restart',
}

/** @internal */
export const eventChannels: readonly string[] = Object.values(channelNames)

type Channel = ReturnType<(typeof import('node:diagnostics_channel'))['channel']>
type Log = Partial<DebugLog> & ((text: string, ...values: unknown[]) => void)
type DebugLog = ReturnType<(typeof import('node:util'))['debuglog']>

// Both are looked up when the first event comes: a program without any pays nothing.
let channels: ReadonlyMap<string, Channel> | undefined
let debugLog: Log | undefined

/** By name. They are held for good: Bun forgets a channel that nobody holds, with its subscribers. */
function allChannels(): ReadonlyMap<string, Channel> {
  if (channels === undefined) {
    const { channel } = builtinModule('node:diagnostics_channel')
    channels = new Map(eventChannels.map((name) => [name, channel(name)]))
  }
  return channels
}

function log(): Log {
  return (debugLog ??= builtinModule('node:util').debuglog('tuffet'))
}

// Subscribers may come long before the first event.
if ('Bun' in globalThis) allChannels()

/** @internal */
export const nodeEventOutlets: EventOutlets = {
  publish(event, metadataUrl) {
    const channel = allChannels().get(channelNames[event.type])
    if (channel?.hasSubscribers !== true) return
    const message: PublishedEvent = { ...event, metadataUrl }
    channel.publish(message)
  },
  isWanted: () =>
    [...allChannels().values()].some(({ hasSubscribers }) => hasSubscribers) ||
    // Bun's logs do not say whether they are on.
    (log().enabled ?? true),
  print(event) {
    // Only a log that is switched on asks for the text. Names may be a stranger's.
    log()('%s', { toString: () => printable(maskCredentials(describeEvent(event).trim())) })
  },
}
