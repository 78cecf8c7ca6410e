/** 5.7.3: the hashes of a target, and its name with one of them. */
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { functionsOpen, unknownBeside, unknownFunction } from '../hash-functions.js'
import { prefixed } from './graph.js'
import { current, digest, hashTerms, no, one, relist, text } from './one-target.js'
import { absent, received } from './outcome.js'
import { targetPath, workflow, type Terms } from './story.js'

const wrong = '0'.repeat(64)

/** Vectors of the family `workflow-target-files`. */
export function targetHashVectors(): readonly WorkflowVector[] {
  return [...hashes(), ...prefixes()]
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
  const open: Terms = { ...hashTerms, ...functionsOpen }
  const strict: Terms = { ...hashTerms, note: unknownFunction }
  return [
    listed(open, 'sha512', 'A file that is listed by SHA-512 alone is accepted', { sha512 }, true),
    listed(
      open,
      'two-hashes',
      'A file with both listed hashes is accepted',
      { sha256, sha512 },
      true,
    ),
    listed(
      strict,
      'second-hash-wrong',
      'A file that matches only the first of two listed hashes is refused',
      { sha256, sha512: wrong + wrong },
      false,
    ),
    listed(
      hashTerms,
      'first-hash-wrong',
      'A file that matches only the second of two listed hashes is refused',
      { sha256: wrong, sha512 },
      false,
    ),
    listed(
      strict,
      'unknown-hash',
      'A file that is listed by an unknown hash alone is refused',
      { 'sha-next': wrong },
      false,
    ),
    listed(
      { ...hashTerms, profile: 'tuffet', note: unknownBeside },
      'unknown-hash-beside',
      'A file with a known hash and an unknown one is accepted',
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
      'The hash precedes the last part of the path',
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
      'A file that is served under its second hash only is found',
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
        note: '6.2: metadata lists the plain name; whatever it contains is the name, even a digest.',
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
