import { afterEach, describe, expect, test } from '@jest/globals'
import { guarded } from '../../src/client/callback.js'

interface Warning {
  readonly text: string
  readonly detail: string
}

const { process } = globalThis
const emitWarning = process.emitWarning

afterEach(() => {
  globalThis.process = process
  process.emitWarning = emitWarning
  Reflect.deleteProperty(globalThis, 'reportError')
})

/** The warnings of the process from now on. */
function warnings(): Warning[] {
  const seen: Warning[] = []
  const note = (text: string, { detail }: { readonly detail: string }): void => {
    seen.push({ text, detail })
  }
  process.emitWarning = note as unknown as typeof emitWarning
  return seen
}

describe('an observer', () => {
  test('is called with its arguments; a missing one is never called', () => {
    const seen = warnings()
    const calls: unknown[] = []
    guarded('onEvent', (...args: unknown[]) => calls.push(args))(1, 'two')
    guarded('onEvent', undefined)()
    expect(calls).toEqual([[1, 'two']])
    expect(seen).toEqual([])
  })

  test('that throws becomes a warning with its stack', () => {
    const seen = warnings()
    guarded('onEvent', () => {
      throw new RangeError('out of it')
    })()
    expect(seen).toEqual([
      { text: 'onEvent threw', detail: expect.stringMatching(/^RangeError: out of it\n +at /) },
    ])
  })

  test('whose promise rejects becomes a warning', async () => {
    const seen = warnings()
    guarded('onRetry', async () => Promise.reject(new Error('later')))()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual([
      { text: 'onRetry threw', detail: expect.stringMatching(/^Error: later/) },
    ])
  })

  test.each([
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [Object.create(null), 'an error that cannot be read'],
  ])('that throws %p is reported all the same', (thrown, detail) => {
    const seen = warnings()
    guarded('onEvent', () => {
      throw thrown
    })()
    expect(seen).toEqual([{ text: 'onEvent threw', detail }])
  })

  test('that throws where there is no process is given to reportError', () => {
    const reported: unknown[] = []
    const error = new Error('in a page')
    Object.assign(globalThis, { reportError: (one: unknown) => reported.push(one) })
    Reflect.set(globalThis, 'process', undefined)
    guarded('onEvent', () => {
      throw error
    })()
    globalThis.process = process
    expect(reported).toEqual([error])
  })

  test('that throws where nothing takes reports changes nothing', () => {
    Reflect.set(globalThis, 'process', undefined)
    const observer = guarded('onEvent', () => {
      throw new Error('nobody hears it')
    })
    expect(observer).not.toThrow()
  })
})
