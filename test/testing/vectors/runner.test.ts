import { describe, expect, test } from '@jest/globals'
import {
  VectorRefusal,
  VectorSkip,
  type VectorClient,
  type WorkflowActual,
} from '../../../src/vectors/client.js'
import { VectorFileError } from '../../../src/vectors/parse-file.js'
import { runVectors, selectVectors, type VectorResult } from '../../../src/vectors/runner.js'
import { NameUnsafeError } from '../../../src/errors.js'
import { functionFile, functionSample, workflowFile, workflowSample } from './sample-files.js'

const even = functionSample()
const odd = functionSample({
  id: 'half-of-odd',
  title: 'An odd number has no half',
  profile: 'tuffet',
  tags: ['CVE-2000-1'],
  input: { number: 3 },
  result: 'refused',
})

/** Without the output of the sample, which a refused vector must not carry. */
function refusedOdd() {
  const { output: _, ...rest } = odd
  return rest
}

const files = [functionFile(even, refusedOdd())]

function halves(change: (half: number) => number = (half) => half): VectorClient {
  return {
    name: 'halves',
    functions: {
      halves: ({ number }) => {
        if (typeof number !== 'number' || number % 2 === 1) throw new VectorRefusal('odd')
        return { half: change(number / 2) }
      },
    },
  }
}

describe('function vectors', () => {
  test('a client that gives every expected answer passes', async () => {
    expect(await runVectors(files, halves())).toEqual({
      passed: 2,
      failed: 0,
      skipped: 0,
      counts: [
        { family: 'halves', profile: 'spec', passed: 1, failed: 0, skipped: 0 },
        { family: 'halves', profile: 'tuffet', passed: 1, failed: 0, skipped: 0 },
      ],
      failures: [],
      skips: [],
      passes: ['half-of-even', 'half-of-odd'],
    })
  })

  test('another output is a failure with both answers', async () => {
    const { passed, failed, failures } = await runVectors(
      files,
      halves((half) => half + 1),
    )
    expect([passed, failed]).toEqual([1, 1])
    expect(failures).toEqual([
      {
        id: 'half-of-even',
        family: 'halves',
        profile: 'spec',
        title: even.title,
        requirements: even.requirements,
        message: 'gives another output',
        expected: { result: 'accepted', output: { half: 2 } },
        actual: { result: 'accepted', output: { half: 3 } },
      },
    ])
  })

  test('accepting an input that must be refused is a failure', async () => {
    const client: VectorClient = { name: 'rash', functions: { halves: () => ({ half: 2 }) } }
    const { failures } = await runVectors(files, client)
    expect(failures.map(({ id, message }) => [id, message])).toEqual([
      ['half-of-odd', 'is accepted, must be refused'],
    ])
  })

  test("an error of this library is a refusal, and any other is the client's fault", async () => {
    const outcomes = [new NameUnsafeError('a', 'odd'), new TypeError('oops')].map((error) => {
      const functions = {
        halves: () => {
          throw error
        },
      }
      return runVectors([functionFile(refusedOdd())], { name: 'throws', functions })
    })
    const [refuses, breaks] = await Promise.all(outcomes)
    expect(refuses?.passed).toBe(1)
    expect(breaks?.failures.map(({ message }) => message)).toEqual(['breaks down: TypeError: oops'])
  })

  test('a vector that a client cannot be asked is skipped, counted and named', async () => {
    const functions = {
      halves: () => {
        throw new VectorSkip('has no numbers')
      },
    }
    const report = await runVectors([functionFile(even)], { name: 'wordy', functions })
    expect(report).toEqual({
      passed: 0,
      failed: 0,
      skipped: 1,
      counts: [{ family: 'halves', profile: 'spec', passed: 0, failed: 0, skipped: 1 }],
      failures: [],
      skips: [{ id: 'half-of-even', family: 'halves', profile: 'spec', reason: 'has no numbers' }],
      passes: [],
    })
    const none = await runVectors([functionFile(even)], { name: 'empty' })
    expect(none.skips.map(({ reason }) => reason)).toEqual([
      'the client lacks a function for this family',
    ])
  })

  test('an answer may be a promise', async () => {
    const client = { name: 'slow', functions: { halves: async () => ({ half: 2 }) } }
    expect((await runVectors([functionFile(even)], client)).passed).toBe(1)
  })
})

describe('workflow vectors', () => {
  function answering(...answers: (WorkflowActual | Error)[]): VectorClient & { closed: number } {
    const client = {
      name: 'told',
      closed: 0,
      startWorkflow: async () => ({
        run: async () => {
          const answer = answers.shift()
          if (answer === undefined) throw new Error('asked too often')
          if (answer instanceof Error) throw answer
          return answer
        },
        close: async () => {
          client.closed++
        },
      }),
    }
    return client
  }

  const refused = workflowSample({ result: 'refused', step: '5.4.4', trusted: { root: 1 } })
  const [step] = refused.steps
  const twice = { ...refused, id: 'twice', steps: step ? [step, step] : [] }

  test('every command is compared, and the session is closed', async () => {
    const actual = { result: 'refused', trusted: { root: 1 } } as const
    const client = answering(actual, actual)
    expect((await runVectors([workflowFile(twice)], client)).passed).toBe(1)
    expect(client.closed).toBe(1)
  })

  test('the first command that differs is named, and no other is run', async () => {
    const right = { result: 'refused', trusted: { root: 1 } } as const
    const client = answering(right, { result: 'accepted' })
    const { failures } = await runVectors([workflowFile(twice)], client)
    expect(failures.map(({ message }) => message)).toEqual([
      'command 2 is accepted, must be refused',
    ])
    expect(client.closed).toBe(1)
  })

  test('a client that breaks down fails, and the session is closed', async () => {
    const client = answering(new Error('crash'))
    const { failures } = await runVectors([workflowFile(refused)], client)
    expect(failures.map(({ message, actual }) => [message, actual])).toEqual([
      ['breaks down: Error: crash', undefined],
    ])
    expect(client.closed).toBe(1)
  })

  test('a command that cannot be run skips the vector', async () => {
    const client = answering(new VectorSkip('faketime is not installed'))
    const { skips } = await runVectors([workflowFile(refused)], client)
    expect(skips.map(({ reason }) => reason)).toEqual(['faketime is not installed'])
  })

  test('a client without an update cycle skips them', async () => {
    expect((await runVectors([workflowFile(refused)], halves())).skips).toMatchObject([
      { id: 'first-cycle', family: 'cycles', reason: 'the client lacks an update cycle' },
    ])
  })
})

describe('selection', () => {
  const ids = (options: Parameters<typeof selectVectors>[1]) =>
    selectVectors([...files, workflowFile(workflowSample())], options).map(
      ({ vector }) => vector.id,
    )

  test.each([
    ['odd', ['half-of-odd']],
    ['halves', ['half-of-even', 'half-of-odd']],
    ['CVE-2000-1', ['half-of-odd']],
    ['5.1', ['first-cycle']],
    ['number', []],
  ])('%s is looked for in ids, families, tags and requirements', (filter, found) => {
    expect(ids({ filter })).toEqual(found)
  })

  test('only vectors of the profiles are asked', () => {
    expect(ids({ profiles: ['tuffet', 'tap12'] })).toEqual(['half-of-odd'])
    expect(ids({ profiles: ['spec'], filter: 'half' })).toEqual(['half-of-even'])
    expect(ids({})).toHaveLength(3)
  })

  test('an unselected vector is in none of the numbers', async () => {
    const { passed, failed, skipped } = await runVectors(files, halves(), { filter: 'odd' })
    expect([passed, failed, skipped]).toEqual([1, 0, 0])
  })
})

describe('a run', () => {
  test('reports each result at once', async () => {
    const seen: VectorResult[] = []
    await runVectors(files, halves(), { onResult: (result) => seen.push(result) })
    expect(seen.map(({ outcome }) => outcome)).toEqual(['passed', 'passed'])
  })

  test('asks as many at the same time as its option says, and reports in the order of the files', async () => {
    const vectors = [1, 2, 3, 4].map((number) =>
      functionSample({ id: `number-${number}`, input: { number }, output: 0 }),
    )
    let running = 0
    let most = 0
    const client: VectorClient = {
      name: 'counts',
      functions: {
        halves: async ({ number }) => {
          most = Math.max(most, ++running)
          // The later the vector, the sooner its answer.
          for (let turn = Number(number); turn < 9; turn++) await Promise.resolve()
          running--
          return 1
        },
      },
    }
    const { failures } = await runVectors([functionFile(...vectors)], client, { concurrency: 3 })
    expect(most).toBe(3)
    expect(failures.map(({ id }) => id)).toEqual(['number-1', 'number-2', 'number-3', 'number-4'])
  })

  test('ends with the reason of its signal', async () => {
    const stop = new AbortController()
    const onResult = () => stop.abort(new Error('enough'))
    const run = runVectors(files, halves(), { signal: stop.signal, onResult })
    await expect(run).rejects.toThrow('enough')
  })

  test.each([0, -1, 1.5])('a concurrency of %s is a wrong argument', async (concurrency) => {
    await expect(runVectors(files, halves(), { concurrency })).rejects.toThrow(RangeError)
  })

  test('a file with fewer or more vectors than its count is refused', async () => {
    const [file] = files
    const cut = file ? [{ ...file, count: 3 }] : []
    await expect(runVectors(cut, halves())).rejects.toThrow(VectorFileError)
    await expect(runVectors(cut, halves())).rejects.toThrow('halves: count is 3, there are 2')
  })

  test('an id that occurs in two files is refused', async () => {
    const two = [functionFile(even), { ...functionFile(even), family: 'other' }]
    await expect(runVectors(two, halves())).rejects.toThrow('two vectors share the id half-of-even')
  })
})
