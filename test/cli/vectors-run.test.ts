import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { VectorFile } from '../../src/vectors/format.js'
import {
  functionFile,
  functionSample,
  workflowFile,
  workflowSample,
} from '../testing/vectors/sample-files.js'
import { sampleWorkflows } from '../testing/vectors/sample-workflows.js'
import { openDesk, type Desk } from './desk.js'

// Processes are slow to start on a busy machine.
let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
  await mkdir(join(desk.folder, 'mine'))
  await keep({ ...functionFile(wrong, unknown), family: 'dates' })
  await keep(workflowFile(...sampleWorkflows()))
})

afterEach(() => desk.clear())

async function keep(file: VectorFile): Promise<void> {
  await writeFile(join(desk.folder, 'mine', `${file.family}.json`), JSON.stringify(file))
}

const input = { text: '1970-01-01T00:00:01Z' }
const wrong = functionSample({ id: 'a-second', title: 'A second is five', input, output: 5 })
const unknown = functionSample({ id: 'tap', profile: 'tap12', input, output: 1000 })
const client = `'${process.execPath}' '${fileURLToPath(
  new URL('../support/fake-client.mjs', import.meta.url),
)}' crash`

describe('vectors run', () => {
  test('asks this library the vectors of the package', async () => {
    const { status, stdout, stderr } = await desk.run(['vectors', 'run', '--filter', 'timestamp'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^workflow-timestamp +\d+/m)
    expect(stdout).toMatch(/\n[1-9]\d* passed, 0 failed, 0 skipped\n$/)
  })

  test('says which answer is wrong, and ends with status 1', async () => {
    const { status, stdout, stderr } = await desk.run(['vectors', 'run', '--folder', 'mine'])
    expect(status).toBe(1)
    expect(stdout.split('\n')).toEqual([
      '1 vector: gives another output',
      '  dates a-second (spec): gives another output',
      '    A second is five',
      '    1.1-halves',
      expect.stringMatching(/^family +spec +tap12$/),
      'cycles       7',
      'dates   0 of 1      1',
      '8 passed, 1 failed, 0 skipped',
      '',
    ])
    expect(stderr).toBe('tuffet: 1 vector failed\n')
  })

  test('prints the result for programs', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--filter', 'dates']
    expect(await desk.json(...args)).toEqual({
      ok: false,
      error: { code: 'VECTORS_FAILED', message: '1 vector failed' },
      client: 'tuffet',
      passed: 1,
      failed: 1,
      skipped: 0,
      counts: [
        { family: 'dates', profile: 'spec', passed: 0, failed: 1, skipped: 0 },
        { family: 'dates', profile: 'tap12', passed: 1, failed: 0, skipped: 0 },
      ],
      failures: [
        {
          id: 'a-second',
          family: 'dates',
          profile: 'spec',
          title: 'A second is five',
          requirements: ['1.1-halves'],
          message: 'gives another output',
          expected: { result: 'accepted', output: 5 },
          actual: { result: 'accepted', output: 1000 },
          sentences: ['1.1-halves'],
        },
      ],
      skips: [],
    })
  })

  test('asks only the profiles that are named', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--profile', 'tap12,tap15']
    expect(await desk.json(...args)).toMatchObject({ ok: true, passed: 1, failed: 0 })
    const { status, stderr } = await desk.run(['vectors', 'run', '--profile', 'mine'])
    expect([status, stderr]).toEqual([
      2,
      'tuffet: --profile takes some of spec,tap4,tap12,tap15,tap21,tuffet\n',
    ])
  })

  test('asks a program the workflow vectors alone', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--client', client, '--filter', 'anchor']
    const report = await desk.json(...args)
    expect(report).toMatchObject({ client, passed: 0 })
    // Where time can be faked it crashes, and is skipped where it cannot.
    expect(JSON.stringify(report)).toMatch(/ended with status 3|faketime is not installed/)
  })

  test("shows the program's output where its answer is wrong", async () => {
    const says = `'${process.execPath}' -e 'console.error("one\\ntwo"); process.exit(1)' --`
    const time = new Date().toISOString().replace(/\.\d+/, '')
    await keep(workflowFile(workflowSample({ result: 'accepted', trusted: {} }, { time })))
    const args = ['vectors', 'run', '--folder', 'mine', '--client', says]
    const { stdout } = await desk.run(args)
    expect(stdout).toContain('is refused, must be accepted')
    expect(stdout).toMatch(/^1 vector: two\n/)
    expect(stdout).toContain('\n    | one\n    | two\n')
  })

  test('puts the sentence of a requirement beside each failure', async () => {
    const text = 'One half is not enough.'
    const requirements = [{ id: '1.1-halves', level: 'MUST NOT', text }]
    await writeFile(join(desk.folder, 'mine/requirements.json'), JSON.stringify({ requirements }))
    const args = ['vectors', 'run', '--folder', 'mine', '--filter', 'dates']
    const { stdout } = await desk.run(args)
    expect(stdout).toContain('    1.1-halves, MUST NOT: One half is not enough.\n')
    expect(await desk.json(...args)).toMatchObject({
      failures: [{ sentences: ['1.1-halves, MUST NOT: One half is not enough.'] }],
    })
  })

  test('accepts the failures that are listed, and reports every other change', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--known-failures', 'known.txt']
    const list = join(desk.folder, 'known.txt')
    const written = await desk.run([...args, '--write-known-failures'])
    expect([written.status, written.stderr]).toEqual([0, ''])
    expect(await readFile(list, 'utf8')).toBe(
      '# Vectors that this client is known to fail.\n\n# dates\na-second  # A second is five\n',
    )
    const gated = await desk.run(args)
    expect(gated.status).toBe(0)
    expect(gated.stdout).toMatch(/^8 passed, 1 failed \(1 known\), 0 skipped$/m)
    expect(gated.stdout).not.toContain('A second is five')

    await writeFile(list, 'tap # passes\nno-such-vector\n')
    const changed = await desk.run(args)
    expect([changed.status, changed.stderr]).toEqual([
      1,
      'tuffet: 1 vector failed and not listed, 1 vector listed and passed, 1 listed and unknown\n',
    ])
    expect(changed.stdout).toContain('passes, and is listed as a failure: tap\n')
    expect(changed.stdout).toContain('and is not a vector: no-such-vector\n')
    expect(await desk.json(...args)).toMatchObject({
      knownFailures: {
        known: [],
        unexpectedFailures: ['a-second'],
        unexpectedPasses: ['tap'],
        unknown: ['no-such-vector'],
      },
    })
  })

  test('keeps listed failures that a run did not ask', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--known-failures', 'known.txt']
    await writeFile(join(desk.folder, 'known.txt'), 'a-second\n')
    const some = [...args, '--write-known-failures', '--profile', 'tap12']
    expect((await desk.run(some)).status).toBe(0)
    expect((await desk.run(args)).status).toBe(0)
  })

  test('names the fault of a list of known failures', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--known-failures', 'known.txt']
    expect((await desk.run(args)).stderr).toContain('ENOENT')
    await writeFile(join(desk.folder, 'known.txt'), '\nNot an id\n')
    const { status, stderr } = await desk.run(args)
    expect(status).toBe(2)
    expect(stderr).toContain('line 2 is not the id of a vector')
    const alone = await desk.run(['vectors', 'run', '--folder', 'mine', '--write-known-failures'])
    expect([alone.status, alone.stderr]).toEqual([
      2,
      'tuffet: --write-known-failures needs --known-failures FILE\n',
    ])
  })

  test('is refused when there are no vectors, or a file is incomplete', async () => {
    const nothing = await desk.run(['vectors', 'run', '--filter', 'no such vector'])
    expect([nothing.status, nothing.stderr]).toEqual([2, 'tuffet: no vector is like that\n'])
    await writeFile(join(desk.folder, 'mine/dates.json'), '{"format": 1, ')
    const broken = await desk.run(['vectors', 'run', '--folder', 'mine'])
    expect(broken.status).toBe(1)
    expect(broken.stderr).toContain('dates.json: not JSON, or cut short')
  })
})
