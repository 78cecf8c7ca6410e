import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { VectorFile } from '../../src/testing/vectors/format.js'
import {
  functionFile,
  functionSample,
  workflowFile,
  workflowSample,
} from '../testing/vectors/sample-files.js'
import { sampleWorkflows } from '../testing/vectors/sample-workflows.js'
import { openDesk, type Desk } from './desk.js'

// Processes are slow to start on a machine that has other work.
jest.setTimeout(60_000)

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
    expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped\n$/)
  })

  test('says which answer is wrong, and ends with status 1', async () => {
    const { status, stdout, stderr } = await desk.run(['vectors', 'run', '--folder', 'mine'])
    expect(status).toBe(1)
    expect(stdout).toBe(
      'dates a-second: gives another output\n  A second is five\n8 passed, 1 failed, 0 skipped\n',
    )
    expect(stderr).toBe('tuffet: 1 vector failed\n')
  })

  test('says it to programs', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--filter', 'dates']
    expect(await desk.json(...args)).toEqual({
      ok: false,
      error: { code: 'VECTORS_FAILED', message: '1 vector failed' },
      client: 'tuffet',
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: [
        {
          id: 'a-second',
          family: 'dates',
          title: 'A second is five',
          requirements: ['1.1-halves'],
          message: 'gives another output',
          expected: { result: 'accepted', output: 5 },
          actual: { result: 'accepted', output: 1000 },
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
      'tuffet: --profile takes some of spec,tap12,tap15,tuffet\n',
    ])
  })

  test('asks a program the workflow vectors alone', async () => {
    const args = ['vectors', 'run', '--folder', 'mine', '--client', client, '--filter', 'anchor']
    const report = await desk.json(...args)
    expect(report).toMatchObject({ client, passed: 0 })
    // Where time can be faked it crashes, and is skipped where it cannot.
    expect(JSON.stringify(report)).toMatch(/ended with status 3|faketime is not installed/)
  })

  test('shows what the program said where its answer is wrong', async () => {
    const says = `'${process.execPath}' -e 'console.error("one\\ntwo"); process.exit(1)' --`
    const time = new Date().toISOString().replace(/\.\d+/, '')
    await keep(workflowFile(workflowSample({ result: 'accepted', trusted: {} }, { time })))
    const args = ['vectors', 'run', '--folder', 'mine', '--client', says]
    const { stdout } = await desk.run(args)
    expect(stdout).toContain('is refused, must be accepted')
    expect(stdout).toContain('\n  | one\n  | two\n')
  })

  test('is refused where there is nothing to ask, or a file is not whole', async () => {
    const nothing = await desk.run(['vectors', 'run', '--filter', 'no such vector'])
    expect([nothing.status, nothing.stderr]).toEqual([2, 'tuffet: no vector is like that\n'])
    await writeFile(join(desk.folder, 'mine/dates.json'), '{"format": 1, ')
    const broken = await desk.run(['vectors', 'run', '--folder', 'mine'])
    expect(broken.status).toBe(1)
    expect(broken.stderr).toContain('dates.json: not JSON, or cut short')
  })
})
