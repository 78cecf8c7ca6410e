/** The names of the figures of a process that lives long. */

/** Milliseconds, all of them. */
export const longFigures = {
  idle: 'refresh without news, CPU ms',
  requests: 'two bare requests of node:http, CPU ms',
  known: 'refresh and find in a known bin, CPU ms',
  coldBlock: 'longest block of the event loop, cold, ms',
  warmBlock: 'longest block of the event loop, warm, ms',
} as const
