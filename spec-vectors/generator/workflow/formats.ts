/** How metadata may be written and files may be called: section 4 and 6.2 seen through a cycle. */
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import type { RepositoryOptions, Signer, TestRepository } from '../../../src/testing/index.js'
import { ecdsaSigner, rsaSigner } from '../../../src/testing/node/index.js'
import { workflowFamily } from '../write.js'
import { contentVectors } from './format-contents.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { replaced } from './edit.js'
import { workflow, type Terms } from './story.js'

/** The family `workflow-formats`. */
export function formatsFamily(): VectorFile {
  return workflowFamily(
    'workflow-formats',
    'Files as repositories write them: with and without consistent snapshots (6.2), every kind of ' +
      'key, white space and order of names, unknown fields, dates and numbers.',
    [...consistency(), ...keys(), ...layouts(), ...contentVectors()],
  )
}

const current: Versions = [1, 1, 1, 1]
const path = 'dir/file'

function consistency(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.3.12-consistent-snapshot', '6.2-names'] }
  const written = (consistentSnapshot: boolean): RepositoryOptions => ({ consistentSnapshot })
  /** With a delegated role `a` that lists the file. */
  const publish = (repo: TestRepository): TestRepository => {
    repo.delegate('targets', { name: 'a', paths: ['dir/*'] })
    repo.addTarget(path, 'content', { role: 'a' })
    repo.publish()
    return repo
  }
  const plain = ['2.root.json', 'timestamp.json', 'snapshot.json', 'targets.json', 'a.json']
  const prefixed = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']
  return [
    workflow(
      terms,
      'consistent-true',
      'With consistent snapshots names contain versions',
      (story) => {
        publish(story.repository(written(true)))
        story.download(path, received('content', current, { requests: [...prefixed, '1.a.json'] }))
      },
    ),
    workflow(
      terms,
      'consistent-false',
      'Without consistent snapshots only the name of the root contains its version',
      (story) => {
        publish(story.repository(written(false)))
        story.download(path, received('content', current, { requests: plain }))
      },
    ),
    workflow(
      { requirements: ['5.3.12-consistent-snapshot', '4.3-consistent-snapshot'] },
      'consistent-left-out',
      'A root without consistent_snapshot means plain names',
      (story) => {
        const repo = publish(story.repository(written(false)))
        repo.editInPlace('root', (signed) => {
          delete signed['consistent_snapshot']
        })
        story.download(path, received('content', current, { requests: plain }))
      },
    ),
    workflow(
      terms,
      'consistent-without-versions',
      'With consistent snapshots a file without its version is not found',
      (story) => {
        const repo = publish(story.repository(written(true)))
        story.serve('metadata/1.snapshot.json', null)
        story.serve(
          'metadata/snapshot.json',
          new TextDecoder().decode(repo.file('1.snapshot.json')),
        )
        story.refresh(refused('5.5.1', [1, 1, null, null]))
      },
    ),
    workflow(
      terms,
      'consistent-with-versions',
      'Without consistent snapshots a file under its version is not found',
      (story) => {
        const repo = publish(story.repository(written(false)))
        story.serve('metadata/snapshot.json', null)
        story.serve(
          'metadata/1.snapshot.json',
          new TextDecoder().decode(repo.file('snapshot.json')),
        )
        const requests = plain.slice(0, 3)
        story.refresh(refused('5.5.1', [1, 1, null, null], { requests }))
      },
    ),
    workflow(
      terms,
      'consistent-switched-on',
      'A new root switches consistent snapshots on',
      (story) => {
        const repo = publish(story.repository(written(false)))
        story.download(path, received('content', current, { requests: plain }))
        repo.setConsistentSnapshot(true)
        repo.publish('targets', 'a')
        for (const name of ['snapshot', 'targets', 'a']) story.serve(`metadata/${name}.json`, null)
        const requests = ['2.root.json', '3.root.json', 'timestamp.json', '3.snapshot.json']
        story.download(
          path,
          received('content', [2, 3, 3, 2], {
            requests: [...requests, '2.targets.json', '2.a.json'],
          }),
        )
      },
    ),
    workflow(
      terms,
      'consistent-switched-off',
      'A new root switches consistent snapshots off',
      (story) => {
        const repo = publish(story.repository(written(true)))
        story.download(path, received('content', current))
        repo.setConsistentSnapshot(false)
        repo.publish('targets', 'a')
        const requests = ['2.root.json', '3.root.json', 'timestamp.json', 'snapshot.json']
        story.download(
          path,
          received('content', [2, 3, 3, 2], { requests: [...requests, 'targets.json', 'a.json'] }),
        )
      },
    ),
    workflow(
      {
        requirements: ['5.3.12-consistent-snapshot', '5.5.4-version'],
        tags: ['mix-and-match attack'],
      },
      'consistent-false-newer-file',
      'Without consistent snapshots a snapshot that is newer than the timestamp says is refused',
      (story) => {
        const repo = publish(story.repository(written(false)))
        const old = new TextDecoder().decode(repo.file('timestamp.json'))
        repo.publish('targets')
        story.serve('metadata/timestamp.json', old)
        story.refresh(refused('5.5.4', [1, 1, null, null]))
        story.serve('metadata/timestamp.json', undefined)
        story.refresh(accepted([1, 2, 2, 2]))
      },
    ),
  ]
}

function keys(): readonly WorkflowVector[] {
  const mixed: Terms = {
    requirements: ['4.2.2-ecdsa', '4.2.2-rsa', '4.2.2-ed25519', '4.2.2-agreement'],
  }
  const open: Terms = {
    requirements: ['4.2.2-other-keys'],
    profile: 'tuffet',
    note: '4.2.2 recommends three schemes and allows any other.',
  }
  const hex: Terms = {
    ...open,
    note: '4.2.2 asks for PEM. The first roots of a public repository write a point in hexadecimal.',
  }
  const kinds: readonly (readonly [Terms, string, string, () => Signer])[] = [
    [{ requirements: ['4.2.2-ecdsa'] }, 'ecdsa', 'ECDSA on P-256', () => ecdsaSigner('P-256')],
    [
      { requirements: ['4.2.2-rsa', '4.2.2-rsa-bits'] },
      'rsa',
      'RSA-PSS with SHA-256',
      () => rsaSigner('2048'),
    ],
    [open, 'ecdsa-p384', 'ECDSA on P-384', () => ecdsaSigner('P-384', { curve: 'P-384' })],
    [open, 'ecdsa-p521', 'ECDSA on P-521', () => ecdsaSigner('P-521', { curve: 'P-521' })],
    [open, 'rsa-sha512', 'RSA-PSS with SHA-512', () => rsaSigner('2048', { hash: 'sha512' })],
    [
      hex,
      'ecdsa-hex',
      'ECDSA whose key is a point in hexadecimal',
      () => ecdsaSigner('P-256', { encoding: 'hex' }),
    ],
  ]
  const one = kinds.flatMap(([on, id, name, make]) => [
    workflow(on, `keys-${id}`, `${name} signs root, timestamp and a delegated role`, (story) => {
      const signer = make()
      const signers = [signer]
      const repo = story.repository({ keys: { root: { signers }, timestamp: { signers } } })
      repo.delegate('targets', { name: 'a', paths: ['*/*'], signers })
      repo.addTarget(path, 'content', { role: 'a' })
      repo.publish()
      repo.publish('root')
      story.download(path, received('content', [2, 2, 1, 1]))
    }),
    workflow(
      on,
      `keys-${id}-altered`,
      `${name}: a file that was changed after signing is refused`,
      (story) => {
        const repo = story.repository({ keys: { timestamp: { signers: [make()] } } })
        repo.publish()
        repo.editInPlace('timestamp', {
          bytes: (bytes) => replaced(bytes, '"expires":"20', '"expires":"21'),
        })
        story.refresh(refused('5.4.2', [1, null, null, null]))
      },
    ),
  ])
  return [
    ...one,
    workflow(mixed, 'keys-mixed', 'Keys of three kinds make one threshold', (story) => {
      const signers = [kinds[0]?.[3](), kinds[1]?.[3]()].filter((signer) => signer !== undefined)
      const repo = story.repository({ keys: { targets: { count: 1 } } })
      repo.publish()
      repo.rotate('targets', { add: signers, threshold: 3 })
      story.refresh(accepted([2, 2, 2, 2]))
    }),
  ]
}

function layouts(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.1-canonical'],
    note: '4.2.1: the signature is of the canonical form, not of the bytes that are served.',
  }
  const laidOut = (id: string, title: string, options: RepositoryOptions): WorkflowVector =>
    workflow(terms, `layout-${id}`, title, (story) => {
      const repo = story.repository(options)
      repo.delegate('targets', { name: 'a', paths: ['*/*'], signers: [ecdsaSigner('P-256')] })
      repo.addTarget(path, 'content', {
        role: 'a',
        custom: { b: [1, { d: 2, c: '"\\\n' }], a: '' },
      })
      repo.publish()
      story.download(path, received('content', current))
    })
  const rewritten = (
    id: string,
    title: string,
    rewrite: (text: string) => string,
  ): WorkflowVector =>
    workflow(terms, `layout-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      for (const role of ['timestamp', 'snapshot', 'targets']) {
        repo.editInPlace(role, {
          bytes: (bytes) => new TextEncoder().encode(rewrite(new TextDecoder().decode(bytes))),
        })
      }
      story.refresh(accepted(current))
    })
  return [
    laidOut('compact', 'Files may be compact, with sorted names', {}),
    laidOut('indented', 'Files may be indented', { indent: 2 }),
    laidOut('unsorted', 'Names may be in any order', { sorted: false }),
    laidOut('unsorted-indented', 'Files may be indented with names in any order', {
      indent: 1,
      sorted: false,
    }),
    rewritten('carriage-returns', 'White space may be tabs and carriage returns', (text) =>
      text.replaceAll('{', '\t{\r\n').replaceAll('":', '"\r\n\t :'),
    ),
    rewritten('line-feed', 'A file may end with a line feed', (text) => `${text}\n`),
    rewritten('escapes', 'Characters may be written as escapes', (text) =>
      text.replaceAll('"_type"', '"\\u005ftype"').replaceAll('1.0.34', '\\u0031.0.34'),
    ),
  ]
}
