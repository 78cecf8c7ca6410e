import { describe, expect, test } from '@jest/globals'
import { fetchFetcher, retrying } from '../../src/index.js'
import { nodeFetcher } from '../../src/node/index.js'
import { fileStore } from '../../src/node/file-store.js'
import { pagesLayout, parsePageJson, PypiView, readLock, startProxy } from '../../src/pypi/index.js'
import { createRepository } from '../../src/testing/index.js'
import { settleRoot, trustAnchor } from '../../src/core/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { clientOf } from '../support/client.js'

const repo = createRepository()
repo.publish()
const { updater } = clientOf(repo)
const bytes = new TextEncoder().encode('{}')

/** Each way by which a program gives a number, and values of its own that are out of range. */
const options: Readonly<Record<string, (value: number) => unknown>> = {
  clockTolerance: (clockTolerance) => clientOf(repo, { clockTolerance }),
  'limits.rootLength': (rootLength) => clientOf(repo, { limits: { rootLength } }),
  'limits.searchedRoles': (searchedRoles) => clientOf(repo, { limits: { searchedRoles } }),
  retries: (retries) => clientOf(repo, { retries }),
  'retrying delay': (delay) => retrying(fetchFetcher(), { delay }),
  'retrying longestDelay': (longestDelay) => retrying(fetchFetcher(), { longestDelay }),
  maxRedirects: (maxRedirects) => fetchFetcher({ maxRedirects }),
  notFoundStatuses: (status) => fetchFetcher({ notFoundStatuses: [404, status] }),
  connections: (connections) => nodeFetcher({ connections }),
  connectTimeout: (connectTimeout) => nodeFetcher({ connectTimeout }),
  folderMode: (folderMode) => fileStore('store', { folderMode }),
  'refresh now': (now) => updater.refresh({ now, mode: 'offline' }),
  "the updater's now": (now) => clientOf(repo, { now: () => now }).updater.refresh(),
  'view maxPageLength': async (maxPageLength) =>
    new PypiView(await updater.refresh(), pagesLayout(), { maxPageLength }),
  'view keptPages': async (keptPages) =>
    new PypiView(await updater.refresh(), pagesLayout(), { keptPages }),
  'view maxUnsizedLength': async (maxUnsizedLength) =>
    new PypiView(await updater.refresh(), pagesLayout(), { maxUnsizedLength }),
  'page maxLength': (maxLength) =>
    parsePageJson(bytes, { project: 'a', baseUrl: 'https://example.test/', maxLength }),
  'lock maxLength': (maxLength) => readLock('requirements.txt', bytes, { maxLength }),
  concurrency: async (concurrency) =>
    new PypiView(await updater.refresh(), pagesLayout()).checkLock([], { concurrency }).next(),
  'proxy port': (port) => startProxy({ updater, layout: pagesLayout(), port }),
  'proxy interval': (interval) => startProxy({ updater, layout: pagesLayout(), interval }),
  'proxy maxBytes': (maxBytes) =>
    startProxy({ updater, layout: pagesLayout(), spool: { maxBytes } }),
  'proxy maxDownloads': (maxDownloads) =>
    startProxy({ updater, layout: pagesLayout(), spool: { maxDownloads } }),
  chunkSize: (chunkSize) => repo.fetcher({ chunkSize }),
  'time of settleRoot': (now) => {
    return settleRoot(trustAnchor(repo.root(), { cryptography: nodeCryptography }), now)
  },
}

describe('a number out of range is refused, and never switches a check off', () => {
  test.each(Object.entries(options))('%s', async (name, give) => {
    const text = '5' as unknown as number
    // A time may be before 1970, and Infinity means no end.
    const wrong = /now|time/.test(name) ? [NaN, Infinity, text] : [NaN, -1, text]
    for (const value of wrong) {
      const task = async (): Promise<unknown> => give(value)
      await expect(task()).rejects.toThrow(
        name === 'time of settleRoot' ? 'now' : (name.split(/[ .]/).at(-1) ?? name),
      )
    }
  })

  test('an unknown mode is refused before any request', async () => {
    const { updater: own, requested } = clientOf(repo)
    const mode = 'Offline' as 'offline'
    await expect(own.refresh({ mode })).rejects.toThrow(new TypeError('"Offline" is not a mode'))
    expect(requested()).toEqual([])
  })
})
