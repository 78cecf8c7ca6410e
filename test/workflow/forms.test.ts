import { describe, expect, test } from '@jest/globals'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { CanonicalForm, JsonValue } from '../../src/index.js'
import { olpc } from '../../src/core/json/canonical.js'
import { jcs } from '../../src/jcs.js'
import {
  createRepository,
  type MutableJson,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

/** Text on which the canonical forms differ: a line break, and names in two orders. */
const custom = { note: 'two\nlines', '\u{1f600}': 1, '\ue000': 2 }

function published(options: RepositoryOptions): TestRepository {
  const repo = createRepository(options)
  repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
  repo.addTarget('a.txt', 'a', { custom })
  repo.addTarget('dev/b.txt', 'b', { role: 'dev' })
  repo.publish()
  return repo
}

describe('the form of a file does not matter, only its content', () => {
  test.each([
    { indent: 0, sorted: true },
    { indent: 2, sorted: true },
    { indent: 1, sorted: false },
    { indent: 0, sorted: false },
  ])('%j', async (style) => {
    const repo = published(style)
    const { updater } = clientOf(repo)
    const view = await updater.refresh()
    expect(await view.find('a.txt')).toMatchObject({ length: 1, custom })
    expect(await view.find('dev/b.txt')).toMatchObject({ length: 1 })
    const again = await clientOf(repo).updater.refresh()
    expect(again.targets).toEqual(view.targets)
  })
})

/** Signs the next targets file over another canonical form. */
function signAs(repo: TestRepository, form: CanonicalForm): void {
  const signers = repo.signers('targets')
  repo.edit('targets', {
    envelope: (file) => {
      const bytes = form.encode(readable(file['signed']))
      file['signatures'] = signers.map((signer) => ({
        keyid: signer.keyid,
        sig: bytesToHex(signer.sign(bytes)),
      }))
    },
  })
}

function readable(value: MutableJson | undefined): JsonValue {
  if (value === undefined) throw new RangeError('nothing is signed')
  return value
}

describe('the canonical form is an option', () => {
  const refused = { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'targets', step: '5.6.3' }

  test.each([
    ['olpc', olpc, jcs],
    ['rfc8785', jcs, olpc],
  ])(
    '%s: a signature over this form is valid, a signature over the other is not',
    async (_, form, other) => {
      const repo = published({})
      signAs(repo, form)
      const { updater } = clientOf(repo, { canonicalForm: form })
      const view = await updater.refresh()
      expect(await view.find('a.txt')).toMatchObject({ custom })
      expect(await view.find('dev/b.txt')).toBeDefined()
      const { updater: wrong } = clientOf(repo, { canonicalForm: other })
      expect(await refusalOfTask(wrong.refresh())).toEqual(refused)
    },
  )

  test('and for stored files too', async () => {
    const repo = published({})
    signAs(repo, jcs)
    const { updater, store } = clientOf(repo, { canonicalForm: jcs })
    await updater.refresh()
    expect(await updater.refresh({ mode: 'offline' })).toBeDefined()
    const wrong = clientOf(repo, { store }).updater
    expect(await refusalOfTask(wrong.refresh({ mode: 'offline' }))).toEqual(refused)
  })
})
