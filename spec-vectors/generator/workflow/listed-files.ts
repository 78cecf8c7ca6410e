/**
 * The entries of timestamp for the snapshot and of the snapshot for targets and delegated roles:
 * version, length and hashes (4.4, 5.5.1 to 5.5.4, 5.6.1 to 5.6.4).
 */
import { createHash } from 'node:crypto'
import type { TestRepository } from '../../../src/testing/index.js'
import type { WorkflowOutcome, WorkflowVector } from '../../../src/vectors/format.js'
import { functionsOpen, unknownBeside, unknownFunction } from '../hash-functions.js'
import { objectAt, type JsonRecord } from './edit.js'
import { ask, bad, good, idOf, repositoryFor, roleCases, type CheckedRole } from './role-cases.js'
import { bodyOf, metadataPath, workflow, type Terms } from './story.js'

/** The vectors on the entry of a role's file. */
export function listedVectors(role: Exclude<CheckedRole, 'timestamp'>): readonly WorkflowVector[] {
  const one = roleCases[role]
  const { a, steps, first } = one
  const id = idOf(role)
  const lister = role === 'snapshot' ? 'timestamp' : 'snapshot'
  const fine = good(one, [1, 1, 1, 1], 1)
  const no = (step: string): WorkflowOutcome => bad(one, step, first, null)

  /** `list` changes the entry; then `change` changes the file itself. */
  const listed = (
    terms: Terms,
    name: string,
    title: string,
    list: (entry: JsonRecord, bytes: Uint8Array) => void,
    outcome: WorkflowOutcome,
    change?: (repo: TestRepository) => void,
  ): WorkflowVector =>
    workflow(terms, `${id}-${name}`, title, (story) => {
      const repo = repositoryFor(story, one)
      const bytes = repo.file(`1.${role}.json`)
      repo.editInPlace(lister, (signed) => {
        list(objectAt(signed, 'meta', `${role}.json`), bytes)
      })
      change?.(repo)
      ask(story, one, outcome)
    })

  const hashes: Terms = { requirements: [`${steps.hashes}-hashes`, '4.4-hashes'] }
  // Of delegated roles alone a client was found that did not look at it.
  const unchecked = role === 'project' ? ['CVE-2026-6967'] : []
  const mixed: Terms = { ...hashes, tags: ['mix-and-match attack', ...unchecked] }
  const length: Terms = { requirements: [`${steps.fetch}-length`, '4.4-length'] }
  const version: Terms = {
    requirements: [`${steps.version}-version`],
    tags: ['mix-and-match attack'],
  }
  const wrong = '0'.repeat(64)
  return [
    listed(
      hashes,
      'hash',
      `${a} with the listed length and hash is accepted`,
      (entry, bytes) => {
        entry['length'] = bytes.length
        entry['hashes'] = { sha256: digest('sha256', bytes) }
      },
      fine,
    ),
    listed(
      { ...hashes, ...functionsOpen },
      'hash-sha512',
      `${a} with the listed SHA-512 is accepted`,
      (entry, bytes) => {
        entry['hashes'] = { sha512: digest('sha512', bytes) }
      },
      fine,
    ),
    listed(
      mixed,
      'hash-of-another',
      `${a} that is signed well but not the listed one is refused`,
      (entry, bytes) => {
        entry['hashes'] = { sha256: digest('sha256', bytes) }
      },
      no(steps.hashes),
      (repo) => {
        repo.editInPlace(role, (signed) => {
          signed['expires'] = '2026-06-01T00:00:00Z'
        })
      },
    ),
    listed(
      { ...mixed, note: unknownFunction },
      'hash-one-of-two',
      `${a} that has one of two listed hashes is refused`,
      (entry, bytes) => {
        entry['hashes'] = { sha256: digest('sha256', bytes), sha512: wrong + wrong }
      },
      no(steps.hashes),
    ),
    listed(
      {
        ...hashes,
        profile: 'tuffet',
        note: unknownBeside,
      },
      'hash-unknown-beside',
      `${a} with a known hash and an unknown one is accepted`,
      (entry, bytes) => {
        entry['hashes'] = { sha256: digest('sha256', bytes), 'sha-next': 'ab' }
      },
      fine,
    ),
    listed(
      { ...mixed, note: unknownFunction },
      'hash-unknown',
      `${a} that is listed with an unknown hash only is refused`,
      (entry) => {
        entry['hashes'] = { 'sha-next': wrong }
      },
      no(steps.hashes),
    ),
    listed(
      length,
      'length',
      `${a} of the listed length is accepted`,
      (entry, bytes) => {
        entry['length'] = bytes.length
      },
      fine,
    ),
    listed(
      { ...length, tags: ['endless data attack', ...unchecked] },
      'longer-than-listed',
      `${a} with one byte more than is listed is refused`,
      (entry, bytes) => {
        entry['length'] = bytes.length
      },
      no(steps.fetch),
      (repo) => {
        repo.editInPlace(role, { bytes: (bytes) => Buffer.concat([bytes, Buffer.from('\n')]) })
      },
    ),
    listed(
      {
        ...length,
        profile: 'tuffet',
        note: '4.4: LENGTH is the length of the file. 5.5.1 and 5.6.1 use it as a limit only.',
      },
      'shorter-than-listed',
      `${a} with one byte less than is listed is refused`,
      (entry, bytes) => {
        entry['length'] = bytes.length + 1
      },
      no(steps.hashes),
    ),
    listed(
      version,
      'version-ahead',
      `${a} whose version is higher than the listed one is refused`,
      () => undefined,
      no(steps.version),
      (repo) => {
        repo.editInPlace(role, (signed) => {
          signed['version'] = 2
        })
      },
    ),
    workflow(
      version,
      `${id}-version-behind`,
      `${a} whose version is lower than the listed one is refused`,
      (story) => {
        const repo = repositoryFor(story, one)
        repo.editInPlace(lister, (signed) => {
          objectAt(signed, 'meta', `${role}.json`)['version'] = 2
        })
        story.serve(metadataPath(`2.${role}.json`), bodyOf(repo.file(`1.${role}.json`)))
        ask(story, one, no(steps.version))
      },
    ),
    workflow(
      {
        requirements: [
          `${steps.version}-version`,
          `${steps.fetch}-name`,
          `${steps.fetch}-download`,
          '6.2-names',
        ],
      },
      `${id}-any-version`,
      `${a} is requested by the listed version, however high`,
      (story) => {
        const repo = repositoryFor(story, one)
        repo.setNextVersion(role, 9_000_000)
        repo.publish(role)
        const high = {
          snapshot: good(one, [1, 2, 9_000_000, 1], 1),
          targets: good(one, [1, 2, 2, 9_000_000], 1),
          project: good(one, [1, 2, 2, 1], 9_000_000),
        }
        ask(story, one, high[role])
      },
    ),
  ]
}

function digest(name: string, bytes: Uint8Array): string {
  return createHash(name).update(bytes).digest('hex')
}
