/** Events of the client as lines, for `--verbose` and `NODE_DEBUG`. */
import type { Decision } from '../core/cycle/request.js'
import type { UpdaterEvent } from '../client/events.js'
import { count, isoTime } from '../words/amounts.js'

/** One line, in the order of events. */
export function describeEvent(event: UpdaterEvent): string {
  switch (event.type) {
    case 'request':
      return `> ${event.url}`
    case 'response':
      return `< ${count(event.length, 'byte')}`
    case 'absent':
      return '< not there'
    case 'from-below':
      return `  took ${count(event.length, 'byte')} of ${event.url} from the place below`
    case 'below-not-used':
      return `  the place below is not used: ${event.error.message}`
    case 'retry':
      return `  attempt ${event.attempt} in ${event.delay} ms: ${event.error.message}`
    case 'decision':
      return describeDecision(event)
    case 'write':
      return `  wrote ${event.entry}`
    case 'delete':
      return `  deleted ${event.entry}`
    case 'yield':
      return `  kept ${event.entry}, which another process made newer`
    case 'clock-ignored':
      return `  ignored ${event.entry}: the recorded time ${isoTime(event.recorded)} is impossible`
    case 'not-kept':
      return `  did not write ${event.entry}: ${event.error.message}`
    case 'superseded':
      return `  starting again with ${event.entry}, which another process stored`
    case 'cache-miss':
      return `  the stored files do not suffice: ${event.error.message}`
    case 'restart':
      return `  starting again: ${event.error.message}`
  }
}

function describeDecision(decision: Decision): string {
  switch (decision.verdict) {
    case 'trusted':
      return (
        `  ${decision.role} ${decision.version} is trusted (${decision.from}), ` +
        `signed by ${decision.report.signed} of ${count(decision.report.keys.length, 'key')}, ` +
        `expires ${isoTime(decision.expires)}`
      )
    case 'not-used':
      return `  stored ${decision.role} is not used: ${decision.error.message}`
    case 'limit-reached':
      return (
        `  stops at root ${decision.version}: ${count(decision.limit, 'new root')} in one cycle; ` +
        'the next cycle continues from there'
      )
  }
}
