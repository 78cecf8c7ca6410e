import { describe, expect, test } from '@jest/globals'
import { isTufError } from '../../src/index.js'
import { parseMap } from '../../src/multi/index.js'

const valid = {
  repositories: {
    django: ['https://django.test/', 'https://mirror.test/django'],
    pypi: ['https://pypi.test'],
  },
  mapping: [
    { paths: ['django/*'], repositories: ['django', 'pypi'], threshold: 2, terminating: true },
    { paths: ['*'], repositories: ['pypi'], threshold: 1, terminating: true },
  ],
}

function parse(value: unknown) {
  return parseMap(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
}

/** The map with one field replaced, given as `mapping.0.threshold`. */
function withField(path: string, value: unknown): unknown {
  const map: unknown = structuredClone(valid)
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  let place = map as Record<string, unknown>
  for (const step of steps) place = place[step] as Record<string, unknown>
  if (value === undefined) delete place[last]
  else place[last] = value
  return map
}

describe('a map file', () => {
  test('keeps the order of repositories, mirrors and mappings', () => {
    const map = parse(valid)
    expect([...map.repositories]).toEqual(Object.entries(valid.repositories))
    expect(map.mapping).toEqual(valid.mapping)
  })

  test.each([
    ['that is not JSON', '{', '', /./],
    ['with a name twice', '{"repositories":{},"repositories":{},"mapping":[]}', /./, /./],
    ['that is an array', [], '', /object/],
    ['without repositories', withField('repositories', undefined), 'repositories', /missing/],
    ['without a mapping', withField('mapping', undefined), 'mapping', /missing/],
    ['with an unknown field', withField('mappings', []), 'mappings', /not a known field/],
    ['with a misspelled field', withField('mapping.0.treshold', 1), 'mapping[0].treshold', /known/],
    [
      'with a threshold of 0',
      withField('mapping.0.threshold', 0),
      'mapping[0].threshold',
      /from 1 to 2/,
    ],
    [
      'with a threshold out of reach',
      withField('mapping.0.threshold', 3),
      'mapping[0].threshold',
      /from 1 to 2/,
    ],
    [
      'with half a threshold',
      withField('mapping.0.threshold', 1.5),
      'mapping[0].threshold',
      /integer/,
    ],
    [
      'without a threshold',
      withField('mapping.0.threshold', undefined),
      'mapping[0].threshold',
      /missing/,
    ],
    [
      'without repositories to ask',
      withField('mapping.0.repositories', []),
      'mapping[0].threshold',
      /from 1 to 0/,
    ],
    [
      'that asks one twice',
      withField('mapping.0.repositories', ['pypi', 'pypi']),
      'mapping[0].repositories[1]',
      /repeated/,
    ],
    [
      'that asks an unknown one',
      withField('mapping.0.repositories', ['x', 'pypi']),
      'mapping[0].repositories[0]',
      /not in repositories/,
    ],
    [
      'that does not say whether it ends',
      withField('mapping.0.terminating', undefined),
      'mapping[0].terminating',
      /missing/,
    ],
    [
      'that ends by a number',
      withField('mapping.0.terminating', 1),
      'mapping[0].terminating',
      /boolean/,
    ],
    ['with paths that are text', withField('mapping.0.paths', '*'), 'mapping[0].paths', /array/],
    ['without mirrors', withField('repositories.pypi', []), 'repositories.pypi', /empty/],
    [
      'with a mirror twice',
      withField('repositories.pypi', ['https://a.test', 'https://a.test']),
      'repositories.pypi[1]',
      /repeated/,
    ],
    [
      'with a relative mirror',
      withField('repositories.pypi', ['pypi']),
      'repositories.pypi[0]',
      /absolute/,
    ],
    [
      'with a password',
      withField('repositories.pypi', ['https://a:b@pypi.test/']),
      'repositories.pypi[0]',
      /credentials/,
    ],
    [
      'with a name that leaves its folder',
      withField('repositories', { '..': ['https://a.test'] }),
      'repositories...',
      /other characters/,
    ],
    [
      'with a name of two folders',
      withField('repositories', { 'a/b': ['https://a.test'] }),
      /a\/b/,
      /other characters/,
    ],
    [
      'with a name that ends with a dot',
      withField('repositories', { 'a.': ['https://a.test'] }),
      /a\./,
      /a dot at its end/,
    ],
    [
      'with names that differ in case',
      withField('repositories.PyPI', ['https://a.test']),
      'repositories.PyPI',
      /case/,
    ],
  ] as const)('%s is refused, with the field', (_, value, path, reason) => {
    let refusal: unknown
    try {
      parse(value)
    } catch (error) {
      refusal = error
    }
    expect(isTufError(refusal)).toBe(true)
    expect(refusal).toMatchObject({ code: 'ERR_TUF_MAP_INVALID' })
    const { path: found, reason: given } = refusal as { path: string; reason: string }
    expect(found).toMatch(
      typeof path === 'string' ? new RegExp(`^${path.replace(/[.[\]]/g, '\\$&')}$`) : path,
    )
    expect(given).toMatch(reason)
  })
})
