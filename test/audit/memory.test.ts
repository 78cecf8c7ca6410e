import { describe, expect, test } from '@jest/globals'
import { resolveAuditLimits } from '../../src/audit/options.js'
import { Room, Seat } from '../../src/audit/room.js'
import { Source } from '../../src/audit/source.js'
import type { Fetcher } from '../../src/index.js'
import type { MutableJson } from '../../src/testing/json-text.js'
import { createPep458Repository, type TestRepository } from '../../src/testing/index.js'
import { audit } from './audit.js'
import { goodRepository } from './cases.js'

describe('a room', () => {
  const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  test('admits files while there is room, and the others in their order', async () => {
    const room = new Room(10)
    const entered: string[] = []
    const enter = (name: string, length: number): Seat => {
      const seat = new Seat(room)
      void seat.take(length).then(() => entered.push(name))
      return seat
    }
    const [first, second] = [enter('first', 6), enter('second', 4)]
    const long = enter('long', 1_000)
    enter('short', 1)
    await soon()
    expect(entered).toEqual(['first', 'second'])
    first.leave()
    first.leave()
    await soon()
    expect(entered).toEqual(['first', 'second'])
    second.leave()
    await soon()
    expect(entered).toEqual(['first', 'second', 'long'])
    long.leave()
    await soon()
    expect(entered).toEqual(['first', 'second', 'long', 'short'])
  })

  test('loses nothing to a seat that was never taken', async () => {
    const room = new Room(1)
    new Seat(room).leave()
    const seat = new Seat(room)
    await seat.take(1)
    let isIn = false
    void new Seat(room).take(1).then(() => (isIn = true))
    await soon()
    expect(isIn).toBe(false)
    seat.leave()
    await soon()
    expect(isIn).toBe(true)
  })
})

test('a request that is running ends with the audit', async () => {
  const signals: AbortSignal[] = []
  const fetcher: Fetcher = {
    fetch({ signal }) {
      signals.push(signal)
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    },
  }
  const signal = new AbortController().signal
  const source = new Source(fetcher, 'https://tuf.example.com/', resolveAuditLimits(), signal)
  const request = source.ask('https://tuf.example.com/a', 1)
  source.close()
  await expect(request).rejects.toThrow('the audit is over')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

/** Roles of about equal length, each with targets of its own. */
function wide(roles: number): TestRepository {
  const repository = goodRepository()
  for (let role = 0; role < roles; role++) {
    repository.delegate('targets', {
      name: `r${role}`,
      paths: [`r${role}/*`],
      count: 3,
      threshold: 2,
    })
    for (let at = 0; at < 30; at++) {
      repository.addTarget(`r${role}/${at}`, 'x', { role: `r${role}` })
    }
  }
  repository.publish()
  return repository
}

describe('the memory of an audit', () => {
  test('holds no more files of roles at once than one may be long', async () => {
    const repository = wide(6)
    const inner = repository.fetcher()
    const events: string[] = []
    const fetcher: Fetcher = {
      async fetch(request) {
        if (request.kind === 'metadata') return inner.fetch(request)
        events.push(decodeURIComponent(request.url).split('/').at(-2) ?? '')
        await new Promise((resolve) => setTimeout(resolve, 1))
        return inner.fetch(request)
      },
    }
    const fileLength = Math.max(
      ...repository.fileNames().map((name) => repository.file(name).length),
    )
    const { complete, counts } = await audit(repository, {
      fetcher,
      limits: { fileLength },
      onRole: (name) => events.push(`read ${name}`),
    })
    expect({ complete, asked: counts.asked }).toEqual({ complete: true, asked: 182 })
    const read = events.flatMap((event, at) => (/^read r\d$/.test(event) ? [at] : []))
    expect(read).toHaveLength(6)
    // Between two roles nearly all files of the first one were asked for.
    for (const [number, at] of read.slice(1).entries()) {
      expect(at - (read[number] ?? 0)).toBeGreaterThan(20)
    }
  })

  test.each([
    ['delegations of an unknown length', 40, 'path-hash-prefixes'],
    ['hash bins in one line', 256, 'succinct'],
    ['hash bins', 256, 'path-hash-prefixes'],
  ] as const)('is bounded for %s', async (_, bins, layout) => {
    const repository =
      bins === 40 ? wide(bins) : createPep458Repository({ bins, layout, fillers: 2 })
    repository.publish()
    const whole = await audit(repository, { days: 0 })
    expect(whole.complete).toBe(true)
    // Less than all roles take, however short their names are.
    const kept = 300 * bins
    const { complete, counts, findings } = await audit(repository, { days: 0, limits: { kept } })
    expect(complete).toBe(false)
    expect(findings.find(({ code }) => code === 'incomplete')?.message).toContain('limit kept')
    expect(counts.roles).toBeLessThan(whole.counts.roles)
  })

  test('is bounded for keys, which take much more than their text', async () => {
    const repository = goodRepository()
    const names = Array.from({ length: 1_000 }, (_, at) => `k${at}`)
    const declared = names.map((name, at): [string, MutableJson] => [
      name,
      {
        keytype: 'ed25519',
        scheme: 'ed25519',
        keyval: { public: at.toString(16).padStart(64, '0') },
      },
    ])
    const roles = Array.from({ length: 20 }, (_, at) => ({
      ...{ name: `r${at}`, threshold: 1, terminating: false, paths: ['x'] },
      keyids: names.slice(50 * at, 50 * at + 50),
    }))
    repository.edit('pkgs', (signed) => {
      signed['delegations'] = { keys: Object.fromEntries(declared), roles }
    })
    const { complete, findings } = await audit(repository, { limits: { kept: 2_000_000 } })
    expect(complete).toBe(false)
    expect(findings.find(({ code }) => code === 'incomplete')?.message).toContain('limit kept')
  })

  test('does not hold the whole of long names', async () => {
    const repository = goodRepository()
    const long = 'x'.repeat(50_000)
    for (const end of ['a', 'b']) {
      repository.delegate('pkgs', {
        name: `${long}${end}`,
        paths: ['pkgs/*'],
        threshold: 2,
        count: 3,
      })
    }
    repository.publish()
    const { soonest } = await audit(repository)
    expect(new Set(soonest.map(({ role }) => role.length))).toEqual(new Set([4, 1_025]))
  })

  test('and its time do not depend on marks that a normalisation must sort', async () => {
    const repository = goodRepository()
    const name = `pkgs/${'\u0301\u0323'.repeat(100_000)}`
    repository.edit('pkgs', (signed) => {
      signed['targets'] = { [name]: { length: 1, hashes: { sha256: '00'.repeat(32) } } }
    })
    const start = performance.now()
    const { complete } = await audit(repository, { sample: 0 })
    expect(complete).toBe(true)
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
