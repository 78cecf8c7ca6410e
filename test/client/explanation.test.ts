import { describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'

const day = 86_400_000

/** targets → dev → team; two of three keys must sign for team. */
function published(): TestRepository {
  const repo = createRepository({ keys: { root: { count: 2, threshold: 1 } } })
  repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
  repo.delegate('dev', { name: 'team', paths: ['dev/*'], count: 3, threshold: 2 })
  repo.addTarget('dev/a.txt', 'a', { role: 'team' })
  repo.publish()
  return repo
}

describe('explain', () => {
  test('a target: every link of its chain, and the signers of each', async () => {
    const repo = published()
    const [first, , third] = repo.signers('team')
    repo.edit('team', { signers: first && third ? [first, third] : [] })
    const view = await clientOf(repo).updater.refresh()
    const explanation = await view.explain('dev/a.txt')
    expect(explanation.target).toEqual(await view.find('dev/a.txt'))
    expect(explanation).toMatchObject({ path: 'dev/a.txt', now: repo.now })
    expect(explanation.searched).toEqual(['targets', 'dev', 'team'])
    expect(
      explanation.chain.map(({ role, delegator, version, expires, threshold, signed }) => [
        role,
        delegator,
        version,
        (expires - repo.now) / day,
        `${signed} of ${threshold}`,
      ]),
    ).toEqual([
      ['root', 'root', 1, 365, '2 of 1'],
      ['timestamp', 'root', 2, 1, '1 of 1'],
      ['snapshot', 'root', 2, 7, '1 of 1'],
      ['targets', 'root', 1, 365, '1 of 1'],
      ['dev', 'targets', 1, 365, '1 of 1'],
      ['team', 'dev', 2, 365, '2 of 2'],
    ])
    expect(explanation.chain.at(-1)?.keys.map(({ verdict }) => verdict)).toEqual([
      'signed',
      'no-signature',
      'signed',
    ])
  })

  test('a target that nobody lists: the roles asked, and the chain as far as it is sure', async () => {
    const view = await clientOf(published()).updater.refresh()
    const explanation = await view.explain('dev/absent')
    expect('target' in explanation).toBe(false)
    expect(explanation.searched).toEqual(['targets', 'dev', 'team'])
    expect(explanation.chain.map(({ role }) => role)).toEqual([
      'root',
      'timestamp',
      'snapshot',
      'targets',
    ])
  })

  test('costs no request after find', async () => {
    const { updater, requested } = clientOf(published())
    const view = await updater.refresh()
    await view.find('dev/a.txt')
    requested()
    await view.explain('dev/a.txt')
    expect(requested()).toEqual([])
  })
})
