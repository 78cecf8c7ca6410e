/**
 * A program whose updater is observed: `start-observed.mjs SETUP channels|throws`. It prints `accepted` and
 * what the observers saw.
 */
import { subscribe } from 'node:diagnostics_channel'
import process from 'node:process'
import { memoryStore, Updater } from 'tuffet'

const [, , given = '', kind] = process.argv
/** @type {unknown} */
const told = JSON.parse(given)
const { place, now, path } =
  /** @type {{ place: import('./cases.mjs').Place, now: number, path: string }} */ (told)
const { root, ...urls } = place
/** @type {import('tuffet').UpdaterEvent[]} */
const events = []
/** @type {unknown[]} */
const messages = []
/** @type {string[]} */
const uncaught = []

for (const type of ['request', 'response', 'absent', 'decision', 'write', 'delete', 'retry']) {
  subscribe(`tuffet:${type}`, (message) => messages.push(message))
}
if (kind === 'throws') {
  process.on('uncaughtException', ({ message }) => uncaught.push(message))
  subscribe('tuffet:absent', () => {
    throw new Error('a subscriber failed')
  })
}

// A subscriber may wait for a long time.
await new Promise((resolve) => setTimeout(resolve, 1))
/** @type {object} */
const runtime = globalThis
const { Bun } = /** @type {{ Bun?: { gc(now: boolean): void } }} */ (runtime)
Bun?.gc(true)

const updater = new Updater({
  ...urls,
  root: Uint8Array.from(root),
  now: () => now,
  store: memoryStore(),
  onEvent: (event) => events.push(event),
})
const target = await (await updater.refresh()).find(path)
// A runtime raises the error of a subscriber in a later turn.
await new Promise((resolve) => setTimeout(resolve, 100))
const { metadataUrl } = place
const wanted = JSON.stringify(events.map((event) => ({ ...event, metadataUrl })))
if (!target) console.log('the target is not found')
else if (JSON.stringify(messages) !== wanted) console.log('the messages are not the events')
else if (kind === 'throws') console.log(`accepted, uncaught: ${uncaught.join()}`)
else console.log(`accepted, ${messages.length} messages`)
