/** Verdicts on attestations in words, for trees and for pictures. */
import { describe, expect, test } from '@jest/globals'
import {
  attestationJudge,
  attestationWitness,
  parsePublisherPins,
  type AttestationJudgeOptions,
  type JudgedFile,
} from '../../src/attestations/index.js'
import { attestationLines, attestationsOf } from '../../src/attestations/witness.js'
import { parseTrustedRoot } from '../../src/sigstore/index.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims, TestSigstore } from '../support/sigstore/instance.js'

const sigstore = new TestSigstore()
const trustedRoot = parseTrustedRoot(sigstore.trustedRoot())
const publish = 'https://docs.pypi.org/attestations/publish/v1'
const slsa = 'https://slsa.dev/provenance/v1'
const asSlsa = { statement: (one: { predicateType: string }) => (one.predicateType = slsa) }
const commit = gitHubClaims[13] ?? ''

async function judged(
  bytes: Buffer | undefined,
  options: Partial<AttestationJudgeOptions> = {},
): Promise<JudgedFile> {
  let found: JudgedFile | undefined
  const source = () => Promise.resolve({ provenance: bytes })
  const onJudged = (_: unknown, result: JudgedFile): unknown => (found = result)
  const judge = attestationJudge({ trustedRoot, source, onJudged, ...options })
  await judge({ project: 'demo', version: '1.0', ...file }, {})
  if (found === undefined) throw new Error('the judge was silent')
  return found
}

const pins = parsePublisherPins({ demo: [gitHub] })
const good = provenance([attest(sigstore), attest(sigstore, asSlsa)])
const signed = 'refs/tags/v1.0, signed at 2026-05-13T12:00:00Z'
const entry = 'entry 1000004 of rekor.test'

describe('the card of a file', () => {
  test('of a pinned publisher lists the attestation that fits', async () => {
    expect(attestationWitness(await judged(good, { pins }))).toEqual({
      ...{ title: 'attestation', verdict: 'good', note: 'match' },
      lines: ['signed by its pinned publisher, GitHub demo/demo publish.yml', signed, entry],
      codes: [publish, `commit ${commit}`],
    })
  })

  test('of a publisher that is not pinned lists every attestation', async () => {
    expect(attestationWitness(await judged(good))).toEqual({
      ...{ title: 'attestation', verdict: 'open', note: 'signed, accepted' },
      lines: [
        'signed by GitHub demo/demo publish.yml, and none is pinned',
        ...[signed, entry, signed, entry],
      ],
      codes: [publish, slsa, `commit ${commit}`],
    })
  })

  test('lists three attestations, and counts the others', async () => {
    const found = await judged(good)
    if (found.judged.verdict !== 'signed') throw new Error('it is signed')
    const { provenance: all } = found.judged
    const [first] = all.attestations
    const times = (count: number): JudgedFile => {
      const attestations = Array.from({ length: count }, () => first!)
      return {
        ...found,
        judged: { ...found.judged, provenance: { ...all, attestations } },
      } as JudgedFile
    }
    expect(attestationWitness(times(3)).lines).toHaveLength(7)
    expect(attestationWitness(times(5)).lines.slice(6)).toEqual([entry, 'and 2 more'])
    expect(attestationWitness(times(4)).lines.at(-1)).toBe('and 1 more')
  })

  test('of a file that the policy does not take is refused', async () => {
    const bad = provenance([attest(sigstore, { byAnotherKey: true })])
    expect(attestationWitness(await judged(bad))).toMatchObject({
      ...{ verdict: 'refused', note: 'mismatch', codes: [] },
      lines: [expect.stringContaining('(check "signature")')],
    })
    expect(attestationWitness(await judged(bad, { requirement: 'report' }))).toMatchObject({
      ...{ verdict: 'refused', note: 'mismatch, accepted' },
    })
    expect(attestationWitness(await judged(undefined, { requirement: 'all' }))).toMatchObject({
      ...{ verdict: 'refused', note: 'no-attestation' },
    })
    expect(attestationWitness(await judged(undefined))).toEqual({
      ...{ title: 'attestation', verdict: 'open', note: 'no-attestation, accepted' },
      ...{ lines: ['the index has no attestation of it'], codes: [] },
    })
  })

  test('of a certificate without reference and commit shows neither', async () => {
    const found = await judged(good, { pins })
    if (found.judged.verdict !== 'match') throw new Error('it matches')
    const { attestation } = found.judged
    const without = { ...attestation, certificate: { ...attestation.certificate, claims: {} } }
    const shown: JudgedFile = { ...found, judged: { ...found.judged, attestation: without } }
    expect(attestationWitness(shown)).toMatchObject({
      lines: [found.reason, 'signed at 2026-05-13T12:00:00Z', entry],
      codes: [publish],
    })
    const twice = { ...without, times: [0, 1] }
    const times = 'signed at 1970-01-01T00:00:00Z, 1970-01-01T00:00:00.001Z'
    expect(attestationLines(twice)[1]).toBe(`  ${times}`)
    expect(
      attestationWitness({ ...shown, judged: { ...found.judged, attestation: twice } }).lines[1],
    ).toBe(times)
    expect(attestationLines(without)).toEqual([
      `GitHub demo/demo publish.yml (${publish})`,
      '  signed at 2026-05-13T12:00:00Z',
      `  ${entry}`,
    ])
  })
})

test('the lines of an attestation begin with its signer, and the facts are indented', async () => {
  const [first] = attestationsOf(await judged(good, { pins }))
  expect(attestationLines(first!)).toEqual([
    `GitHub demo/demo publish.yml (${publish})`,
    `  at refs/tags/v1.0, commit ${commit}`,
    '  signed at 2026-05-13T12:00:00Z',
    `  ${entry}`,
  ])
  const unknown = {
    ...first!,
    publisher: undefined,
    claim: { kind: 'Forge', publisher: undefined },
  }
  expect(attestationLines(unknown)[0]).toBe(`Forge (${publish})`)
})
