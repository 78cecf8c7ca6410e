import { expect, test } from '@jest/globals'
import { PortedUpdater } from '../../src/client/updater.js'
import type { Store } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { createRepository } from '../../src/testing/index.js'
import { startTuffet } from '../../src/vectors/tuffet-workflow.js'

test('the store of a vector shares no memory with a Buffer', async () => {
  const repository = createRepository()
  repository.publish()
  const anchor = new TextDecoder().decode(repository.root())
  const stores: Store[] = []
  const session = await startTuffet(
    { anchor, profile: 'spec' },
    {
      cryptography: nodeCryptography,
      createUpdater(options) {
        if (options.store) stores.push(options.store)
        return new PortedUpdater(options)
      },
    },
  )
  const time = '2026-01-01T12:00:00Z'
  await session.run({ time, command: 'refresh', expect: { result: 'refused' } })
  const [store] = stores
  const given = Buffer.from('given')
  await store?.set('x.json', given)
  given.fill(0)
  expect(await store?.get('x.json')).toEqual(new TextEncoder().encode('given'))
  const read = await store?.get('x.json')
  read?.fill(0)
  expect(await store?.get('x.json')).toEqual(new TextEncoder().encode('given'))
})
