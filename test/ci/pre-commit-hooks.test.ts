import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { declarations } from '../../src/cli/options.js'
import { makeCheckout } from '../support/checkout.js'
import { runProgram, type Ended } from '../support/composite-action.js'
import { openJob, type Job } from '../support/job.js'

interface Hook {
  readonly id: string
  readonly name: string
  readonly entry: string
  readonly language: string
  readonly files: string
  readonly require_serial: boolean
}

const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly Hook[]

let checkout: string
let job: Job

beforeAll(() => {
  checkout = makeCheckout()
})

afterAll(() => rmSync(checkout, { recursive: true, force: true }))

beforeEach(async () => {
  job = await openJob()
})

afterEach(() => job.close())

function hookOf(id: string): Hook {
  const hook = hooks.find((one) => one.id === id)
  if (!hook) throw new TypeError(`no hook ${id}`)
  return hook
}

/** As pre-commit runs a hook whose language is `script`: the first word is below its checkout. */
function run(id: string, files: readonly string[]): Promise<Ended> {
  const [program = '', ...args] = hookOf(id).entry.split(' ')
  return runProgram(join(checkout, program), [...args, ...files], { cwd: job.folder })
}

describe('the hooks for pre-commit', () => {
  test('run one after the other, by a script that can be run, with options that exist', () => {
    expect(hooks.map(({ id }) => id)).toEqual(['tuffet-check', 'tuffet-verify'])
    for (const { entry, language, require_serial } of hooks) {
      const [program = '', ...args] = entry.split(' ')
      expect([language, require_serial]).toEqual(['script', true])
      expect(statSync(program).mode & 0o111).not.toBe(0)
      const names = args.filter((word) => /^--./.test(word)).map((word) => word.slice(2))
      expect(names.filter((name) => !(name in declarations))).toEqual([])
    }
  })

  test('are given lock files and distributions, and nothing else', () => {
    const given = (id: string, names: readonly string[]): string[] =>
      names.filter((name) => new RegExp(hookOf(id).files).test(name))
    const locks = [
      ...['requirements.txt', 'requirements-dev.txt', 'sub/uv.lock', 'poetry.lock', 'pdm.lock'],
      ...['Pipfile.lock', 'pylock.toml', 'pylock.dev.toml'],
    ]
    const wheels = ['a-1-py3-none-any.whl', 'vendor/a-1.tar.gz', 'a-1.zip']
    const others = [
      'README.md',
      'package-lock.json',
      'requirements.in',
      'uv.lock.orig',
      'a.whl.asc',
    ]
    expect(given('tuffet-check', [...locks, ...wheels, ...others])).toEqual(locks)
    expect(given('tuffet-verify', [...locks, ...wheels, ...others])).toEqual(wheels)
  })

  test('pass what is the repository’s', async () => {
    expect(await run('tuffet-check', ['requirements.txt'])).toMatchObject({ status: 0 })
    const wheel = 'good/requests-2.32.3-py3-none-any.whl'
    expect(await run('tuffet-verify', [wheel])).toMatchObject({ status: 0 })
  })

  test('stop a commit that has something else', async () => {
    expect(await run('tuffet-check', ['requirements.txt', 'bad.txt'])).toMatchObject({ status: 1 })
    const wheel = 'bad/colorama-0.4.6-py3-none-any.whl'
    expect(await run('tuffet-verify', [wheel])).toMatchObject({ status: 1 })
  })
})
