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

type Diagnostics = typeof import('node:diagnostics_channel')
type Print = ReturnType<(typeof import('node:util'))['debuglog']>

// Both are looked up when the first event comes: a program without any pays nothing.
let diagnostics: Diagnostics | undefined
let print: Print | undefined

function channels(): Diagnostics {
  return (diagnostics ??= builtinModule('node:diagnostics_channel'))
}

/** @internal */
export const nodeEventOutlets: EventOutlets = {
  publish(event, metadataUrl) {
    const name = channelNames[event.type]
    const found = channels()
    if (!found.hasSubscribers(name)) return
    const message: PublishedEvent = { ...event, metadataUrl }
    found.channel(name).publish(message)
  },
  isWanted: () => {
    const found = channels()
    return eventChannels.some((name) => found.hasSubscribers(name))
  },
  print(event) {
    print ??= builtinModule('node:util').debuglog('tuffet')
    // Only a log that is switched on asks for the text. Names may be a stranger's.
    print('%s', { toString: () => printable(maskCredentials(describeEvent(event).trim())) })
  },
}
