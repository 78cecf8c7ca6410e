/** Real attestations of PyPI, and the reference verifier beside this one. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  describePublisher,
  judgeFile,
  publishersOf,
  verifyAttestation,
  verifyProvenance,
} from '../../../src/attestations/index.js'
import { isTufError } from '../../../src/errors.js'
import {
  parseTrustedRoot,
  sigstoreTrustedRoot,
  type TrustedRoot,
} from '../../../src/sigstore/index.js'
import { changedCharacters, changeNumber } from '../../support/sigstore/changes.js'
import { realFetcher, realTime } from '../../support/sigstore/real-repository.js'
import { findPeer, secondOpinions, type Sample } from './peer.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const peer = await findPeer()
const real = process.env['TUFFET_REAL'] ?? '../shared/real'
const found = 'reason' in peer ? undefined : peer
if ('reason' in peer) {
  if (process.env['PYTHON'] !== undefined) throw new Error(peer.reason)
  process.stderr.write(`skipped, real attestations: ${peer.reason}\n`)
}

const there = found ? describe : describe.skip
there('the samples of pypi-attestations', () => {
  const samples = found?.samples ?? []
  const folder = temporaryFolder('samples')
  const trustedRootFile = join(folder, 'trusted_root.json')
  let trustedRoot: TrustedRoot

  beforeAll(async () => {
    trustedRoot = existsSync(`${real}/sigstore-repository`)
      ? await sigstoreTrustedRoot({ fetcher: realFetcher(real), now: () => realTime })
      : parseTrustedRoot(readFileSync(found?.trustedRoot ?? ''))
    writeFileSync(trustedRootFile, trustedRoot.bytes)
  })
  /** Of provenance: whether the verdict is a yes; of one attestation: whether it is verified. */
  function isVerified({ kind, filename, sha256 }: Sample, bytes: Uint8Array): boolean {
    const file = { filename, sha256 }
    if (kind === 'provenance') return judgeFile(bytes, file, { trustedRoot }).verdict === 'signed'
    return checkOf(() => verifyAttestation(bytes, file, { trustedRoot })) === undefined
  }

  test('are eleven, of four kinds of publishers and two instances', () => {
    expect(samples).toHaveLength(11)
  })

  test('eight verify, with the publishers of their provenance', () => {
    const good = samples.filter((sample) => isVerified(sample, Buffer.from(sample.text)))
    expect(good).toHaveLength(8)
    const publishers = good
      .filter(({ kind }) => kind === 'provenance')
      .flatMap((file) =>
        publishersOf(verifyProvenance(Buffer.from(file.text), file, { trustedRoot })),
      )
    expect(publishers.map(describePublisher).sort()).toEqual([
      'CircleCI project fdd9283f-e619-46af-8f9c-851f7d3e8b2b pipeline 8e4f8ab2-8d7c-4827-9f15-de076d6d647f',
      'GitHub trailofbits/pypi-attestations release.yml',
      'Google 919436158236-compute@developer.gserviceaccount.com',
    ])
  })

  test('a sample of GitLab is of its publisher, and of no other', () => {
    const file = samples.find(({ name }) => name.startsWith('gitlab'))
    const publisher = {
      kind: 'GitLab' as const,
      repository: 'facutuesca/gitlab-oidc-project',
      workflow_filepath: '.gitlab-ci.yml',
    }
    const verify = (repository: string) => (): unknown =>
      file &&
      verifyAttestation(Buffer.from(file.text), file, {
        trustedRoot,
        publisher: { ...publisher, repository },
      })
    expect(verify(publisher.repository)).not.toThrow()
    expect(checkOf(verify('facutuesca/other'))).toBe('publisher')
  })

  test('three are of the staging instance, and are refused', () => {
    const refused = samples.flatMap((file) => {
      const { kind, text } = file
      if (kind === 'provenance') return []
      const check = checkOf(() => verifyAttestation(Buffer.from(text), file, { trustedRoot }))
      return check === undefined ? [] : [check]
    })
    expect(refused).toEqual(['time', 'time', 'time'])
  })

  test('every changed character of a value is refused', () => {
    const accepted: string[] = []
    let count = 0
    for (const file of samples.filter((one) => isVerified(one, Buffer.from(one.text)))) {
      // A prime step, so that every column of base64 is met.
      for (const [where, bytes] of changedCharacters(attestationOf(file), 13)) {
        count += 1
        if (isVerified({ ...file, kind: 'attestation' }, bytes)) accepted.push(where)
      }
    }
    expect(accepted).toEqual([])
    expect(count).toBeGreaterThan(4_000)
  }, 600_000)

  test('the reference verifier agrees on each, and on 200 changes of them', () => {
    const numbers = Array.from({ length: 19 }, (_, index) => 201 + index)
    const questions = samples.flatMap((sample) => [
      { where: sample.name, sample, text: sample.text },
      ...numbers.map((number) => {
        const [where, bytes] = changeNumber(sample.text, number)
        return { where: `${sample.name} ${where}`, sample, text: Buffer.from(bytes).toString() }
      }),
    ])
    expect(questions.length).toBeGreaterThanOrEqual(200 + samples.length)
    const theirs = secondOpinions(found?.python ?? '', trustedRootFile, questions)
    const differing = questions.filter(
      ({ sample, text }, index) => isVerified(sample, Buffer.from(text)) !== theirs[index],
    )
    expect(differing.map(({ where }) => where)).toEqual([])
  }, 600_000)
})

/** The attestation, or the first one of provenance. */
function attestationOf({ kind, text }: Sample): string {
  if (kind === 'attestation') return text
  const { attestation_bundles: bundles }: { attestation_bundles: { attestations: unknown[] }[] } =
    JSON.parse(text)
  return JSON.stringify(bundles[0]?.attestations[0])
}

/** The check that refused; undefined when it was verified. */
function checkOf(verify: () => unknown): string | undefined {
  try {
    verify()
    return undefined
  } catch (error) {
    if (isTufError(error) && 'check' in error) return error.check
    throw error
  }
}
