/** A connection that breaks after each byte of each file in turn, in each framing. */
import { frame, framingNames } from './framings.js'
import { PlainStore, runCase, serveSubject, type Subject } from './subject.js'
import { Tally } from './tally.js'

/** @param every tries one position in so many, and both kinds of breaks only for 1 */
export async function breakEverywhere(subject: Subject, every: number): Promise<Tally> {
  const tally = new Tally()
  const server = await serveSubject(subject)
  try {
    let at = 0
    for (const [path, body] of subject.files) {
      for (const framing of framingNames) {
        const whole = frame(framing, body)
        for (let cut = 0; cut <= whole.length; cut++) {
          at++
          if (at % every !== 0 && cut < whole.length) continue
          const ends =
            every === 1 ? bothEnds : [at % 2 === 0 ? ('close' as const) : ('reset' as const)]
          for (const end of ends) {
            server.lie(path, () => ({ pieces: [whole.subarray(0, cut)], end }))
            const store = new PlainStore(subject.before)
            const outcome = await runCase(subject, server.origin, store)
            // A reset may reach the client before the bytes that were sent ahead of it.
            const certain = cut === whole.length && end === 'close'
            if (certain && outcome !== 'right') {
              throw new Error(`${path}, ${framing}: the whole file ended with ${outcome}`)
            }
            tally.add(outcome)
            server.lie('', undefined)
            if (at % 16 === 0) await recover(subject, server.origin, store)
          }
        }
      }
    }
  } finally {
    await server.close()
  }
  return tally
}

const bothEnds = ['close', 'reset'] as const

/** The same store serves the next cycle, of an honest server. */
export async function recover(subject: Subject, origin: string, store: PlainStore): Promise<void> {
  const outcome = await runCase(subject, origin, store)
  if (outcome !== 'right') throw new Error(`the next cycle ended with ${outcome}`)
}
