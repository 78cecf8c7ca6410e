/** TAP 15: succinct hash bin delegations. */
import { createHash } from 'node:crypto'
import type { JsonValue } from '../../../src/core/json/value.js'
import { ed25519Signer, type TestRepository } from '../../../src/testing/index.js'
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { objectAt } from './edit.js'
import { all, last, visits } from './graph.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { metadataPath, workflow, type Story, type Terms } from './story.js'

/** The family `workflow-tap15`. */
export function tap15Family(): VectorFile {
  return workflowFamily('workflow-tap15', 'TAP 15: hash bins that are delegated to in one line.', [
    ...bins(),
    ...refusals(),
    ...shapes(),
    ...search(),
  ])
}

const current: Versions = [1, 1, 1, 1]
const path = 'dir/file'
const terms: Terms = { requirements: ['tap15-bin'], profile: 'tap15' }
const signer = ed25519Signer('the key of the bins')
const digits = createHash('sha256').update(path).digest('hex')

/** The bin of the path: the first bits of the SHA-256 of it as a number. */
function binOf(bitLength: number): string {
  const bits = BigInt(`0x${digits}`).toString(2).padStart(256, '0').slice(0, bitLength)
  const width = Math.ceil(bitLength / 4)
  return BigInt(`0b${bits}`).toString(16).padStart(width, '0')
}

/** The number of the next bin, with as many digits. */
function nextBin(bitLength: number): string {
  const next = (BigInt(`0x${binOf(bitLength)}`) + 1n) % 2n ** BigInt(bitLength)
  return next.toString(16).padStart(Math.ceil(bitLength / 4), '0')
}

/** Targets delegates to bins, of which one is published: TAP 15 wants all; the vectors do not. */
function published(
  story: Story,
  bitLength: number,
  { bin = `bins-${binOf(bitLength)}`, prefix = 'bins', content = 'in its bin' } = {},
): TestRepository {
  const repo = story.repository()
  repo.delegate('targets', { name: bin, signers: [signer] })
  repo.addTarget(path, content, { role: bin })
  repo.publish()
  succinct(repo, 'targets', { bit_length: bitLength, name_prefix: prefix })
  return repo
}

/** Puts one line where the delegations were. */
function succinct(repo: TestRepository, from: string, line: Record<string, JsonValue>): void {
  repo.editInPlace(from, (signed) => ({
    ...signed,
    delegations: {
      keys: objectAt(signed, 'delegations', 'keys'),
      succinct_roles: { keyids: [signer.keyid], threshold: 1, ...line },
    },
  }))
}

function bins(): readonly WorkflowVector[] {
  const found = (bitLength: number, title: string): WorkflowVector =>
    workflow(terms, `tap15-${bitLength}-bits`, title, (story) => {
      published(story, bitLength)
      const bin = `bins-${binOf(bitLength)}`
      story.download(path, received('in its bin', current, { ...visits(bin), roles: { [bin]: 1 } }))
    })
  return [
    found(1, 'Of two bins the first bit decides'),
    found(3, 'Of eight bins three bits decide'),
    found(4, 'Of sixteen bins one digit decides'),
    found(5, 'Of thirty-two bins five bits decide, and names end in two digits'),
    found(8, 'Of 256 bins two digits decide'),
    found(14, 'Of 16,384 bins fourteen bits decide, and names end in four digits'),
    found(32, 'Thirty-two bits are the maximum'),
    workflow(terms, 'tap15-wrong-bin', 'A file that another bin lists is not found', (story) => {
      const repo = story.repository()
      for (const bin of [binOf(4), nextBin(4)]) {
        repo.delegate('targets', { name: `bins-${bin}`, signers: [signer] })
      }
      repo.addTarget(path, 'not here', { role: `bins-${nextBin(4)}` })
      repo.publish()
      succinct(repo, 'targets', { bit_length: 4, name_prefix: 'bins' })
      story.download(path, absent(current, visits(`bins-${binOf(4)}`)))
    }),
    workflow(
      terms,
      'tap15-unpadded',
      'A bin whose name lacks its zeros is another role',
      (story) => {
        // A path whose bin of 256 begins with zero.
        const zero = 'file-44'
        const full = createHash('sha256').update(zero).digest('hex').slice(0, 2)
        if (!full.startsWith('0')) throw new RangeError(`${zero} is in bin ${full}`)
        const repo = story.repository()
        repo.delegate('targets', { name: `bins-${full.slice(1)}`, signers: [signer] })
        repo.addTarget(zero, 'not here', { role: `bins-${full.slice(1)}` })
        repo.publish()
        succinct(repo, 'targets', { bit_length: 8, name_prefix: 'bins' })
        story.download(zero, refused('5.6.1', current, { role: `bins-${full}`, ...visits() }))
      },
    ),
    workflow(terms, 'tap15-prefix', 'The prefix of the names is as given', (story) => {
      const bin = `Alice.hbd-${binOf(4)}`
      published(story, 4, { bin, prefix: 'Alice.hbd' })
      story.download(path, received('in its bin', current, { roles: { [bin]: 1 } }))
    }),
    workflow(
      terms,
      'tap15-empty-bin',
      'A bin without targets says that the file does not exist',
      (story) => {
        published(story, 4)
        const other = Array.from({ length: 300 }, (_, i) => `other-${i}`).find((name) =>
          createHash('sha256').update(name).digest('hex').startsWith(binOf(4)),
        )
        if (other === undefined) throw new RangeError('no other file of this bin')
        story.download(other, absent(current, visits(`bins-${binOf(4)}`)))
      },
    ),
  ]
}

function refusals(): readonly WorkflowVector[] {
  const on: Terms = { requirements: ['tap15-bin-keys', '5.6.3-threshold'], profile: 'tap15' }
  const bin = `bins-${binOf(4)}`
  const no = (step: string): ReturnType<typeof refused> =>
    refused(step, current, { role: bin, roles: { [bin]: null } })
  return [
    workflow(on, 'tap15-unsigned', 'A bin that nobody signed is refused', (story) => {
      published(story, 4).editInPlace(bin, { signers: [] })
      story.download(path, no('5.6.3'))
    }),
    workflow(on, 'tap15-other-key', 'A bin that the delegator signed is refused', (story) => {
      const repo = published(story, 4)
      repo.editInPlace(bin, { signers: repo.signers('targets') })
      story.download(path, no('5.6.3'))
    }),
    workflow(on, 'tap15-all-keys', 'All bins share the same keys', (story) => {
      const repo = story.repository()
      repo.delegateSuccinct('targets', { bitLength: 1, signers: [signer] })
      const one = 'one'
      const two = ['two', 'three', 'four', 'five', 'six', 'seven'].find(
        (name) => half(name) !== half(one),
      )
      if (two === undefined) throw new RangeError('all in one bin')
      for (const name of [one, two]) repo.addTarget(name, name)
      repo.publish()
      story.download(one, received(one, current))
      story.download(two, received(two, current, { roles: { 'bins-0': 1, 'bins-1': 1 } }))
    }),
    workflow(
      { requirements: ['tap15-bin-keys', '5.6.5-expiry'], profile: 'tap15' },
      'tap15-expired',
      'An expired bin is refused',
      (story) => {
        published(story, 4).editInPlace(bin, (signed) => {
          signed['expires'] = '2025-12-31T00:00:00Z'
        })
        story.download(path, no('5.6.5'))
      },
    ),
    workflow(
      { requirements: ['tap15-bin', '5.6.7-failure'], profile: 'tap15' },
      'tap15-missing-bin',
      'A missing bin is an error, not an empty bin',
      (story) => {
        published(story, 4)
        story.serve(metadataPath(`1.${bin}.json`), null)
        story.download(path, no('5.6.1'))
      },
    ),
    workflow(
      { requirements: ['tap15-bin', '5.6.7-failure'], profile: 'tap15' },
      'tap15-unlisted-bin',
      'A bin that the snapshot does not list is an error, not an empty bin',
      (story) => {
        const repo = published(story, 4)
        repo.editInPlace('snapshot', (signed) => {
          signed['meta'] = { 'targets.json': { version: 1 } }
        })
        story.download(path, { ...no('5.6.1'), ...visits() })
      },
    ),
  ]
}

/** The first bit of a path's hash. */
function half(name: string): boolean {
  return (createHash('sha256').update(name).digest()[0] ?? 0) >= 128
}

function shapes(): readonly WorkflowVector[] {
  const on: Terms = { requirements: ['tap15-succinct'], profile: 'tap15' }
  const malformed = (id: string, title: string, line: Record<string, JsonValue>): WorkflowVector =>
    workflow(on, `tap15-${id}`, title, (story) => {
      const repo = published(story, 4)
      succinct(repo, 'targets', { bit_length: 4, name_prefix: 'bins', ...line })
      story.download(path, refused('4.5', [1, 1, 1, null]))
    })
  return [
    malformed('bit-length-0', 'A bit length of 0 is refused', { bit_length: 0 }),
    malformed('bit-length-33', 'A bit length of 33 is refused', { bit_length: 33 }),
    malformed('bit-length-text', 'A bit length that is text is refused', { bit_length: '4' }),
    malformed('threshold-0', 'Bins with a threshold of 0 are refused', { threshold: 0 }),
    malformed('prefix-number', 'A name prefix that is a number is refused', { name_prefix: 4 }),
    workflow(
      on,
      'tap15-both',
      'Delegations with roles and succinct roles at once are refused',
      (story) => {
        const repo = published(story, 4)
        repo.editInPlace('targets', (signed) => {
          objectAt(signed, 'delegations')['succinct_roles'] = {
            keyids: [signer.keyid],
            threshold: 1,
            bit_length: 4,
            name_prefix: 'bins',
          }
        })
        story.download(path, refused('4.5', [1, 1, 1, null]))
      },
    ),
  ]
}

function search(): readonly WorkflowVector[] {
  const on: Terms = { requirements: ['tap15-search', '5.6.7-preorder'], profile: 'tap15' }
  const bin = `bins-${binOf(4)}`
  /** `a` delegates to bins; `b` comes after it. */
  const beside = (story: Story, terminating: boolean): TestRepository => {
    const repo = story.repository()
    repo.delegate('targets', terminating ? last('a', ['dir/*']) : { ...all('a'), paths: ['dir/*'] })
    repo.delegate('targets', { name: 'b', paths: ['dir/*'] })
    repo.delegate('a', { name: bin, signers: [signer] })
    return repo
  }
  const finish = (repo: TestRepository, role: string, content: string): void => {
    repo.addTarget(path, content, { role })
    repo.publish()
    succinct(repo, 'a', { bit_length: 4, name_prefix: 'bins' })
  }
  return [
    workflow(on, 'tap15-behind-a-role', 'A delegated role may delegate to bins', (story) => {
      finish(beside(story, false), bin, 'in its bin')
      story.download(path, received('in its bin', current, visits('a', bin)))
    }),
    workflow(
      on,
      'tap15-outside-paths',
      'Bins speak for no more paths than the role that delegates to them',
      (story) => {
        const repo = story.repository()
        repo.delegate('targets', { name: 'a', paths: ['other/*'] })
        repo.delegate('a', { name: bin, signers: [signer] })
        finish(repo, bin, 'foreign')
        story.download(path, absent(current, visits()))
      },
    ),
    workflow(
      on,
      'tap15-terminating-delegator',
      'A terminating delegation to a role that delegates to bins ends the search with the bin',
      (story) => {
        finish(beside(story, true), 'b', 'of b')
        story.download(path, absent(current, visits('a', bin)))
      },
    ),
    workflow(
      {
        ...on,
        profile: 'tuffet',
        note: 'TAP 15: bins do not terminate. python-tuf, go-tuf and tuf-js end the search; a client that went on would authorise files that these refuse.',
      },
      'tap15-bins-terminate',
      'The search ends with a bin',
      (story) => {
        finish(beside(story, false), 'b', 'of b')
        story.download(path, absent(current, visits('a', bin)))
      },
    ),
  ]
}
