/** The settings on the command line. */
import { parseArgs } from 'node:util'

/** See {@link usage}. */
export interface Options {
  readonly json: boolean
  readonly quick: boolean
  readonly write: boolean
  readonly bins: number
  readonly rounds: number
  readonly package: string
}

/** The output of `--help`. */
export const usage = `npm run bench -- [options]

  --json          prints the report as JSON, progress on standard error
  --quick         less than 3 minutes, three rounds; fails when a ratio to the floor
                  is 1.5 times its bar
  --bins N        hash bins of the main repository, a power of two (default 16384)
  --rounds N      runs of each program after a warm-up (default 5; 3 with --quick)
  --write         writes the report and its plots into docs/
  --package DIR   measures the built package in that folder instead of this one

Without --quick it also measures Node 24, from the npm package node, and builds three programs in Rust and
Go where cargo and go are. PYTHON names an interpreter that has python-tuf (default python3); without it that peer is left out.
`

/**
 * @throws Error for options that are not known
 */
export function readOptions(args: readonly string[], ownFolder: string): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      bins: { type: 'string', default: '16384' },
      rounds: { type: 'string' },
      package: { type: 'string', default: ownFolder },
    },
  })
  if (values.help) return 'help'
  const bins = Number(values.bins)
  if (!Number.isInteger(Math.log2(bins)) || bins < 64 || bins > 65_536) {
    throw new RangeError('--bins is a power of two from 64 to 65536')
  }
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 5))
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds is at least 1')
  return { ...values, bins, rounds }
}
