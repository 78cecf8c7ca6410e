import { expect, test } from '@jest/globals'
import { isSupportedSpecVersion } from '../../src/core/metadata/spec-version.js'

test.each(['1.0', '1.0.0', '1.0.34', '1.9.0', '1.10', '1.0.100', '1.34.5'])(
  '%j is read',
  (text) => {
    expect(isSupportedSpecVersion(text)).toBe(true)
  },
)

test.each([
  '',
  '1',
  '1.',
  '.1',
  '1..0',
  '1.0.',
  '2.0.0',
  '0.9.0',
  '10.0.0',
  '11.0',
  'abc',
  '1.x',
  '1.0.0-rc',
  '1.0.0.0',
  ' 1.0',
  '1.0 ',
  '1.0\n',
  '01.0',
  '1.00',
  '1.01',
  '1.0.01',
  '-1.0',
  '+1.0',
  '1,0',
  '1.0e1',
  '١.٠',
  '1.0.0\n1.0',
])('%j is refused', (text) => {
  expect(isSupportedSpecVersion(text)).toBe(false)
})
