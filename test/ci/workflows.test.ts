import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { workflowComplaints } from '../support/workflow-complaints.js'

const folder = '.github/workflows/'
const good = readFileSync(`${folder}ci.yml`, 'utf8')

describe('the workflows', () => {
  test('are two', () => {
    expect(readdirSync(folder).sort()).toEqual(['ci.yml', 'release.yml'])
  })

  test.each(readdirSync(folder))('%s has only pinned actions and the rights it needs', (file) => {
    expect(workflowComplaints(readFileSync(folder + file, 'utf8'))).toEqual([])
  })

  test('only a release may ask for an identity, and only for a tag', () => {
    const release = readFileSync(`${folder}release.yml`, 'utf8')
    expect(good).not.toContain('id-token')
    expect(release).toMatch(/^on:\n {2}push:\n {4}tags: \['v\*'\]\n\n/m)
    expect(release).not.toContain('secrets.')
  })

  test('run scripts that the package has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    const texts = readdirSync(folder).map((file) => readFileSync(folder + file, 'utf8'))
    const named = texts.join('').match(/(?<=npm run )[\w:-]+/g) ?? []
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

const commit = '11bd71901bbe5b1630ceea73d27597364c9af683'

describe('a workflow is refused', () => {
  test.each([
    ['with an action by its tag', commit, 'v4', /by a name that can change/],
    ['with an action by a short commit', commit, commit.slice(0, 12), /by a name that can change/],
    ['with a commit of no version', ' # v4.2.2', '', /does not say the version/],
    ['without permissions', 'permissions: {}\n', '', /^it does not say which permissions/],
    [
      'with all permissions',
      'permissions: {}',
      'permissions: write-all',
      /^every job has write-all/,
    ],
    ['with a right to write', 'contents: read', 'contents: write', /has contents: write/],
    [
      'whose job takes the default rights',
      /\n {4}permissions:\n.*\n/,
      '\n',
      /does not say which perm/,
    ],
    ['that runs for ever', /\n {4}timeout.*\n/, '\n', /six hours/],
    [
      'that strangers start',
      'pull_request:',
      'pull_request_target:',
      /runs on pull_request_target/,
    ],
    [
      'whose script takes text of strangers',
      '- run: .ci/run',
      '- run: echo "${{ github.event.pull_request.title }}"',
      /writes an expression into a script/,
    ],
    ['that keeps its token', 'persist-credentials: false', 'fetch-depth: 1', /leaves the token/],
    ['that installs anything new', '- run: .ci/run', '- run: npm install', /without the lock file/],
    [
      'with an image by its tag',
      'runs-on:',
      'container: node:20\n    runs-on:',
      /image node:20 by a name/,
    ],
  ] as const)('%s', (_title, part, replacement, complaint) => {
    const bad = good.replace(part, replacement)
    expect(bad).not.toBe(good)
    expect(workflowComplaints(bad)).toContainEqual(expect.stringMatching(complaint))
  })
})
