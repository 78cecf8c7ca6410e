import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findingCodes } from '../../src/audit/index.js'
import { writeFolder } from '../../src/testing/node/index.js'
import { goodRepository } from '../audit/cases.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

describe('tuffet audit', () => {
  test('has the status 1 when something needs a person, and names the kinds', async () => {
    const { status, stdout, stderr } = await desk.run(['audit'])
    expect(status).toBe(1)
    expect(stdout).toContain('timestamp 1, expires in 24 hours')
    expect(stdout).toContain('1 target, 1 asked for, 0 verified; 7 requests\n')
    expect(stdout).toContain(
      'warning threshold-one\n  targets: Its threshold is 1, of 1 key.\n  → Raise the threshold',
    )
    expect(stderr).toBe('tuffet: 1 finding of 1 kind: threshold-one\n')
  })

  test('has the status 0 where the findings are accepted, or below the bar', async () => {
    const accept = ['--accept', 'threshold-one']
    const accepted = await desk.run(['audit', ...accept])
    expect(accepted).toMatchObject({ status: 0, stderr: '' })
    expect(accepted.stdout).toContain('warning threshold-one, accepted\n')
    expect(await desk.run(['audit', '--fail-on', 'error'])).toMatchObject({ status: 0 })
    expect(await desk.run(['audit', ...accept, '--fail-on', 'notice'])).toMatchObject({ status: 1 })
  })

  test('has the status 1 when it did not see all, unless that is accepted', async () => {
    const blind = ['audit', '--limit', 'requests=0', '--fail-on', 'error']
    const { status, stderr } = await desk.run(blind)
    expect(status).toBe(1)
    expect(stderr).toContain('incomplete')
    expect(await desk.run([...blind, '--accept', 'incomplete'])).toMatchObject({ status: 0 })
  })

  test('names kinds of findings of which it keeps none', async () => {
    const { status, stdout } = await desk.run(['audit', '--limit', 'findings=0'])
    expect(status).toBe(1)
    expect(stdout).toContain('not shown: threshold-one')
    expect(stdout).not.toContain('no findings')
  })

  test.each(['99999', 'targets=99999'])('refuses %s days as a wrong use', async (days) => {
    const { status, stderr } = await desk.run(['audit', '--days', days])
    expect(status).toBe(2)
    expect(stderr).toContain('--days takes at most 36500')
  })

  test('prints the report as JSON, with times as text', async () => {
    const { status, stdout } = await desk.run(['audit', '--json', '--days', 'snapshot=10'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'AUDIT_FAILED' },
      anchored: true,
      complete: true,
      now: '2026-01-01T00:00:00Z',
      totals: { 'threshold-one': 1 },
      roles: [
        { role: 'root', version: 1 },
        { role: 'timestamp', expires: '2026-01-02T00:00:00Z' },
        {},
        {},
      ],
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'expires-soon', expires: '2026-01-08T00:00:00Z' }),
      ]),
    })
  })

  test('writes gauges for Prometheus to a file, in one step', async () => {
    mkdirSync(join(desk.folder, 'out'))
    const args = ['audit', '--prometheus', '--output', 'out/tuffet.prom', '--fail-on', 'error']
    expect(await desk.run(args)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(readdirSync(join(desk.folder, 'out'))).toEqual(['tuffet.prom'])
    const text = readFileSync(join(desk.folder, 'out', 'tuffet.prom'), 'utf8')
    const url = desk.fetcher.metadataUrl
    expect(text).toContain(
      `tuffet_audit_role_expires_seconds{repository="${url}",role="timestamp"} 1767312000\n`,
    )
    expect(text).toContain(
      `tuffet_audit_findings{repository="${url}",code="threshold-one",severity="warning"} 1\n`,
    )
    for (const code of findingCodes) expect(text).toContain(`code="${code}"`)
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{[^{}]*\} \d+)$/)
    }
  })

  test('gives Prometheus one series for each role, whatever its name', async () => {
    const { repository } = desk
    const names = ['a\u0001', 'a\u0002', 'a%01', 'a\\"\n', 'z\u200bw', 'x://a:b@c', 'x://a:d@c']
    for (const name of names) repository.delegate('pkgs', { name, paths: ['pkgs/*'] })
    repository.publish()
    const args = ['audit', '--prometheus', '--fail-on', 'error']
    const { stdout } = await desk.run(args)
    const roles = stdout.matchAll(/_expires_seconds\{.*,role="((?:[^"\\\n]|\\[\\"n])*)"\} \d+\n/g)
    expect([...roles].map(([, role]) => role)).toEqual([
      ...['root', 'timestamp', 'snapshot', 'targets', 'pkgs'],
      ...['a%01', 'a%02', 'a%2501', 'a\\\\\\"%0A', 'z%E2%80%8Bw', 'x://a:b@c', 'x://a:d@c'],
    ])
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    await desk.run([...args, '--output', 'tuffet.prom'])
    expect(readFileSync(join(desk.folder, 'tuffet.prom'), 'utf8')).toBe(stdout)
  })

  test('gives Prometheus one series for each role whose name it cuts', async () => {
    const { repository } = desk
    const long = 'x'.repeat(2_000)
    for (const end of ['a', 'b']) {
      repository.delegate('pkgs', { name: `${long}${end}`, paths: ['pkgs/*'] })
    }
    repository.publish()
    const { stdout } = await desk.run(['audit', '--prometheus', '--fail-on', 'error'])
    const series = stdout.split('\n').map((line) => line.replace(/ \d+$/, ''))
    expect(series.filter((line) => line.includes('xxx'))).toHaveLength(4)
    expect(new Set(series).size).toBe(series.length)
  })

  test('asks for nothing when its answer cannot be written', async () => {
    mkdirSync(join(desk.folder, 'folder'))
    for (const output of ['folder', 'none/tuffet.prom', 'config.json/tuffet.prom']) {
      const before = desk.fetcher.requests.length
      const { status, stderr } = await desk.run(['audit', '--prometheus', '--output', output])
      expect(status).toBe(1)
      expect(stderr).toContain(output.split('/')[0])
      expect(desk.fetcher.requests).toHaveLength(before)
    }
  })

  test('writes into no store, and reads its root alone', async () => {
    await desk.run(['refresh'])
    const before = readdirSync(join(desk.folder, 'store'), { recursive: true }).sort()
    desk.repository.publish()
    const { status } = await desk.run(['audit', '--fail-on', 'error'])
    expect(status).toBe(0)
    expect(readdirSync(join(desk.folder, 'store'), { recursive: true }).sort()).toEqual(before)
  })

  test('starts from the root of init where none is named', async () => {
    writeFileSync(
      join(desk.folder, 'other.json'),
      JSON.stringify({ metadataUrl: desk.fetcher.metadataUrl, store: 'store' }),
    )
    const stored = ['--config', 'other.json', '--json']
    expect(JSON.parse((await desk.run(['audit', ...stored])).stdout)).toMatchObject({
      anchored: false,
    })
    await desk.run(['init', 'root.json'])
    expect(JSON.parse((await desk.run(['audit', ...stored])).stdout)).toMatchObject({
      anchored: true,
    })
  })

  test('shows names without their control characters', async () => {
    desk.repository.addTarget('pkgs/\u001b[2Ja\u202e.whl', 'x', { role: 'pkgs' })
    desk.repository.publish()
    for (const args of [['audit'], ['audit', '--json'], ['audit', '--prometheus']]) {
      const { stdout, stderr } = await desk.run(args)
      const lines = (stdout + stderr).replaceAll('\n', '')
      expect(lines).not.toMatch(/\p{Cc}|\p{Cf}/u)
    }
  })

  test('prints no line that a name wrote', async () => {
    const { repository } = desk
    const name = 'a\nforged line\r\u2028forged line'
    repository.delegate('targets', { name, paths: [`${name}/*`] })
    repository.addTarget(`${name}/b`, 'x', { role: name })
    repository.publish()
    await desk.run(['audit', '--output', 'lines'])
    await desk.run(['audit', '--prometheus', '--output', 'prometheus'])
    const texts = [
      (await desk.run(['audit'])).stdout,
      (await desk.run(['audit', '--json'])).stdout,
      (await desk.run(['audit', '--prometheus'])).stdout,
      ...['lines', 'prometheus'].map((file) => readFileSync(join(desk.folder, file), 'utf8')),
    ]
    for (const text of texts) {
      expect(text).toContain('forged')
      expect(text).not.toMatch(/[\r\u2028]|^forged/m)
    }
  })

  test('reads a folder as a server would give it', async () => {
    const repository = goodRepository()
    await writeFolder(repository, join(desk.folder, 'published'))
    writeFileSync(join(desk.folder, 'good.json'), repository.root())
    const args = [
      'audit',
      'published',
      '--root',
      'good.json',
      '--sample',
      '5',
      '--fail-on',
      'notice',
    ]
    const { status, stdout, stderr } = await desk.run(args)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('2 targets, 0 asked for, 2 verified')
    expect(stdout).toContain('no findings\n')
    const [name = ''] = repository.targetNames('pkgs/a.whl')
    writeFileSync(join(desk.folder, 'published', 'targets', name), 'eagle')
    expect((await desk.run(args)).stdout).toContain('error target-altered\n')
    const metadata = await desk.run(['audit', 'published/metadata', '--root', 'good.json'])
    expect(metadata.stdout).toContain('notice targets-not-asked\n')
    expect(metadata.status).toBe(0)
  })

  test.each([
    [['published'], 'published contains neither metadata/timestamp.json nor timestamp.json'],
    [['.', '--metadata-url', 'https://tuf.example.com/'], 'give FOLDER, or --metadata-url'],
    [['--days', 'soon'], '--days takes a number'],
    [['--fail-on', 'all'], '--fail-on takes error, warning or notice'],
    [['--accept', 'threshold'], '--accept: "threshold" is not a kind of finding'],
    [['--sample', 'x'], '--sample takes a number'],
    [['--limit', 'requests'], '--limit must be NAME=NUMBER'],
    [['--limit', 'rolls=5'], 'is not a limit of an audit'],
    [['--json', '--prometheus'], '--json is for standard output'],
  ])('refuses %j', async (args, says) => {
    mkdirSync(join(desk.folder, 'published'))
    const { status, stdout, stderr } = await desk.run(['audit', ...args])
    expect(status).toBe(2)
    expect(stdout + stderr).toContain(says)
  })

  test('takes limits on its own work', async () => {
    const { status, stdout } = await desk.run(['audit', '--limit', 'requests=5'])
    expect(status).toBe(1)
    expect(stdout).toContain('limit requests was reached.')
    expect(stdout).toContain('The audit did not see all of the repository.')
  })

  test('takes days for all roles and for one', async () => {
    const kinds = async (...days: string[]): Promise<unknown> => {
      const args = ['audit', '--json', ...days.flatMap((one) => ['--days', one])]
      const { totals } = JSON.parse((await desk.run(args)).stdout) as { totals: object }
      return totals
    }
    expect(await kinds('0')).not.toHaveProperty('expires-soon')
    expect(await kinds('400')).toHaveProperty('expires-soon', 3)
    expect(await kinds('0', 'pkgs=400')).toHaveProperty('expires-soon', 1)
    expect(await kinds('timestamp=2', '0')).toHaveProperty('expires-soon', 1)
  })
})
