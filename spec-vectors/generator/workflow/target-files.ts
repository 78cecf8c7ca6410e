/** 5.7: the file itself. */
import type { VectorBody, VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { prefixed } from './graph.js'
import { absent, received, refused } from './outcome.js'
import { current, hashTerms, no, one, relist, text } from './one-target.js'
import { targetPath, workflow, type Terms } from './story.js'
import { targetHashVectors } from './target-hashes.js'
import { nameVectors } from './target-names.js'

/** The family `workflow-target-files`. */
export function targetFilesFamily(): VectorFile {
  return workflowFamily(
    'workflow-target-files',
    'Target files (5.7): their length, hashes and names, and that only verified files are written.',
    [...contents(), ...lengths(), ...targetHashVectors(), ...changes(), ...nameVectors()],
  )
}

const lengthTerms: Terms = { requirements: ['5.7.3-length'] }
const written: Terms = { requirements: ['5.7.3-hashes', '5.7.3-persist'] }

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
      written,
      'target-file',
      'A file that matches the targets metadata is accepted',
      (story) => {
        one(story)
        const requests = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']
        story.download('dir/file', received(text, current, { requests }))
      },
    ),
    workflow(hashTerms, 'target-binary', 'A file may contain any bytes', (story) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      one(story, bytes)
      story.download('dir/file', received(bytes, current))
    }),
    workflow(lengthTerms, 'target-empty', 'A file may be empty', (story) => {
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
    answered(
      install,
      'instead-of-nothing',
      'An empty file is refused where a longer one is listed',
      '',
    ),
    answered(lengthTerms, 'cut-short', 'A file that breaks off is refused', text.slice(0, -1)),
    answered(lengthTerms, 'longer', 'A file with one byte more is refused', `${text}\n`),
    answered(
      { ...lengthTerms, tags: ['endless data attack'] },
      'endless',
      'A file without an end is cut off',
      { repeat: text, length: 20_000_000 },
    ),
    answered(
      { requirements: ['5.7.3-download'] },
      'missing',
      'A listed file that the server lacks is refused',
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
      'A file that is served but not listed is not found',
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

function changes(): readonly WorkflowVector[] {
  return [
    workflow(
      written,
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
      'The previous file under the name of the newest is refused',
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
      'A file that is no longer listed is not found',
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
