/** The roles whose bytes a mirror writes. */
import { expect, test } from '@jest/globals'
import type { UpdaterEvent } from '../../../src/client/events.js'
import { memoryStore, type Store } from '../../../src/client/store.js'
import { TargetNotFoundError } from '../../../src/errors.js'
import { SeenFiles } from '../../../src/node/mirror/seen-files.js'

const bytes = Uint8Array.of(123, 125)
const role = 'pkgs'

function trusted(from: 'store' | 'network'): UpdaterEvent {
  const report = { delegator: 'targets', threshold: 1, signed: 1, keys: [] }
  return { type: 'decision', verdict: 'trusted', role, version: 2, expires: 1, from, report }
}

const error = new TargetNotFoundError(role)
const refused: UpdaterEvent = { type: 'decision', verdict: 'not-used', role, error }

async function stored(content: Uint8Array): Promise<Store> {
  const store = memoryStore()
  await store.set('pkgs.json', content)
  return store
}

test('a role that one edge believed is taken, though another edge refused it afterwards', async () => {
  const seen = new SeenFiles((text) => text)
  const store = seen.watch(await stored(bytes))
  await store.get('pkgs.json')
  seen.note(trusted('store'))
  seen.note(refused)
  expect([...seen.take()]).toEqual([{ role, version: 2, bytes }])
  expect([...seen.take()]).toEqual([])
})

test('a stored role that was refused is not taken, and the one fetched in its place is', async () => {
  const seen = new SeenFiles((text) => text)
  const store = seen.watch(await stored(Buffer.from('old')))
  await store.get('pkgs.json')
  seen.note(refused)
  seen.note(trusted('network'))
  expect([...seen.take()]).toEqual([])
  await store.set('pkgs.json', bytes)
  expect([...seen.take()]).toEqual([{ role, version: 2, bytes }])
})
