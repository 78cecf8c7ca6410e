/** The scanner and its platform: where WebAssembly is missing or refused, and how memory is kept. */
import { describe, expect, test } from '@jest/globals'
import { readJson, readSorted } from '../../src/core/json/read.js'

type Scanner = typeof import('../../src/core/json/fast/scanner.js')
type Platform = Readonly<Record<'Module' | 'Instance', new (from: object) => object>>

const encoder = new TextEncoder()
const platform = (globalThis as unknown as { readonly WebAssembly: Platform }).WebAssembly

let loaded = 0

/** The scanner as a program has it that has just started. */
async function newScanner(): Promise<Scanner> {
  const path: string = `../../src/core/json/fast/scanner.js?${(loaded += 1)}`
  return (await import(path)) as Scanner
}

async function where(value: unknown, action: () => void | Promise<void>): Promise<void> {
  const set = (value: unknown): unknown =>
    Object.defineProperty(globalThis, 'WebAssembly', { value, configurable: true, writable: true })
  set(value)
  try {
    await action()
  } finally {
    set(platform)
  }
}

function text(length: number): Uint8Array {
  return encoder.encode(`"${'x'.repeat(length - 2)}"`)
}

test('the first document of a program has its tables found', async () => {
  for (const [schema, field] of [
    ['snapshot', '"meta":{"a.json":{"version":1}}'],
    ['targets', '"targets":{"a":{"hashes":{"x":"ab"},"length":1}}'],
  ] as const) {
    const { scan } = await newScanner()
    expect(scan(encoder.encode(`{"signed":{${field}}}`), schema)?.table?.rows).toHaveLength(2)
  }
})

describe('nothing is proved', () => {
  test('where WebAssembly is missing, and the document is read all the same', async () => {
    await where(undefined, () => {
      expect(readSorted(encoder.encode('{"signed":1}'))).toBeUndefined()
      expect(readJson(encoder.encode('{"signed":1}')).value).toEqual({ signed: 1 })
    })
    expect(readSorted(encoder.encode('{"signed":1}'))).toBeDefined()
  })

  test('where a policy refuses to compile, which is asked once', async () => {
    const { scan } = await newScanner()
    let asked = 0
    function Module(): never {
      asked += 1
      throw new Error('refused by the content security policy')
    }
    await where({ ...platform, Module }, () => {
      for (let turn = 0; turn < 3; turn++) expect(scan(text(2), 'none')).toBeUndefined()
    })
    expect(asked).toBe(1)
    // The answer holds as long as the program runs.
    expect(scan(text(2), 'none')).toBeUndefined()
  })

  test('where there is no memory for the document', async () => {
    const { scan } = await newScanner()
    let made = 0
    class Instance {
      readonly exports = {
        memory: {
          buffer: new ArrayBuffer(65_536),
          grow(): never {
            throw new RangeError('no memory')
          },
        },
      }
      constructor() {
        made += 1
      }
    }
    await where({ Module: platform.Module, Instance }, () => {
      for (let turn = 0; turn < 2; turn++) expect(scan(text(65_536), 'none')).toBeUndefined()
    })
    expect(made).toBe(1)
  })

  test('where there is no memory to begin with, until there is', async () => {
    const { scan } = await newScanner()
    function Instance(): never {
      throw new RangeError('no memory')
    }
    await where({ Module: platform.Module, Instance }, () => {
      expect(scan(text(2), 'none')).toBeUndefined()
    })
    expect(scan(text(2), 'none')).toBeDefined()
  })
})

describe('one program and one memory serve all documents', () => {
  /** How many of each are made while the action runs. */
  async function made(action: () => void): Promise<{ modules: number; instances: number }> {
    let [modules, instances] = [0, 0]
    class Module extends platform.Module {
      constructor(bytes: Uint8Array) {
        super(bytes)
        modules += 1
      }
    }
    class Instance extends platform.Instance {
      constructor(module: object) {
        super(module)
        instances += 1
      }
    }
    await where({ Module, Instance }, action)
    return { modules, instances }
  }

  test('that are small', async () => {
    const { scan } = await newScanner()
    const seen = await made(() => {
      for (const length of [2, 100_000, 5_000_000, 5_592_320, 2]) {
        expect(scan(text(length), 'none')).toBeDefined()
      }
    })
    expect(seen).toEqual({ modules: 1, instances: 1 })
  })

  test('and the memory of a large one is given back', async () => {
    const { scan } = await newScanner()
    // One byte more than fits into eight megabytes.
    const seen = await made(() => {
      for (const length of [2, 5_592_321, 2]) expect(scan(text(length), 'none')).toBeDefined()
    })
    expect(seen).toEqual({ modules: 1, instances: 2 })
  })
})
