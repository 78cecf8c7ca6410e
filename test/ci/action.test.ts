import { rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { makeCheckout } from '../support/checkout.js'
import { readAction, runAction, runProgram, type Ended } from '../support/composite-action.js'
import { openJob, type Job } from '../support/job.js'

const main = readAction('action.yml')
const vectors = readAction('spec-vectors/action.yml')

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

function run(inputs: Record<string, string>): Promise<Ended> {
  return runAction(main, { actionPath: checkout, workspace: job.folder, inputs })
}

function runVectors(inputs: Record<string, string>): Promise<Ended> {
  const actionPath = join(checkout, 'spec-vectors')
  return runAction(vectors, { actionPath, workspace: job.folder, inputs })
}

describe.each([
  ['action.yml', main],
  ['spec-vectors/action.yml', vectors],
])('%s', (_name, { runs, inputs }) => {
  test('is a composite of steps that run scripts, and uses nothing that is not in the checkout', () => {
    expect(runs.using).toBe('composite')
    for (const step of runs.steps) {
      expect(step).toMatchObject({ shell: 'bash', run: expect.any(String) })
      expect(step).not.toHaveProperty('uses')
    }
  })

  test('writes no input into a script', () => {
    for (const step of runs.steps) expect(step.run).not.toContain('${{')
  })

  test('names inputs that exist, and uses each', () => {
    const used = new Set(JSON.stringify(runs).match(/(?<=inputs\.)[\w-]+/g))
    expect([...used].sort()).toEqual(Object.keys(inputs).sort())
  })
})

describe('the action', () => {
  test('is done when every file and every locked hash is the repository’s', async () => {
    const { status, stdout } = await run({ verify: 'good\n', check: 'requirements.txt\n' })
    expect([status, stdout]).toEqual([0, expect.stringMatching(/2 files: 2 match[^]*2 match/)])
  })

  test('fails when a file is another than the repository’s', async () => {
    const { status, stdout } = await run({ verify: 'good\nbad' })
    expect([status, stdout]).toEqual([1, expect.stringMatching(/mismatch +bad\/colorama/)])
  })

  test('fails when a lock file has another hash', async () => {
    const { status, stdout } = await run({ check: 'requirements.txt\nbad.txt' })
    expect([status, stdout]).toEqual([1, expect.stringMatching(/mismatch +.*colorama/)])
  })

  test('lets a project come from elsewhere where a line allows it', async () => {
    const text = 'mine @ git+https://git.example.com/mine\n'
    writeFileSync(join(job.folder, 'git.txt'), text)
    const refused = await run({ check: 'git.txt\nrequirements.txt' })
    const allowed = await run({ check: 'git.txt\nrequirements.txt', 'allow-unverified': 'mine' })
    expect([refused.status, allowed.status]).toEqual([1, 0])
  })

  test('takes a line as one file, whatever is in it', async () => {
    const hostile = '$(touch owned) `touch owned`; touch owned; "$HOME" --help'
    const { status, stderr } = await run({ check: `${hostile}\n--help` })
    expect(status).toBe(1)
    expect(stderr).toContain(hostile)
    const { status: next } = await run({ verify: 'good', config: '$(touch owned)' })
    expect(next).not.toBe(0)
    const { stdout } = await runShell('ls')
    expect(stdout).not.toContain('owned')
  })

  test('works in another folder than the checkout', async () => {
    const { status, stderr } = await run({
      verify: '.',
      config: '../tuffet.json',
      'working-directory': 'good',
    })
    expect([status, stderr]).toEqual([0, expect.stringContaining('root and store from')])
  })

  test('refuses to do nothing', async () => {
    const { status, stderr } = await run({})
    expect([status, stderr]).toEqual([2, expect.stringContaining('neither')])
  })
})

describe('the action of the vectors', () => {
  const fake = `'${process.execPath}' '${resolve('test/support/fake-client.mjs')}' deny`

  test('fails when the client does not do what a vector says', async () => {
    const { status, stdout } = await runVectors({ client: fake, filter: 'anchor' })
    expect([status, stdout]).toEqual([1, expect.stringMatching(/failed/)])
  })

  test('is done when the client fails exactly where its list says so', async () => {
    const inputs = { client: fake, filter: 'anchor', 'known-failures': 'known.txt' }
    const command = join(checkout, 'scripts', 'from-checkout.mjs')
    const folder = join(checkout, 'spec-vectors')
    const options = ['--client', fake, '--filter', 'anchor', '--folder', folder]
    const write = ['--known-failures', 'known.txt', '--write-known-failures']
    const args = [command, 'vectors', 'run', ...options, '--profile', 'spec', ...write]
    await runProgram(process.execPath, args, { cwd: job.folder })
    expect(await runVectors(inputs)).toMatchObject({ status: 0 })
  })
})

async function runShell(command: string): Promise<Ended> {
  const step = { name: 'shell', shell: 'bash', run: command }
  const action = { name: 'shell', inputs: {}, runs: { using: 'composite', steps: [step] } }
  return runAction(action, { actionPath: checkout, workspace: job.folder, inputs: {} })
}
