/** The cases in workerd, as one module: the request's search names the site. */
import { memoryStore } from 'tuffet'
import { withMlDsa } from 'tuffet/ml-dsa'
import { nobleCryptography } from 'tuffet/web'
import { askingCryptography } from './asking.mjs'
import { runCases } from './cases.mjs'

const worker = {
  /** @param {Request} request */
  async fetch(request) {
    /** @type {Map<string, import('tuffet').Store>} */
    const stores = new Map()
    const site = new URL(request.url).searchParams.get('site') ?? ''
    await runCases(site, {
      cryptographies: {
        noble: withMlDsa(nobleCryptography),
        'noble, which asks': withMlDsa(askingCryptography),
      },
      store(name) {
        const store = stores.get(name) ?? memoryStore()
        stores.set(name, store)
        return store
      },
      absent: {
        thread: 'there are no threads',
        pins: 'the runtime makes the connections',
      },
    })
    return new Response('reported')
  },
}
export { worker as default }
