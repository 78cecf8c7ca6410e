/** 5.7: the file itself. */
import { createHash } from 'node:crypto'
import type { TestRepository } from '../../../src/testing/index.js'
import type { VectorBody, VectorFile, WorkflowVector } from '../../../src/testing/vectors/format.js'
import { workflowFamily } from '../write.js'
import { objectAt, type JsonRecord } from './edit.js'
import { prefixed } from './graph.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { targetPath, workflow, type Story, type Terms } from './story.js'
import { nameVectors } from './target-names.js'

/** The family `workflow-target-files`. */
export function targetFilesFamily(): VectorFile {
  return workflowFamily(
    'workflow-target-files',
    'Target files (5.7): their length, hashes and names, and that only what was verified is there.',
    [...contents(), ...lengths(), ...hashes(), ...prefixes(), ...changes(), ...nameVectors()],
  )
}

const current: Versions = [1, 1, 1, 1]
const text = 'the content of the file\n'

/** A repository with one target. */
function one(story: Story, content: string | Uint8Array = text): TestRepository {
  const repo = story.repository()
  repo.addTarget('dir/file', content)
  repo.publish()
  return repo
}

/** What is listed of the target is changed, and nobody else notices. */
function relist(repo: TestRepository, change: (entry: JsonRecord) => void): void {
  repo.editInPlace('targets', (signed) => change(objectAt(signed, 'targets', 'dir/file')))
}

function digest(name: string, content = text): string {
  return createHash(name).update(content).digest('hex')
}

const hashTerms: Terms = { requirements: ['5.7.3-hashes'] }
const lengthTerms: Terms = { requirements: ['5.7.3-length'] }
const wrong = '0'.repeat(64)
const no = refused('5.7.3', current)

function contents(): readonly WorkflowVector[] {
  const answered = (
    terms: Terms,
    id: string,
    title: string,
    body: VectorBody | null,
  ): WorkflowVector =>
    workflow(terms, `target-${id}`, title, (story) => {
      one(story)
      story.serve(targetPath(prefixed('dir/file', text)), body)
      story.download('dir/file', no)
    })
  const install: Terms = { ...hashTerms, tags: ['arbitrary installation attack'] }
  return [
    workflow(
      hashTerms,
      'target-file',
      'A file that is what the targets metadata says is accepted',
      (story) => {
        one(story)
        const requests = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']
        story.download('dir/file', received(text, current, { requests }))
      },
    ),
    workflow(hashTerms, 'target-binary', 'A file may have any bytes', (story) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      one(story, bytes)
      story.download('dir/file', received(bytes, current))
    }),
    workflow(lengthTerms, 'target-empty', 'A file may have no bytes', (story) => {
      one(story, '')
      story.download('dir/file', received('', current))
    }),
    answered(
      install,
      'other-bytes',
      'Other bytes of the same length are refused',
      text.toUpperCase(),
    ),
    answered(install, 'one-bit', 'A file with one bit changed is refused', text.replace('t', 'u')),
    answered(install, 'instead-of-nothing', 'Nothing is refused where something is listed', ''),
    answered(lengthTerms, 'cut-short', 'A file that breaks off is refused', text.slice(0, -1)),
    answered(lengthTerms, 'longer', 'A file with one byte more is refused', `${text}\n`),
    answered(
      { ...lengthTerms, tags: ['endless data attack'] },
      'endless',
      'A file that goes on and on is not read to its end',
      { repeat: text, length: 20_000_000 },
    ),
    answered(
      { requirements: ['5.7.3-download'] },
      'missing',
      'A listed file that is not there is refused',
      null,
    ),
    answered(
      { requirements: ['5.7.3-download'] },
      'server-error',
      'A file that the server fails to give is refused',
      {
        status: 500,
      },
    ),
    answered(
      { requirements: ['5.7.3-download'] },
      'disconnected',
      'A file whose connection breaks is refused',
      {
        disconnectAfter: 10,
        text,
      },
    ),
    workflow(
      { ...hashTerms, tags: ['wrong software installation'] },
      'target-another-file',
      'Another file of the repository is refused under this name',
      (story) => {
        const repo = one(story)
        repo.addTarget('dir/other', text.toUpperCase())
        repo.publish()
        story.serve(targetPath(prefixed('dir/file', text)), text.toUpperCase())
        story.download('dir/file', refused('5.7.3', [1, 2, 2, 2]))
        story.download('dir/other', received(text.toUpperCase(), [1, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.7.2-absent'] },
      'target-not-listed',
      'A file that is served and listed by nobody is not there',
      (story) => {
        one(story)
        story.serve(targetPath('dir/unlisted'), text)
        story.download('dir/unlisted', absent(current))
        story.download('dir/file', received(text, current))
      },
    ),
  ]
}

function lengths(): readonly WorkflowVector[] {
  return [
    workflow(
      { ...lengthTerms, tags: ['endless data attack'] },
      'target-listed-shorter',
      'No more bytes are read than are listed, though the hash is that of all',
      (story) => {
        relist(one(story), (entry) => {
          entry['length'] = text.length - 1
        })
        story.download('dir/file', no)
      },
    ),
    workflow(
      {
        ...lengthTerms,
        profile: 'tuffet',
        note: '4.5: LENGTH is the length of the file. 5.7.3 takes it for a limit, for lengths that are not known.',
      },
      'target-listed-longer',
      'A file of fewer bytes than are listed is refused, though its hash is right',
      (story) => {
        relist(one(story), (entry) => {
          entry['length'] = text.length + 1
        })
        story.download('dir/file', no)
      },
    ),
  ]
}

function hashes(): readonly WorkflowVector[] {
  const listed = (
    terms: Terms,
    id: string,
    title: string,
    table: Record<string, string>,
    fine: boolean,
    served: readonly string[] = Object.values(table),
  ): WorkflowVector =>
    workflow(terms, `target-${id}`, title, (story) => {
      relist(one(story), (entry) => {
        entry['hashes'] = table
      })
      for (const hex of served) story.serve(targetPath(`dir/${hex}.file`), text)
      story.download('dir/file', fine ? received(text, current) : no)
    })
  const sha256 = digest('sha256')
  const sha512 = digest('sha512')
  const open: Terms = {
    ...hashTerms,
    profile: 'tuffet',
    note: '4.4 leaves the choice of hash functions to the repository.',
  }
  return [
    listed(
      hashTerms,
      'sha512',
      'A file that is listed by SHA-512 alone is accepted',
      { sha512 },
      true,
    ),
    listed(
      hashTerms,
      'two-hashes',
      'A file with both listed hashes is accepted',
      { sha256, sha512 },
      true,
    ),
    listed(
      hashTerms,
      'second-hash-wrong',
      'A file that has the first of two listed hashes is refused',
      { sha256, sha512: wrong + wrong },
      false,
    ),
    listed(
      hashTerms,
      'first-hash-wrong',
      'A file that has the second of two listed hashes is refused',
      { sha256: wrong, sha512 },
      false,
    ),
    listed(
      hashTerms,
      'unknown-hash',
      'A file that is listed by an unknown hash alone is refused',
      { 'sha-next': wrong },
      false,
    ),
    listed(
      { ...hashTerms, profile: 'tuffet', note: 'All hashes whose function is known must match.' },
      'unknown-hash-beside',
      'A file with a known hash and one that nobody knows is accepted',
      { 'sha-next': wrong, sha256 },
      true,
    ),
    listed(
      hashTerms,
      'swapped-hashes',
      'A digest under the name of another function is refused',
      { sha256: sha512, sha512: sha256 },
      false,
    ),
    listed(
      open,
      'blake2b-256',
      'A file that is listed by BLAKE2b with 256 bits is accepted',
      { 'blake2b-256': blake2b256 },
      true,
    ),
    listed(
      open,
      'blake2b',
      'A file that is listed by BLAKE2b with 512 bits is accepted',
      { blake2b: digest('blake2b512') },
      true,
    ),
    listed(
      open,
      'sha3-256',
      'A file that is listed by SHA3-256 is accepted',
      { 'sha3-256': digest('sha3-256') },
      true,
    ),
    listed(
      open,
      'sha384',
      'A file that is listed by SHA-384 is accepted',
      { sha384: digest('sha384') },
      true,
    ),
  ]
}

/** By CPython: `hashlib.blake2b(b'the content of the file\n', digest_size=32).hexdigest()`. */
const blake2b256 = '6bef5df50908d25e883ddcb9a780ece9af0e585aedfc177a4fb1b6a37835f195'

function prefixes(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.7.3-name', '6.2-names'] }
  return [
    workflow(
      terms,
      'target-without-prefix',
      'With consistent snapshots a file without the hash in its name is not found',
      (story) => {
        one(story)
        story.serve(targetPath(prefixed('dir/file', text)), null)
        story.serve(targetPath('dir/file'), text)
        story.download('dir/file', no)
      },
    ),
    workflow(
      terms,
      'target-prefix-of-basename',
      'The hash stands before the last part of the path',
      (story) => {
        const repo = story.repository()
        repo.addTarget('a/b/c.d', text)
        repo.publish()
        story.download('a/b/c.d', received(text, current))
      },
    ),
    workflow(
      terms,
      'target-plain-name',
      'Without consistent snapshots the name of a file is its path',
      (story) => {
        const repo = story.repository({ consistentSnapshot: false })
        repo.addTarget('dir/file', text)
        repo.publish()
        story.download('dir/file', received(text, current))
      },
    ),
    workflow(
      terms,
      'target-prefix-only',
      'Without consistent snapshots a file with the hash in its name is not found',
      (story) => {
        const repo = story.repository({ consistentSnapshot: false })
        repo.addTarget('dir/file', text)
        repo.publish()
        story.serve(targetPath('dir/file'), null)
        story.serve(targetPath(prefixed('dir/file', text)), text)
        story.download('dir/file', no)
      },
    ),
    workflow(
      {
        ...terms,
        profile: 'tuffet',
        note: '5.7.3: one of the hashes. 6.2 wants a copy for each; a mirror may lack some.',
      },
      'target-second-prefix',
      'A file that is there under its second hash only is found',
      (story) => {
        const repo = story.repository()
        repo.addTarget('dir/file', text, { hashes: ['sha256', 'sha512'] })
        repo.publish()
        story.serve(targetPath(prefixed('dir/file', text)), null)
        story.download('dir/file', received(text, current))
      },
    ),
    workflow(
      {
        ...terms,
        note: '6.2: metadata lists the plain name; what stands in it is the name, be it a digest.',
      },
      'target-prefix-in-path',
      'A path that begins with a hash is a path like any other',
      (story) => {
        const repo = story.repository()
        const path = `${digest('sha256')}.file`
        repo.addTarget(path, text)
        repo.publish()
        story.download(path, received(text, current))
        story.download('file', absent(current))
      },
    ),
  ]
}

function changes(): readonly WorkflowVector[] {
  return [
    workflow(
      hashTerms,
      'target-changes',
      'The file is the one of the newest targets metadata',
      (story) => {
        const repo = one(story)
        story.download('dir/file', received(text, current))
        repo.addTarget('dir/file', 'changed')
        repo.publish()
        story.download('dir/file', received('changed', [1, 2, 2, 2]))
      },
    ),
    workflow(
      { ...hashTerms, tags: ['rollback attack'] },
      'target-before-under-new-name',
      'The file before under the name of the newest is refused',
      (story) => {
        const repo = one(story)
        story.download('dir/file', received(text, current))
        repo.addTarget('dir/file', 'changed')
        repo.publish()
        story.serve(targetPath(prefixed('dir/file', 'changed')), text)
        story.download('dir/file', refused('5.7.3', [1, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.7.2-absent'] },
      'target-removed',
      'A file that is listed no longer is not there any more',
      (story) => {
        const repo = one(story)
        story.download('dir/file', received(text, current))
        repo.removeTarget('dir/file')
        repo.publish()
        story.download('dir/file', absent([1, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.7.3-hashes', '5-recover'] },
      'target-refused-then-good',
      'After a file was refused the good one is accepted',
      (story) => {
        one(story)
        story.serve(targetPath(prefixed('dir/file', text)), text.toUpperCase())
        story.download('dir/file', no)
        story.serve(targetPath(prefixed('dir/file', text)), undefined)
        story.download('dir/file', received(text, current))
      },
    ),
  ]
}
