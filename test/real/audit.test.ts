/** Audits of real repositories. Each finding that is expected here was looked at, and is true. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { auditRepository } from '../../src/audit/index.js'
import { servedFolder } from '../../src/cli/served-folder.js'
import { sigstoreInstances } from '../../src/sigstore/index.js'
import { realFetcher, realTime } from '../support/sigstore/real-repository.js'
import { describeReal } from './folder.js'
import { fetcherOf, fresh, metadataUrl, targetsUrl } from './rstuf-folder.js'

describeReal('sigstore-repository', (path) => {
  test('an audit of Sigstore goes through all its roots', async () => {
    const folder = join(path, '..')
    const { metadataUrl: url } = sigstoreInstances['public-good']
    const report = await auditRepository({
      metadataUrl: url,
      fetcher: realFetcher(folder),
      root: readFileSync(`${folder}/sigstore-roots/1.root.json`),
      now: realTime,
    })
    expect(report.counts.roots).toBe(15)
    expect(report.totals).toEqual({
      // The delegated role is not part of the copy.
      'file-missing': 1,
      // Roots 1 to 3 have dates with offsets, and 1 to 4 points in hexadecimal.
      'old-root-disputed': 2,
      // Five people hold the keys of root and of targets.
      'offline-key-shared': 5,
      'threshold-one-delegated': 1,
      // rekor, revocation and staging.
      'role-unreached': 3,
      'entry-without-hashes': 3,
      'targets-not-asked': 1,
    })
    const old = report.findings.find(({ code }) => code === 'old-root-disputed')
    expect(old?.clients?.join()).toContain('python-tuf')
  })
})

describeReal('tuf-on-ci', (path) => {
  test('an audit of a folder that tuf-on-ci wrote reads its target', async () => {
    const report = await auditRepository({
      ...servedFolder(path, path),
      root: readFileSync(`${path}/metadata/1.root.json`),
      now: Date.parse(readFileSync(`${path}/faketime`, 'utf8').trim()),
      sample: 10,
    })
    expect(report.counts).toMatchObject({ roles: 1, targets: 1, read: 1 })
    expect(report.totals).toEqual({
      'threshold-one': 2,
      // One key for root, targets and the delegated role.
      'offline-key-shared': 2,
      // The signature of the YubiKey is empty.
      'signature-wrong': 1,
      'threshold-one-delegated': 1,
      'entry-without-hashes': 3,
    })
  })
})

describeReal('rstuf', (path) => {
  test('an audit of a repository that RSTUF wrote finds its files under plain names', async () => {
    const report = await auditRepository({
      metadataUrl,
      targetsUrl,
      fetcher: fetcherOf(path),
      root: readFileSync(`${path}/metadata/1.root.json`),
      now: fresh,
      hashPrefix: false,
      retries: 0,
    })
    expect(report.counts).toMatchObject({ roots: 3, roles: 256, targets: 816 })
    expect(report.totals).toEqual({
      // The copy holds the files of 25 projects.
      'target-missing': expect.any(Number),
      'threshold-one': 1,
      'online-key-signs-targets': 1,
      // Its keys carry names of their owners, which are part of the hash.
      'keyid-differs': 5,
      // simple/PROJECT/, which has no name at its end.
      'target-name-disputed': 5,
      'hash-disputed': 811,
      'succinct-roles': 1,
      'entry-without-hashes': 258,
    })
    expect(report.totals['target-missing']).toBeLessThan(816)
  })
})
