/**
 * The public tests of tuf-js and sigstore-js with this client in the place of tuf-js. They need
 * checkouts with their dependencies, built: `npm ci && npx tsc --build tsconfig.build.json` in each.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { nodeProgram } from '../../scripts/runtimes/programs.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { buildCommand } from './built-command.js'
import { commonJsBundle } from './common-js-bundle.js'

/** One package's tests, by their own configuration. */
interface Suite {
  /** The variable that names the checkout. */
  readonly variable: string
  readonly packages: readonly string[]
  /** The modules of the tests that are replaced. */
  readonly replaced: string
  /** Full title → why it fails here. */
  readonly expected: Readonly<Record<string, string>>
}

const needsNetwork = 'it asks a repository on the internet, with tuf-js too'

const suites: Readonly<Record<string, Suite>> = {
  'tuf-js': {
    variable: 'TUF_JS',
    packages: ['client'],
    replaced: '^\\.\\./src(/(error|fetcher|index|updater))?$',
    expected: {},
  },
  'sigstore-js': {
    variable: 'SIGSTORE_JS',
    packages: ['tuf', 'client'],
    replaced: '^tuf-js$',
    expected: {
      '#verify when the bundle is a valid v0.1 DSSE bundle with public key returns a Signer object':
        needsNetwork,
      '#verify - Signer object structure and properties when verifying with public key returns a Signer with key':
        needsNetwork,
    },
  },
}

/** The part of jest's report that counts. */
interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

describe.each(Object.entries(suites))('the public tests of %s', (name, suite) => {
  const checkout = process.env[suite.variable]
  const node = checkout === undefined ? undefined : nodeProgram('22.23.3')
  let bundle = ''

  beforeAll(async () => {
    if (checkout === undefined) return
    buildCommand()
    bundle = await commonJsBundle(temporaryFolder('common-js'))
  })

  test.each(suite.packages)('package %s passes, but for the expected differences', (one) => {
    if (checkout === undefined || node === undefined) {
      console.warn(`the tests of ${name} are skipped: ${suite.variable} names no checkout`)
      return
    }
    if ('reason' in node) throw new Error(node.reason)
    const report = reportOf(resolve(checkout), one, node.path, suite.replaced, bundle)
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    const failed = results.filter(({ status }) => status === 'failed')
    const titles = failed.map(({ fullName }) => fullName)
    console.warn(
      [
        `${name}, packages/${one}: ${results.length - failed.length} of ${results.length} pass`,
        ...titles.map((title) => `differs: ${title}: ${suite.expected[title] ?? 'unexpected'}`),
      ].join('\n'),
    )
    expect(results.length).toBeGreaterThan(20)
    // A file that could not be loaded has no results.
    const unread = report.testResults.filter((file) => file.assertionResults.length === 0)
    expect(unread.map(({ message }) => message)).toEqual([])
    expect(titles.filter((title) => suite.expected[title] === undefined)).toEqual([])
  })
})

function reportOf(
  checkout: string,
  name: string,
  node: string,
  replaced: string,
  bundle: string,
): Report {
  const jest = join(checkout, 'node_modules/jest/bin/jest.js')
  if (!existsSync(jest)) throw new Error(`${checkout} lacks its dependencies: run npm ci there`)
  const outputFile = join(temporaryFolder('report'), 'report.json')
  const mapper = JSON.stringify({ [replaced]: bundle })
  const args = ['--json', '--outputFile', outputFile, '--runInBand', '--moduleNameMapper', mapper]
  const { stderr } = spawnSync(node, [jest, ...args], {
    cwd: join(checkout, 'packages', name),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: 64_000_000,
  })
  if (!existsSync(outputFile)) throw new Error(stderr)
  const parse: (text: string) => Report = JSON.parse
  return parse(readFileSync(outputFile, 'utf8'))
}
