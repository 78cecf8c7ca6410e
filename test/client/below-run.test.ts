/** A place below for one run of a cycle; whole clients over real places are in `below.test.ts`. */
import { describe, expect, test } from '@jest/globals'
import { Below, preferringBelow } from '../../src/client/below.js'
import type { Fetcher } from '../../src/client/fetcher.js'
import { resolveLimits } from '../../src/client/limits.js'
import { retrying } from '../../src/client/retry.js'
import { ExpiredError, FetchFailedError, FetchNotFoundError } from '../../src/errors.js'
import type { UpdaterEvent } from '../../src/index.js'

const url = 'https://example.org/1.snapshot.json'
const request = { fetch: '1.snapshot.json', role: 'snapshot', step: '5.5.1', maxLength: 9 }

/** Asks a place for one file. */
async function asked(fetcher: Fetcher, name = request.fetch) {
  const events: UpdaterEvent[] = []
  const onEvent = (event: UpdaterEvent): void => void events.push(event)
  const run = new Below(fetcher).begin(false)
  const ports = { limits: resolveLimits(), onEvent }
  const bytes = await run.take({ ...request, fetch: name }, url, ports, undefined)
  return { bytes, events, wasUsed: run.wasUsed() }
}

function serving(text: string): Fetcher {
  return {
    fetch: async () => ({
      offset: 0,
      body: (async function* () {
        yield Buffer.from(text)
      })(),
    }),
  }
}

function failing(error: unknown): Fetcher {
  return { fetch: () => Promise.reject(error) }
}

describe('a place below', () => {
  test('that has the file was used, and an event says so', async () => {
    expect(await asked(serving('file'))).toEqual({
      bytes: new Uint8Array(Buffer.from('file')),
      events: [{ type: 'from-below', url, length: 4 }],
      wasUsed: true,
    })
  })

  test('that has an empty file was used', async () => {
    expect(await asked(serving(''))).toMatchObject({ bytes: new Uint8Array(), wasUsed: true })
  })

  test('that lacks the file was not used, and nothing is said', async () => {
    const outcome = { bytes: undefined, events: [], wasUsed: false }
    expect(await asked(failing(new FetchNotFoundError(url)))).toEqual(outcome)
  })

  test('that fails was not used, and an event says why', async () => {
    const error = new FetchFailedError(url, 'broken')
    expect(await asked(failing(error))).toEqual({
      bytes: undefined,
      events: [{ type: 'below-not-used', error }],
      wasUsed: false,
    })
  })

  test.each(['timestamp.json', 'release-3.1.json', 'a1.b.json', '1snapshot.json', '.1.json'])(
    'is not asked for %s, whose name does not begin with a version',
    async (name) => {
      const outcome = { bytes: undefined, events: [], wasUsed: false }
      expect(await asked(serving('file'), name)).toEqual(outcome)
    },
  )

  test("does not hide a defect of the application's wait before a repetition", async () => {
    const defect = new RangeError('a defect')
    const error = new FetchFailedError(url, 'broken', { transient: true })
    const place = retrying(failing(error), { wait: () => Promise.reject(defect) })
    await expect(asked(place)).rejects.toBe(defect)
  })
})

describe('work that is refused', () => {
  const refused = new ExpiredError({ role: 'timestamp', step: '5.4.4' }, 0, 1)

  /** The runs of such work, each with the place it asked, and the events. */
  async function refusedWith(below: Below | undefined) {
    const runs: string[] = []
    const events: UpdaterEvent[] = []
    const onEvent = (event: UpdaterEvent): void => void events.push(event)
    const task = preferringBelow(below, onEvent, async (run) => {
      runs.push(run ? 'with it' : 'without it')
      await run?.take(request, url, { limits: resolveLimits(), onEvent }, undefined)
      throw refused
    })
    await expect(task).rejects.toBe(refused)
    return { runs, events: events.map(({ type }) => type) }
  }

  test('is done again without a place below that a file came from', async () => {
    expect(await refusedWith(new Below(serving('file')))).toEqual({
      runs: ['with it', 'without it'],
      events: ['from-below', 'below-not-used'],
    })
  })

  test('is not done again where the place lacked the file, and without a place', async () => {
    const lacking = new Below(failing(new FetchNotFoundError(url)))
    expect(await refusedWith(lacking)).toEqual({ runs: ['with it'], events: [] })
    expect(await refusedWith(undefined)).toEqual({ runs: ['without it'], events: [] })
  })
})
