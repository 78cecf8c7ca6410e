import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  evaluateMarker,
  type MarkerEnvironment,
  parseMarker,
} from '../../../src/pypi/names/marker.js'
import { parseSpecifiers, satisfiesSpecifier } from '../../../src/pypi/names/specifier.js'
import { read, refusal } from './reading.js'

interface MarkerTable {
  readonly environment: MarkerEnvironment
  readonly markers: [text: string, result: boolean | null][]
}

const table: MarkerTable = JSON.parse(
  readFileSync(new URL('pip-table.json', import.meta.url), 'utf8'),
)

function evaluate(text: string, environment: MarkerEnvironment): boolean | undefined | null {
  const marker = parseMarker(text)
  return marker ? evaluateMarker(marker, environment) : null
}

describe('markers', () => {
  test.each(table.markers)('%s means to this library as much as to pip', (text, expected) => {
    expect(table.markers.length).toBe(62)
    expect(evaluate(text, table.environment)).toBe(expected)
  })

  test.each([
    ["os_name == 'nt'", undefined],
    ["os_name == 'nt' and extra == 'x'", undefined],
    ["sys_platform == 'win32' and os_name == 'nt'", false],
    ["sys_platform == 'linux' or os_name == 'nt'", true],
    ["sys_platform == 'win32' or os_name == 'nt'", undefined],
    ["'x' in extras", undefined],
    ["sys_platform < 'win32'", undefined],
    ["python_version >= '3.9'", undefined],
    ["constructor == 'x'", null],
  ])('%s is %s where only the platform is known', (text, expected) => {
    const environment = { sys_platform: 'linux', python_version: 'unknown' }
    expect(evaluate(text, environment)).toBe(expected)
  })

  test('nested too deep are refused', () => {
    const nested = (depth: number): string =>
      '('.repeat(depth) + "os_name == 'nt'" + ')'.repeat(depth)
    expect(parseMarker(nested(60))).toBeDefined()
    expect(parseMarker(nested(100_000))).toBeUndefined()
  })

  test.each(['a.txt', 'uv.lock'])('that are not valid are refused in %s', async (name) => {
    const text =
      name === 'a.txt'
        ? '\n\nfoo==1.0 ; "x'
        : 'version = 1\n\n[[package]]\nname = "foo"\nsource = { registry = "x" }\nresolution-markers = ["x"]'
    const error = await refusal(name, text)
    expect(error).toMatchObject({ file: name, line: 3 })
    expect(error.reason).toMatch(/^foo: the marker .* is not understood$/)
  })

  test('keep an entry when the environment does not decide it', async () => {
    const text = "foo==1.0 ; os_name == 'nt'"
    const { entries, skipped } = await read('a.txt', text, { environment: { extra: 'x' } })
    expect(entries).toMatchObject([{ marker: "os_name == 'nt'" }])
    expect(skipped).toEqual([])
  })
})

describe('specifiers', () => {
  test.each([
    ['1.0.post1', '>1.0', false],
    ['1.0.post1', '>1.0.post0', true],
    ['1.1', '>1.0.post1', true],
    ['1.0rc1', '<1.0', false],
    ['1.0rc1', '<1.0rc2', true],
    ['0.9rc1', '<1.0', true],
    ['1.0+local', '==1.0', true],
    ['1.0+local', '==1.0+other', false],
    ['1.0+local', '>1.0', false],
    ['1.0+local', '<=1.0', true],
    ['1.0', '!=1.0.0', false],
    ['1', '==1.0.*', true],
    ['1!1.0', '==1.0.*', false],
    ['1.4.5', '~=1.4.2', true],
    ['1.5', '~=1.4.2', false],
    ['1.0', '===1.0', true],
    ['1.0', '===1.0.0', false],
    ['x', '>=1.0', undefined],
  ])('%s against %s: %s', (version, text, expected) => {
    const [specifier] = parseSpecifiers(text) ?? []
    expect(specifier && satisfiesSpecifier(version, specifier)).toBe(expected)
  })

  test.each(['1.0', '==', '==1.0 2.0', '~=1', '>=1.*', '==x', ',', '==1.0,,', '=>1'])(
    '%j is not valid',
    (text) => expect(parseSpecifiers(text)).toBeUndefined(),
  )
})
