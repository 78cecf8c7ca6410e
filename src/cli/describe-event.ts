/** Events of the client as lines, for `--verbose`. */
import type { UpdaterEvent } from '../index.js'
import { count, isoTime } from './words.js'

/** One line, in the order of events. */
export function describeEvent(event: UpdaterEvent): string {
  switch (event.type) {
    case 'request':
      return `> ${event.url}`
    case 'response':
      return `< ${count(event.length, 'byte')}`
    case 'absent':
      return '< not there'
    case 'decision':
      return event.verdict === 'trusted'
        ? `  ${event.role} ${event.version} is trusted (${event.from}), ` +
            `signed by ${event.report.signed} of ${count(event.report.keys.length, 'key')}, ` +
            `expires ${isoTime(event.expires)}`
        : `  stored ${event.role} is not used: ${event.error.message}`
    case 'write':
      return `  wrote ${event.entry}`
    case 'delete':
      return `  deleted ${event.entry}`
    case 'yield':
      return `  kept ${event.entry}, which another process made newer`
    case 'cache-miss':
      return `  what is stored does not suffice: ${event.error.message}`
    case 'restart':
      return `  starting again: ${event.error.message}`
  }
}
