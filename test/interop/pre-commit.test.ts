/** pre-commit itself, which clones a checkout of this project and runs the hooks that it declares. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { findProgram } from '../../src/vectors/node/run-command.js'
import { makeCheckout } from '../support/checkout.js'
import { openJob, type Job } from '../support/job.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { basePython, runProgram } from './lock-machine.js'

/** Beside the Python that PYTHON names, or on PATH. */
function findPreCommit(): string | undefined {
  const beside = join(dirname(basePython()), 'pre-commit')
  return existsSync(beside) ? beside : findProgram('pre-commit')
}

const preCommit = findPreCommit()
if (preCommit === undefined)
  process.stderr.write('skipped, the hooks in pre-commit: it is not here\n')
const there = preCommit === undefined ? describe.skip : describe

there('pre-commit', () => {
  let checkout: string
  let job: Job

  beforeAll(() => {
    checkout = makeCheckout()
    cpSync('.pre-commit-hooks.yaml', join(checkout, '.pre-commit-hooks.yaml'))
    commit(checkout)
  })

  beforeEach(async () => {
    job = await openJob()
    cpSync(join(job.folder, 'bad.txt'), join(job.folder, 'requirements-bad.txt'))
    commit(job.folder)
  })

  afterEach(() => job.close())

  const home = temporaryFolder('pre-commit')

  /** Its exit status, and what it prints of the hook. */
  async function run(hook: string, ...files: string[]): Promise<[number | null, string]> {
    const { status, output } = await runProgram(
      preCommit ?? '',
      ['try-repo', checkout, hook, '--verbose', '--files', ...files],
      { env: { ...process.env, PRE_COMMIT_HOME: home }, folder: job.folder },
    )
    return [status, output]
  }

  test('passes lock files and wheels that are the repository’s', async () => {
    const wheel = 'good/requests-2.32.3-py3-none-any.whl'
    for (const [hook, file] of [
      ['tuffet-check', 'requirements.txt'],
      ['tuffet-verify', wheel],
    ] as const) {
      expect(await run(hook, file)).toEqual([0, expect.stringMatching(/\.Passed/)])
    }
  })

  test('stops a commit of others, and shows which', async () => {
    const wheel = 'bad/colorama-0.4.6-py3-none-any.whl'
    for (const [hook, ...files] of [
      ['tuffet-check', 'requirements.txt', 'requirements-bad.txt'],
      ['tuffet-verify', wheel],
    ] as const) {
      const [status, output] = await run(hook, ...files)
      expect([status, output]).toEqual([1, expect.stringMatching(/\.Failed[^]*colorama/)])
    }
  })

  test('does not start a hook for other files', async () => {
    const [status, output] = await run('tuffet-check', 'tuffet.json')
    expect([status, output]).toEqual([0, expect.stringContaining('no files to check')])
  })
})

/** pre-commit clones commits, and looks at files that git knows. */
function commit(folder: string): void {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org']
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all', '--force'],
    [...author, 'commit', '--quiet', '--no-verify', '--message', 'all'],
  ]) {
    const { status, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
}
