/** Which spec_version a client of TUF 1.x reads (4.3). */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { accepts, refuses, type Terms } from './vector.js'

/** The family `spec-version`. */
export function specVersionFamily(): VectorFile {
  return functionFamily(
    'spec-version',
    'Does a client of TUF 1.x read metadata whose spec_version is `text`?',
    [...read(), ...refused()],
  )
}

const version: Terms = { requirements: ['4.3-spec-version'] }
const open: Terms = {
  ...version,
  profile: 'tuffet',
  note: '4.3 leaves it to adopters which versions match. Every 1.x so far uses one file format.',
}

const malformed: Terms = {
  ...version,
  note: '4.3: the format is that of Semantic Versioning 2.0.0: three numbers without leading zeros.',
}

type Row = readonly [id: string, title: string, text: string]

function read(): readonly FunctionVector[] {
  const specified: readonly Row[] = [
    ['1.0.0', 'The first version is read', '1.0.0'],
    ['1.0.34', 'The version that these vectors are written from is read', '1.0.34'],
  ]
  const chosen: readonly Row[] = [
    ['later-fix', 'A later fix of it is read', '1.0.99'],
    ['later-minor', 'A later minor version is read', '1.9.0'],
    ['two-digits', 'Numbers may contain several digits', '1.10.123'],
    ['no-fix', 'Two numbers are enough, as in roots in public use', '1.0'],
  ]
  return [
    ...specified.map(([id, title, text]) =>
      accepts(version, `spec-version-${id}`, title, { text }),
    ),
    ...chosen.map(([id, title, text]) => accepts(open, `spec-version-${id}`, title, { text })),
  ]
}

function refused(): readonly FunctionVector[] {
  const specified: readonly Row[] = [
    ['2.0.0', 'The next major version is refused', '2.0.0'],
    ['0.9.0', 'A version before the first is refused', '0.9.0'],
    ['10.0.0', 'A major version that begins with 1 is not 1', '10.0.0'],
    ['11.0.0', 'A major version of two ones is not 1', '11.0.0'],
  ]
  const wrong: readonly Row[] = [
    ['minus', 'A negative version is refused', '-1.0.0'],
    ['word', 'A word is refused', 'latest'],
    ['empty', 'Empty text is refused', ''],
    ['one', 'A single number is refused', '1'],
    ['letter', 'A letter in place of a number is refused', '1.x.0'],
    ['empty-part', 'A part without digits is refused', '1..0'],
    ['four', 'Four numbers are refused', '1.0.0.0'],
    ['trailing-dot', 'A dot at the end is refused', '1.0.'],
    ['leading-zero', 'A leading zero is refused', '01.0.0'],
    ['leading-zero-minor', 'A leading zero of the second number is refused', '1.01.0'],
    ['prefix', 'A letter before it is refused', 'v1.0.0'],
    ['space', 'White space around it is refused', ' 1.0.0'],
    ['line-feed', 'A line feed after a version is refused', '1.0.0\n'],
    ['second-line', 'A second line does not make up for the first', '2.0.0\n1.0.0'],
    ['other-digits', 'Digits that are not ASCII are refused', '\u0661.0.0'],
    ['exponent', 'A number with an exponent is refused', '1e0.0.0'],
    ['comma', 'Commas are not dots', '1,0,0'],
  ]
  const semver: readonly Row[] = [
    ['pre-release', 'A pre-release is refused', '1.0.0-rc.1'],
    ['build', 'A version with a build is refused', '1.0.0+5'],
  ]
  return [
    ...specified.map(([id, title, text]) =>
      refuses(version, `spec-version-${id}`, title, { text }),
    ),
    ...wrong.map(([id, title, text]) => refuses(malformed, `spec-version-${id}`, title, { text })),
    ...semver.map(([id, title, text]) =>
      refuses(
        open,
        `spec-version-${id}`,
        title,
        { text },
        {
          note: 'Semantic Versioning knows them, the specification never used one.',
        },
      ),
    ),
  ]
}
