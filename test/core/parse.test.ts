import { describe, expect, test } from '@jest/globals'
import { fieldPath, type JsonObject, type JsonValue } from '../../src/core/json/value.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { isTufError, MetadataInvalidError } from '../../src/errors.js'
import { isList, jsonText } from '../../src/testing/json-text.js'
import { examples, shapes, type Example, type Steps } from '../support/metadata-fields.js'

const sections = { root: '4.3', snapshot: '4.4', targets: '4.5', timestamp: '4.6' }

describe.each(examples)('4: $title', (example) => {
  const fields = fieldsOf(example.file)

  test('is read unchanged', () => {
    expect(verdict(example, example.file)).toBe('accepted')
  })

  test('has a rule for each field, and no rule without a field', () => {
    expect(new Set(fields.map(pathOf))).toEqual(new Set(example.rules.keys()))
  })

  test.each(fields.map((steps) => [pathOf(steps) || 'the file', steps] as const))(
    '%s is refused in every wrong shape, at its own path',
    (_, steps) => {
      const path = pathOf(steps)
      const { legal = [], instead = {} } = example.rules.get(path) ?? {}
      const names = Object.keys(shapes).filter((name) => steps.length > 0 || name !== 'missing')
      const expected = names.map((name) => [
        name,
        legal.includes(name) ? 'accepted' : (instead[name] ?? path),
      ])
      const actual = names.map((name) => [
        name,
        verdict(example, replaced(example.file, steps, shapes[name])),
      ])
      expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected))
    },
  )
})

/** `accepted`, or the path that is refused, or another code; the same on both roads of JSON. */
function verdict({ type }: Example, file: JsonValue): string {
  const [sorted, unsorted] = [true, false].map((one) => {
    try {
      parseMetadata(new TextEncoder().encode(jsonText(file, { sorted: one })), type, type)
      return 'accepted'
    } catch (error) {
      if (!(error instanceof MetadataInvalidError)) return isTufError(error) ? error.code : error
      expect(error).toMatchObject({ code: 'ERR_TUF_METADATA_INVALID', role: type })
      expect(error.step).toBe(sections[type])
      return error.path
    }
  })
  expect(sorted).toEqual(unsorted)
  return String(sorted)
}

function pathOf(steps: Steps): string {
  return steps.reduce<string>(fieldPath, '')
}

/** The places of all fields, the file itself first. */
function fieldsOf(value: JsonValue, steps: Steps = []): Steps[] {
  const inner = isList(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : []
  return [steps, ...inner.flatMap(([step, member]) => fieldsOf(member, [...steps, step]))]
}

function replaced(value: JsonValue, steps: Steps, by: JsonValue | undefined): JsonValue {
  const [step, ...rest] = steps
  if (step === undefined) return by ?? null
  if (isList(value)) {
    return value.flatMap((item, index) => {
      if (index !== step) return [item]
      return rest.length === 0 && by === undefined ? [] : [replaced(item, rest, by)]
    })
  }
  if (!isObject(value)) throw new RangeError(`nothing at ${pathOf(steps)}`)
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      if (name !== step) return [[name, item]]
      return rest.length === 0 && by === undefined ? [] : [[name, replaced(item, rest, by)]]
    }),
  )
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}
