/** A repository with one target, `dir/file`. */
import { createHash } from 'node:crypto'
import type { TestRepository } from '../../../src/testing/index.js'
import { objectAt, type JsonRecord } from './edit.js'
import { refused, type Versions } from './outcome.js'
import type { Story, Terms } from './story.js'

export const current: Versions = [1, 1, 1, 1]
export const text = 'the content of the file\n'

/** A repository with one target. */
export function one(story: Story, content: string | Uint8Array = text): TestRepository {
  const repo = story.repository()
  repo.addTarget('dir/file', content)
  repo.publish()
  return repo
}

/** The entry of the target is changed, and no other file. */
export function relist(repo: TestRepository, change: (entry: JsonRecord) => void): void {
  repo.editInPlace('targets', (signed) => change(objectAt(signed, 'targets', 'dir/file')))
}

export function digest(name: string, content = text): string {
  return createHash(name).update(content).digest('hex')
}

export const hashTerms: Terms = { requirements: ['5.7.3-hashes'] }
export const no = refused('5.7.3', current)
