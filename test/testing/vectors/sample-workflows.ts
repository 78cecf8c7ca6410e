/**
 * Workflow vectors made of a test repository: enough to hold an adapter to its duties. The duties
 * of clients are in spec-vectors.
 */
import { createHash } from 'node:crypto'
import type {
  VectorBody,
  WorkflowOutcome,
  WorkflowStep,
  WorkflowVector,
} from '../../../src/vectors/format.js'
import { createRepository } from '../../../src/testing/create.js'
import type { TestRepository } from '../../../src/testing/repository.js'

type Serve = Record<string, VectorBody | null>

const content = 'wheel'
const sha256 = createHash('sha256').update(content).digest('hex')
const soon = '2026-01-01T01:00:00Z'
const all = { root: 1, timestamp: 1, snapshot: 1, targets: 1 }

/** With one target, `dir/a b.whl`, and a role that lists another. */
function published(options: Parameters<typeof createRepository>[0] = {}): TestRepository {
  const repository = createRepository(options)
  repository.addTarget('dir/a b.whl', content)
  repository.delegate('targets', { name: 'role/one', paths: ['one/*'] })
  repository.addTarget('one/b.whl', 'other wheel', { role: 'role/one' })
  repository.publish()
  return repository
}

/** Everything that a repository published, as a step serves it. */
function everything(repository: TestRepository): Serve {
  const text = new TextDecoder()
  const names = (kind: 'metadata' | 'target') =>
    repository.fileNames(kind).map((name): [string, string] => {
      const path = kind === 'metadata' ? encodeURIComponent(name) : name.replaceAll(' ', '%20')
      const folder = kind === 'metadata' ? 'metadata' : 'targets'
      return [`${folder}/${path}`, text.decode(repository.file(name, kind))]
    })
  return Object.fromEntries([...names('metadata'), ...names('target')])
}

function step(expect: WorkflowOutcome, rest: Partial<WorkflowStep> = {}): WorkflowStep {
  return { time: soon, command: 'refresh', expect, ...rest }
}

function vector(
  id: string,
  title: string,
  repository: TestRepository,
  ...steps: readonly WorkflowStep[]
): WorkflowVector {
  const anchor = new TextDecoder().decode(repository.root())
  return { id, title, requirements: ['5-cycle'], profile: 'spec', anchor, steps }
}

/** Each is answered by a right client as it expects. */
export function sampleWorkflows(): WorkflowVector[] {
  const first = published()
  const serve = everything(first)
  const repeatedRoot = { repeat: ' ', length: 600_000 }
  return [
    vector(
      'cycle-and-again',
      'A first cycle trusts every role, and a second asks for root and timestamp alone',
      first,
      step(
        {
          result: 'accepted',
          trusted: { ...all, 'role/one': null },
          requests: ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json'],
        },
        { serve },
      ),
      step({ result: 'accepted', trusted: all, requests: ['2.root.json', 'timestamp.json'] }),
    ),
    vector(
      'download-found',
      'A target is found through a delegation, and comes with its digest',
      first,
      step({ result: 'accepted', sha256 }, { serve, command: { download: 'dir/a b.whl' } }),
      step(
        {
          result: 'accepted',
          trusted: { 'role/one': 1 },
          sha256: createHash('sha256').update('other wheel').digest('hex'),
        },
        { command: { download: 'one/b.whl' } },
      ),
      step({ result: 'absent', trusted: all }, { command: { download: 'one/none.whl' } }),
    ),
    vector(
      'download-altered',
      'A target file that is not the listed one is refused, and leaves no file',
      first,
      step(
        { result: 'refused', step: '5.7.3', trusted: all },
        {
          command: { download: 'dir/a b.whl' },
          serve: { ...serve, [`targets/dir/${sha256}.a%20b.whl`]: 'whee!' },
        },
      ),
    ),
    vector(
      'timestamp-expired',
      'A timestamp that expires this very second is refused, one second before it is not',
      first,
      step(
        { result: 'refused', step: '5.4.4', role: 'timestamp', trusted: { timestamp: null } },
        { serve, time: '2026-01-02T00:00:00Z' },
      ),
      step({ result: 'accepted', trusted: all }, { time: '2026-01-01T23:59:59Z' }),
    ),
    vector(
      'server-fails',
      'A status, a closed connection and a file without end are refusals and leave nothing',
      first,
      step(
        { result: 'refused', trusted: { root: 1, timestamp: null } },
        { serve: { ...serve, 'metadata/timestamp.json': { status: 500 } } },
      ),
      step(
        { result: 'refused', trusted: { timestamp: null } },
        {
          serve: {
            'metadata/timestamp.json': {
              disconnectAfter: 40,
              text: text(serve['metadata/timestamp.json']),
            },
          },
        },
      ),
      step(
        { result: 'refused', trusted: { root: 1 } },
        { serve: { 'metadata/2.root.json': repeatedRoot } },
      ),
      step(
        { result: 'accepted', trusted: all },
        {
          serve: {
            'metadata/2.root.json': null,
            'metadata/timestamp.json': text(serve['metadata/timestamp.json']),
          },
        },
      ),
    ),
    vector(
      'store-garbage',
      'Garbage in the store is replaced, and what is deleted is fetched again',
      first,
      step({ result: 'accepted', trusted: all }, { serve }),
      step(
        {
          result: 'accepted',
          trusted: all,
          requests: ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json'],
        },
        { store: { 'snapshot.json': { base64: 'AAAA' }, 'targets.json': null } },
      ),
    ),
    vector(
      'anchor-broken',
      'A root that is none is refused before any request',
      first,
      step({ result: 'refused', requests: [] }, { serve }),
    ),
  ].map((one) => (one.id === 'anchor-broken' ? { ...one, anchor: '{"signed": {}}' } : one))
}

function text(body: VectorBody | null | undefined): string {
  if (typeof body !== 'string') throw new TypeError('not a text')
  return body
}
