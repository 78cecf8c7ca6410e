import { describe, expect, test } from '@jest/globals'
import { parseVectorFile, VectorFileError } from '../../../src/vectors/parse-file.js'
import { functionFile, functionSample, richWorkflow as rich, workflowFile } from './sample-files.js'

const functions = functionFile(functionSample())
const workflows = workflowFile(rich)

function refusal(value: unknown): string {
  try {
    parseVectorFile(JSON.stringify(value))
  } catch (error) {
    if (error instanceof VectorFileError) return error.message
    throw error
  }
  return 'accepted'
}

describe('a vector file', () => {
  test.each([functions, workflows])('is read as it was written', (file) => {
    expect(parseVectorFile(JSON.stringify(file))).toEqual(file)
  })

  test('may name its schema', () => {
    const text = JSON.stringify({ $schema: './schema.json', ...functions })
    expect(parseVectorFile(text)).toEqual(functions)
  })

  test('that is cut short anywhere is refused', () => {
    const text = JSON.stringify(functions)
    for (let length = 0; length < text.length; length++) {
      expect(() => parseVectorFile(text.slice(0, length))).toThrow(VectorFileError)
    }
  })

  test.each([
    ['fewer vectors than its count', { ...functions, count: 2 }, 'count is 2, there are 1'],
    ['more vectors than its count', { ...functions, count: 0 }, 'count is 0, there are 1'],
    ['a count that is not a number', { ...functions, count: '1' }, 'count is "1", there are 1'],
    ['another format', { ...functions, format: 2 }, 'format 2 is not 1'],
    ['a format in words', { ...functions, format: '1' }, 'format "1" is not 1'],
    ['a kind that is unknown', { ...functions, kind: 'both' }, 'kind must be'],
    ['a family that is not a name', { ...functions, family: 'a b' }, 'family must be a name'],
    ['no word about it', { ...functions, about: '' }, 'about must be text'],
    ['no list', { ...functions, vectors: {} }, 'vectors must be a list'],
    ['a field of its own', { ...functions, more: 1 }, '"more" is not a field'],
    ['no object', [functions], 'not an object'],
    [
      'two vectors with one id',
      functionFile(functionSample(), functionSample()),
      'two vectors share the id half-of-even',
    ],
    [
      'vectors of the other kind',
      { ...workflows, vectors: functions.vectors },
      'half-of-even: anchor is missing',
    ],
    ['a vector that is not an object', { ...functions, vectors: [1] }, 'number 0: it must be'],
  ])('with %s is refused', (_, file, message) => {
    expect(refusal(file)).toMatch(message)
  })
})

describe('a vector', () => {
  test.each([
    ['an id with capitals', { id: 'A' }, 'id must be a name'],
    ['no title', { title: ' ' }, 'title must not be empty'],
    ['no requirement', { requirements: [] }, 'requirements must not be empty'],
    ['a profile that is unknown', { profile: 'mine' }, 'profile must be one of spec, tap4, tap12'],
    ['an empty note', { note: '' }, 'note must not be empty'],
    ['a tag that is not text', { tags: [1] }, 'tags[0] must be text'],
    ['a result that is unknown', { result: 'absent' }, 'result must be one of'],
    ['an input that is not an object', { input: [1] }, 'input must be an object'],
    ['an integer of 2^53', { input: { a: [0.5, 2 ** 53] } }, 'input.a[1] must be JSON without num'],
    ['an output below -2^53', { output: -(2 ** 60) }, 'output must be JSON without numbers'],
    [
      'an output of a refused input',
      { result: 'refused' },
      'a refused input must not give an output',
    ],
    ['a field that is unknown', { steps: [] }, 'steps is not a field'],
  ])('with %s is refused', (_, change, message) => {
    const file = { ...functions, vectors: [{ ...functionSample(), ...change }] }
    expect(refusal(file)).toContain(message)
  })
})

describe('a command of a workflow', () => {
  const download = { download: 'a' }
  const found = { result: 'accepted', sha256: 'ab'.repeat(32) }

  test.each([
    ['a time without zone', { time: '2026-01-01T00:00:00' }, 'time must be a time such as'],
    ['a day that does not exist', { time: '2026-02-30T00:00:00Z' }, 'time must be a time such as'],
    ['an unknown command', { command: 'init' }, 'command must be an object'],
    ['a command with more', { command: { download: 'a', to: 'b' } }, 'command.to is not a field'],
    ['a target of no kind', { serve: { 'a.json': '' } }, 'serve.a.json must be metadata/'],
    ['a served name with a space', { serve: { 'targets/a b': '' } }, 'must be metadata/'],
    ['a body that is unknown', { serve: { 'targets/a': {} } }, 'targets/a.base64 is missing'],
    [
      'two kinds of body at once',
      { serve: { 'targets/a': { status: 500, base64: '' } } },
      'targets/a.base64 is not a field',
    ],
    ['a status out of range', { serve: { 'targets/a': { status: 99 } } }, 'from 200 to 599'],
    ['no text to repeat', { serve: { 'targets/a': { repeat: '', length: 1 } } }, 'not empty'],
    ['broken base64', { serve: { 'targets/a': { base64: 'A' } } }, 'must be base64'],
    ['a stored name that is a path', { store: { '../a.json': '' } }, 'must be a file name'],
    ['a stored file that is a status', { store: { 'a.json': { status: 500 } } }, 'must be a file'],
    ['a version below zero', { expect: { result: 'accepted', trusted: { root: -1 } } }, 'integer'],
    ['an absent target of no download', { expect: { result: 'absent' } }, 'only a download'],
    ['a digest of no download', { expect: found }, 'only an accepted download states a sha256'],
    [
      'a found target without digest',
      { command: download, expect: { result: 'accepted' } },
      'states a sha256',
    ],
    [
      'a digest of no text',
      { command: download, expect: { ...found, result: 'absent' } },
      'states a sha256',
    ],
    ['capitals in a digest', { command: download, expect: { ...found, sha256: 'AB' } }, '64 lower'],
    ['a place without a refusal', { expect: { result: 'accepted', step: '5.3' } }, 'refused'],
    ['a field that is unknown', { url: '' }, 'url is not a field'],
  ])('with %s is refused', (_, change, message) => {
    const [step] = rich.steps
    const { store: _store, serve: _serve, ...plain } = step ?? {}
    const vector = { ...rich, steps: [{ ...plain, ...change }] }
    const said = refusal({ ...workflows, vectors: [vector] })
    expect(said).toMatch(/^first-cycle: /)
    expect(said).toContain(message)
  })

  test('an accepted download with its digest is read', () => {
    const [step] = rich.steps
    const steps = step ? [{ ...step, command: download, expect: found }] : []
    expect(refusal({ ...workflows, vectors: [{ ...rich, steps }] })).toBe('accepted')
  })

  test('a workflow without commands, or whose anchor is not a file, is refused', () => {
    expect(refusal(workflowFile({ ...rich, steps: [] }))).toMatch('steps must not be empty')
    const anchor = { status: 404 }
    expect(refusal(workflowFile({ ...rich, anchor }))).toMatch('anchor must be a file')
  })
})
