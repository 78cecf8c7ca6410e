/** Notices a client that stops waiting before its answer begins, so that the operator learns why. */
import type { ServerResponse } from 'node:http'
import type { Clock } from '../../client/clock.js'
import { Refused } from './refusal.js'

/** Milliseconds; those that leave sooner changed their mind, and no time-out of theirs is as short. */
const shortest = 1_000

/**
 * Calls `onLeft` when the client closes the connection after a wait for the answer.
 *
 * @returns a signal that aborts when the connection closes before the answer is complete
 */
export function watchClient(
  response: ServerResponse,
  clock: Pick<Clock, 'now'>,
  onLeft: (refusal: Refused) => void,
): AbortSignal {
  const gone = new AbortController()
  const began = clock.now()
  response.once('close', () => {
    // Of a complete answer nobody listens, and the reason of an abort is costly to make.
    if (!response.writableFinished) gone.abort()
    const waited = clock.now() - began
    if (!response.headersSent && waited >= shortest) onLeft(clientLeft(waited))
  })
  return gone.signal
}

/** 499 is the status that servers note for it; nobody receives it. */
function clientLeft(waited: number): Refused {
  const seconds = Math.round(waited / 1_000)
  return new Refused(
    499,
    `the client left after ${seconds} s, before the repository's answer was there and verified; ` +
      'a longer time-out of the client waits for it',
  )
}
