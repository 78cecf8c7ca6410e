/** The proxy of the benchmark, in a process of its own: its files come over HTTP. */
import { Updater } from '../../src/index.js'
import { nodeFetcher } from '../../src/node/index.js'
import { startProxy } from '../../src/pypi/proxy/proxy.js'
import { IndexRepository } from '../../test/pypi/index-repository.js'

interface Served {
  readonly filename: string
  readonly sha256: string
  readonly size: number
  readonly url: string
}

const files: readonly Served[] = JSON.parse(process.argv[2] ?? '[]')
const index = new IndexRepository({ layout: 'pages' })
const urls = new Map<string, string>()
for (const { filename, sha256, size, url } of files) {
  const hashes = new Map([['sha256', sha256]])
  urls.set(index.add(filename, filename, { hashes, size }).url, url)
}
index.publish()
const memory = index.fetcher()
const network = nodeFetcher()
const updater = new Updater({
  metadataUrl: 'https://repository.test/metadata/',
  targetsUrl: 'https://repository.test/targets/',
  root: index.repo.root(),
  store: index.store,
  hashPrefixedTargets: true,
  now: () => index.repo.now,
  fetcher: {
    fetch: (request) => {
      const url = urls.get(request.url)
      return url === undefined ? memory.fetch(request) : network.fetch({ ...request, url })
    },
  },
})
const proxy = await startProxy({ updater, layout: index.layout })
console.log(proxy.origin)
