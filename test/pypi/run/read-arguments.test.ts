import { describe, expect, test } from '@jest/globals'
import { pipOptions } from '../../../src/pypi/run/pip-options.js'
import { readArguments } from '../../../src/pypi/run/read-arguments.js'
import { uvOptions } from '../../../src/pypi/run/uv-options.js'

function pip(...args: string[]): unknown {
  return read(readArguments(args, pipOptions, 'optparse'))
}

function uv(...args: string[]): unknown {
  return read(readArguments(args, uvOptions, 'clap'))
}

function read({ words, options, unread }: ReturnType<typeof readArguments>): unknown {
  return {
    words,
    options: options.map(({ rule, value }) =>
      value === undefined ? rule.name : [rule.name, value],
    ),
    unread: unread.map(({ argument }) => argument),
  }
}

function found(options: unknown[], words: string[] = [], unread: string[] = []): unknown {
  return { options, words, unread }
}

describe('options of pip', () => {
  test.each<[string[], unknown[], string[]?, string[]?]>([
    [['install', 'a', '-U', 'b'], ['--upgrade'], ['install', 'a', 'b']],
    [['--index-url', 'U'], [['--index-url', 'U']]],
    [['--index-url=U=V'], [['--index-url', 'U=V']]],
    [['--pypi-url=U'], [['--index-url', 'U']]],
    [['-i', 'U'], [['--index-url', 'U']]],
    [['-iU'], [['--index-url', 'U']]],
    // optparse keeps the sign: the name of the file is =f.
    [['-r=f'], [['--requirement', '=f']]],
    [['-qc=f'], ['--quiet', ['--constraint', '=f']]],
    [['-qqiU'], ['--quiet', '--quiet', ['--index-url', 'U']]],
    [
      ['-vi', 'U'],
      ['--verbose', ['--index-url', 'U']],
    ],
    [['--extra-i=U'], [['--extra-index-url', 'U']]],
    [['--extra', 'U'], [['--extra-index-url', 'U']]],
    [['--find', 'F'], [['--find-links', 'F']]],
    [['--trusted', 'H'], [['--trusted-host', 'H']]],
    [['--proxy=P'], [['--proxy', 'P']]],
    [['--iso'], ['--isolated']],
    [['--constr', 'f'], [['--constraint', 'f']]],
    // In some versions of pip it is one, in some the other.
    [['--requirem', 'f'], [['--requirements-from-script', 'f']]],
    [['--use', 'f'], [], ['f'], ['--use']],
    // A value is a value, whatever it looks like.
    [['--target', '--index-url', 'U'], [['--target', '--index-url']], ['U']],
    [['-t', '-i', 'U'], [['--target', '-i']], ['U']],
    [['--', '-i', 'U'], [], ['-i', 'U']],
    [['-'], [], ['-']],
    [['--no-such-option'], [], [], ['--no-such-option']],
    [['-Z'], [], [], ['-Z']],
    [['-qZ'], ['--quiet'], [], ['-qZ']],
    [['--pre=yes'], [], [], ['--pre']],
    [['--index-url'], [], [], ['--index-url']],
    [['--e'], [], [], ['--e']],
  ])('%j', (args, ...expected) => {
    expect(pip(...args)).toEqual(found(...expected))
  })

  test('a possible short form of another index counts as one', () => {
    expect(pip('--in', 'U')).toEqual(found([['--index-url', 'U']]))
  })
})

describe('options of uv', () => {
  test.each<[string[], unknown[], string[]?, string[]?]>([
    [['--default-index=U'], [['--default-index', 'U']]],
    [['-i=U'], [['--index-url', 'U']]],
    [['-r=f'], [['--requirements', 'f']]],
    [['-r==f'], [['--requirements', '=f']]],
    [
      ['-ni', 'U'],
      ['--no-cache', ['--index-url', 'U']],
    ],
    [['-fF'], [['--find-links', 'F']]],
    // clap takes no abbreviation.
    [['--extra-i=U'], [], [], ['--extra-i']],
  ])('%j', (args, ...expected) => {
    expect(uv(...args)).toEqual(found(...expected))
  })
})
