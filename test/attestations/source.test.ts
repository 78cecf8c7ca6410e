/** Where provenance is asked for, and which answers count as an absent attestation. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { indexProvenance, type AttestableFile } from '../../src/attestations/index.js'
import type { Fetcher, FetchRequest } from '../../src/client/fetcher.js'
import { nodeFetcher } from '../../src/node/index.js'
import { startLoopback, type Loopback } from '../support/loopback.js'

let index: Loopback
let elsewhere: Loopback
/** Path → status, or where it is redirected to, or the bytes. */
const answers = new Map<string, number | URL | string>()

beforeEach(async () => {
  answers.clear()
  index = await startLoopback((request, response) => {
    const answer = answers.get(request.url ?? '') ?? 404
    if (answer instanceof URL) response.writeHead(302, { location: answer.href }).end()
    else if (typeof answer === 'number') response.writeHead(answer).end()
    else response.end(answer)
  })
  elsewhere = await startLoopback((_, response) => response.end('provenance'))
})
afterEach(async () => {
  await index.close()
  await elsewhere.close()
})

function file(fields: Partial<AttestableFile> = {}): AttestableFile {
  const named = { project: 'demo', version: '1.0', filename: 'demo-1.0.tar.gz' }
  return { ...named, sha256: 'ab'.repeat(32), page: `${index.url}/simple/demo/`, ...fields }
}

async function ask(
  fields: Partial<AttestableFile>,
  options: Parameters<typeof indexProvenance>[0] = {},
): Promise<string> {
  const fetcher = nodeFetcher({ headers: { authorization: 'secret' } })
  try {
    const answer = await indexProvenance({ fetcher, ...options })(file(fields), undefined)
    if (answer.provenance) return new TextDecoder().decode(answer.provenance)
    return answer.unusable ?? 'none'
  } catch (error) {
    return `error: ${(error as Error).message}`
  }
}

describe('a link on a page', () => {
  test('is followed to the origin of its page', async () => {
    answers.set('/provenance', 'provenance')
    expect(await ask({ provenance: `${index.url}/provenance` })).toBe('provenance')
  })

  test('to another origin is not followed, and does not count as an absent attestation', async () => {
    const answer = await ask({ provenance: `${elsewhere.url}/provenance` })
    expect(answer).toContain(`its page links to ${elsewhere.url}, which is not the origin`)
    expect(elsewhere.requests).toEqual([])
  })

  test('to an origin that the user allows is followed', async () => {
    const origins = [`${elsewhere.url}/`]
    expect(await ask({ provenance: `${elsewhere.url}/provenance` }, { origins })).toBe('provenance')
  })

  test.each(['http://pypi.test/p', 'https://pypi.test:444/p', 'https://pypi.test.evil/p'])(
    'from https://pypi.test to %s is not followed',
    async (provenance) => {
      const fetcher = { fetch: () => Promise.reject(new Error('asked')) }
      const answer = await ask({ provenance, page: 'https://pypi.test/simple/demo/' }, { fetcher })
      expect(answer).toContain('which is not the origin of the page')
    },
  )

  test.each(['user:word', 'user', ':word'])(
    'with the credentials %j in it is not followed',
    async (credentials) => {
      const provenance = `${index.url}/provenance`.replace('//', `//${credentials}@`)
      expect(await ask({ provenance })).toBe('its page links to a URL with credentials')
      expect(index.requests).toEqual([])
    },
  )

  test('that is not a URL is an error, not an absent attestation', async () => {
    expect(await ask({ provenance: '/provenance' })).toBe('its page links to no URL')
  })

  test('is asked for as metadata, in the media type of provenance', async () => {
    const asked: FetchRequest[] = []
    const fetcher: Fetcher = {
      fetch(request) {
        asked.push(request)
        return Promise.reject(new Error('no network'))
      },
    }
    await ask({ provenance: `${index.url}/provenance` }, { fetcher })
    expect(asked).toMatchObject([
      { kind: 'metadata', accept: 'application/vnd.pypi.integrity.v1+json' },
    ])
  })

  test('of a page of unknown origin is not followed', async () => {
    const answer = await ask({ provenance: `${index.url}/provenance`, page: undefined })
    expect(answer).toContain('not the origin')
  })

  test('that cannot be read does not count as an absent attestation', async () => {
    expect(await ask({ unreadableLink: 'it is not a text' })).toContain('wrongly: it is not a text')
  })

  test('to a file that is not there contradicts the index', async () => {
    answers.set('/provenance', 404)
    expect(await ask({ provenance: `${index.url}/provenance` })).toBe(
      'its page links to one that is not there',
    )
  })

  test.each([403, 500])('that is answered with %d is an error', async (status) => {
    answers.set('/provenance', status)
    expect(await ask({ provenance: `${index.url}/provenance` })).toMatch(/^error: /)
  })

  test('that is redirected elsewhere is an error, and nobody there is asked', async () => {
    answers.set('/provenance', new URL(`${elsewhere.url}/x`))
    const answer = await ask({ provenance: `${index.url}/provenance` })
    expect(answer).toContain(`redirected to another origin, ${elsewhere.url}`)
    expect(elsewhere.requests).toEqual([])
  })

  test('may be redirected within its origin', async () => {
    answers.set('/provenance', new URL(`${index.url}/other`))
    answers.set('/other', 'provenance')
    expect(await ask({ provenance: `${index.url}/provenance` })).toBe('provenance')
  })

  test('to a long object is an error', async () => {
    answers.set('/provenance', 'x'.repeat(2_000_001))
    expect(await ask({ provenance: `${index.url}/provenance` })).toMatch(/^error: .*2000000/)
  })

  test('to an object that never ends coming is an error', async () => {
    const body = (async function* () {
      yield new Uint8Array(1)
      await new Promise<void>(() => undefined)
    })()
    const fetcher = { fetch: () => Promise.resolve({ offset: 0, body }) }
    const limits = { metadataDeadline: 50 }
    const answer = await ask({ provenance: `${index.url}/provenance` }, { fetcher, limits })
    expect(answer).toMatch(/^error: /)
  })
})

describe('without a link', () => {
  test('a file has no attestation', async () => {
    expect(await ask({})).toBe('none')
    expect(await indexProvenance()(file(), undefined)).toStrictEqual({ provenance: undefined })
    expect(index.requests).toEqual([])
  })

  test('the Integrity API is asked, and "not found" means none', async () => {
    const path = '/integrity/demo/1.0/demo-1.0.tar.gz/provenance'
    const options = { integrityUrl: `${index.url}/integrity/` }
    expect(await ask({}, options)).toBe('none')
    answers.set(path, 'provenance')
    expect(await ask({}, options)).toBe('provenance')
    answers.set(path, 403)
    expect(await ask({}, options)).toMatch(/^error: /)
  })

  test('no name leaves the path of the Integrity API', async () => {
    const options = { integrityUrl: `${index.url}/integrity/` }
    await ask({ filename: '../../x/..?y#z.tar.gz', version: '1.0/../..' }, options)
    expect(index.requests.map(({ url }) => url)).toEqual([
      '/integrity/demo/1.0%2F..%2F../..%2F..%2Fx%2F..%3Fy%23z.tar.gz/provenance',
    ])
  })
})

test.each(['pypi.org', 'https://pypi.org/simple', 'ftp://pypi.org', 'wss://pypi.org', ''])(
  '%j is not an origin',
  (origin) => {
    expect(() => indexProvenance({ origins: [origin] })).toThrow(
      new TypeError(`${JSON.stringify(origin)} is not an origin such as https://pypi.org`),
    )
  },
)

test.each(['https://pypi.org', 'https://pypi.org/', 'http://pypi.org:8080'])(
  '%s is an origin',
  (origin) => {
    expect(() => indexProvenance({ origins: [origin] })).not.toThrow()
  },
)
