import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { hintFor } from '../../src/cli/hints.js'
import { ThresholdError } from '../../src/errors.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
  const { repository } = desk
  repository.rotate('root', { add: [mlDsaSigner('quantum')], threshold: 4 })
  repository.rotate('timestamp', { add: [mlDsaSigner('online')], remove: 1 })
  repository.publish()
  writeFileSync(join(desk.folder, 'newest.json'), repository.root(repository.version('root')))
})

afterEach(() => desk.clear())

describe('a repository whose thresholds need ML-DSA', () => {
  test.each([
    ['refresh', ['refresh']],
    ['refresh from such a root', ['refresh', '--root', 'newest.json']],
    ['init', ['init', 'newest.json']],
    ['find', ['explain', 'pkgs/a.whl']],
    ['mirror', ['mirror', 'copy', '--all']],
    ['audit', ['audit', '--fail-on', 'error']],
  ])('is verified by the command: %s', async (_, args) => {
    mkdirSync(join(desk.folder, 'copy'))
    expect(await desk.run(args)).toMatchObject({ status: 0 })
  })

  test('shows the signatures of its root', async () => {
    const { stdout } = await desk.run(['inspect', 'newest.json'])
    expect(stdout).toContain('by its own table signed by 4 of 4 keys, 4 needed')
  })

  test('is compared with the root that init kept', async () => {
    await desk.run(['init', 'newest.json'])
    const { status, stderr } = await desk.run(['init', 'root.json'])
    expect(status).toBe(1)
    expect(stderr).toContain('starts from another root already')
  })
})

test('the hint says how a machine without ML-DSA gets it', () => {
  const keys = [{ keyid: 'k', verdict: 'unsupported-key' }] as const
  const report = { delegator: 'root', threshold: 1, signed: 0, keys }
  const hint = hintFor(new ThresholdError({ role: 'root', step: '5.2' }, report))
  const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>
  }
  const wanted = `@noble/post-quantum@${peerDependencies['@noble/post-quantum'] ?? ''}`
  expect(hint).toContain(`use Node 24.6 or newer, or install ${wanted} beside tuffet`)
})
