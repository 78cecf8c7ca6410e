import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  processClient,
  type ProcessClientOptions,
} from '../../../../src/vectors/node/process-client.js'
import { findProgram } from '../../../../src/vectors/node/run-command.js'
import { playVector } from '../../../../src/vectors/runner.js'
import type { WorkflowStep } from '../../../../src/vectors/format.js'
import { workflowSample } from '../../vectors/sample-files.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

// Processes are slow to start on a busy machine.
const script = fileURLToPath(new URL('../../../support/fake-client.mjs', import.meta.url))
const faketime = findProgram('faketime')
const timestamp = '{"signed": {"version": 7}}'
const serve = {
  'metadata/timestamp.json': timestamp,
  'targets/a': 'content',
  'targets/half': { disconnectAfter: 3, text: 'half of it' },
}
const sha256 = createHash('sha256').update('content').digest('hex')

function clientOf(manner: string, options: ProcessClientOptions = {}) {
  return processClient(`'${process.execPath}' "${script}" ${manner}`, options)
}

/** The clock's own time, so that no clock is faked. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+/, '')
}

async function run(manner: string, ...steps: readonly Partial<WorkflowStep>[]) {
  const session = await clientOf(manner, { faketime: false }).startWorkflow!(workflowSample())
  try {
    const answers = []
    for (const step of steps) {
      const [sample] = workflowSample({
        result: 'accepted',
        trusted: { root: 1, timestamp: 1 },
      }).steps
      answers.push(await session.run({ ...sample!, time: now(), ...step }))
    }
    return answers
  } finally {
    await session.close()
  }
}

const download = (path: string) => ({ command: { download: path } })

describe('a client that is a program', () => {
  test('is started, refreshed and asked for targets; its folder and requests are read', async () => {
    expect(await run('plain', { serve }, download('a'), download('none'))).toEqual([
      {
        result: 'accepted',
        trusted: { root: null, timestamp: 7 },
        requests: ['timestamp.json'],
        message: expect.stringMatching(/metadata$/),
      },
      {
        result: 'accepted',
        sha256,
        trusted: { root: null, timestamp: 7 },
        requests: ['timestamp.json'],
        message: expect.stringMatching(/metadata$/),
      },
      {
        result: 'refused-or-absent',
        trusted: { root: null, timestamp: 7 },
        requests: ['timestamp.json'],
        message: expect.stringMatching(/metadata$/),
      },
    ])
  })

  test('refuses with status 1', async () => {
    const [first] = await run('plain', { serve: {} })
    expect(first).toMatchObject({ result: 'refused', trusted: { timestamp: null } })
  })

  test('refuses for good, without a request, a vector that it refuses at its start', async () => {
    const answers = await run('deny', { serve }, {})
    expect(answers.map(({ result, requests }) => [result, requests])).toEqual([
      ['refused', []],
      ['refused', []],
    ])
  })

  test('finds changes by others', async () => {
    const store = { 'root.json': '{"signed": {"version": 3}}', 'timestamp.json': null }
    const [, second] = await run('plain', { serve }, { store, serve: serveNothing })
    expect(second).toMatchObject({ result: 'refused', trusted: { root: 3, timestamp: null } })
  })

  const serveNothing = { 'metadata/timestamp.json': null }

  test('sees connections that close', async () => {
    const answers = run('plain', { serve }, download('half'))
    // fetch throws, and the fake client with it: status 1.
    expect((await answers)[1]).toMatchObject({ result: 'refused-or-absent' })
  })

  test('breaks down with any other status, and when it leaves more than the target', async () => {
    await expect(run('crash', { serve })).rejects.toThrow('ended with status 3: out of luck')
    await expect(run('litter', { serve, ...download('a') })).rejects.toThrow('left 2 files')
  })

  test('is ended with its children when it takes too long, and when the caller stops waiting', async () => {
    const session = await clientOf('hang', {
      faketime: false,
      timeLimit: 3000,
    }).startWorkflow!(workflowSample())
    const [step] = workflowSample().steps
    await expect(session.run({ ...step!, time: now() })).rejects.toThrow('longer than 3000 ms')
    await session.close()
    const stop = new AbortController()
    const other = await clientOf('hang', {
      faketime: false,
      signal: stop.signal,
    }).startWorkflow!(workflowSample())
    const running = other.run({ ...step!, time: now() })
    stop.abort()
    await expect(running).rejects.toThrow('interrupted')
    await other.close()
  })

  test('is not asked a vector that no command line can carry', async () => {
    await expect(run('plain', { serve, ...download('a\0') })).rejects.toThrow('command line')
    await expect(run('plain', { serve, ...download('\ud800') })).rejects.toThrow('command line')
  })

  test('leaves no file or process', async () => {
    const [answer] = await run('plain', { serve })
    expect(answer?.message).toMatch(/tuf-vector-.+\/metadata$/)
    expect(existsSync(answer?.message ?? '')).toBe(false)
    expect(existsSync(dirname(answer?.message ?? ''))).toBe(false)
  })
})

describe('time', () => {
  test('is skipped, with the reason, where it cannot be faked', async () => {
    const vector = workflowSample()
    const client = clientOf('plain', { faketime: false })
    expect(await playVector({ kind: 'workflow', family: 'cycles', vector }, client)).toEqual({
      outcome: 'skipped',
      skip: {
        id: vector.id,
        family: 'cycles',
        profile: vector.profile,
        reason: 'faketime is not installed',
      },
    })
  })

  const testWithFaketime = faketime === undefined ? test.skip : test

  testWithFaketime('stands still at the time of the step', async () => {
    const time = '2031-05-06T07:08:09Z'
    const vector = workflowSample(
      { result: 'accepted', trusted: { 'a/b': Date.parse(time) } },
      { time, serve },
    )
    const selected = { kind: 'workflow', family: 'cycles', vector } as const
    expect(await playVector(selected, clientOf('plain'))).toMatchObject({ outcome: 'passed' })
  })

  describe('where faketime cannot obtain its shared memory', () => {
    let folder: string
    beforeEach(() => {
      folder = temporaryFolder('faketime')
    })

    /** Fails as faketime does where the names of its process id are taken, `times` times. */
    async function failing(times: number): Promise<string> {
      const path = join(folder, 'faketime')
      const lines = [
        '#!/bin/sh',
        `echo >> '${folder}/starts'`,
        `if [ "$(wc -l < '${folder}/starts')" -gt ${times} ]; then shift 3; exec "$@"; fi`,
        'echo "faketime: sem_open: File exists" >&2',
        'exit 1',
      ]
      await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o700 })
      return path
    }

    test('it is started again, and its status is not taken for the answer', async () => {
      const vector = workflowSample(
        { result: 'accepted', trusted: { root: null, timestamp: 7 } },
        { serve },
      )
      const selected = { kind: 'workflow', family: 'cycles', vector } as const
      const client = clientOf('plain', { faketime: await failing(4) })
      expect(await playVector(selected, client)).toMatchObject({ outcome: 'passed' })
    })

    test('the vector fails in the end, with the message of faketime', async () => {
      const vector = workflowSample({ result: 'refused' }, { serve })
      const selected = { kind: 'workflow', family: 'cycles', vector } as const
      const client = clientOf('plain', { faketime: await failing(1000) })
      expect(await playVector(selected, client)).toMatchObject({
        outcome: 'failed',
        failure: { message: expect.stringMatching(/faketime does not start.*sem_open/) },
      })
      expect(await readFile(join(folder, 'starts'), 'utf8')).toHaveLength(5)
    })
  })

  testWithFaketime('one that is ended leaves no shared memory behind', async () => {
    // Others may run meanwhile: only folders without an owner count.
    const left = (): string[] =>
      readdirSync('/dev/shm')
        .filter((name) => /faketime/.test(name))
        .filter((name) => !existsSync(`/proc/${name.split('_').at(-1)}`))
        .filter((name) => existsSync(`/dev/shm/${name}`))
    const before = left()
    const session = await clientOf('hang', { timeLimit: 1000 }).startWorkflow!(workflowSample())
    const [step] = workflowSample().steps
    await expect(session.run(step!)).rejects.toThrow('longer than 1000 ms')
    await session.close()
    expect(left()).toEqual(before)
  })

  test('programs are found as the shell finds them', () => {
    expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh')
    expect(findProgram('no-such-program')).toBeUndefined()
    expect(findProgram('sh', '')).toBeUndefined()
  })
})
