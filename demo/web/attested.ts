/** Judges the attestations of the page's distributions, in the page. */
import {
  attestationJudge,
  attestationWitness,
  parsePublisherPins,
  type AttestationWitness,
  type JudgedFile,
} from 'tuffet/attestations'
import { parseTrustedRoot } from 'tuffet/sigstore'
import { sha256 } from './samples.js'
import { signedSamples } from './signed-samples.js'
import type { Listed } from './world.js'

const { pins, provenance, trustedRoot } = signedSamples
const encoder = new TextEncoder()

/** By name and digest. */
const judged = new Map<string, JudgedFile>()

const judge = attestationJudge({
  trustedRoot: parseTrustedRoot(encoder.encode(trustedRoot)),
  pins: parsePublisherPins(pins),
  source({ filename }) {
    const found = provenance[filename]
    return Promise.resolve({ provenance: found === undefined ? found : encoder.encode(found) })
  },
  onJudged: ({ filename, sha256 }, finding) => judged.set(`${filename} ${sha256}`, finding),
})

/** The verdict on the attestation of a file, as a card of the picture. */
export async function attestationOf(file: Listed): Promise<AttestationWitness> {
  const { project, version, filename, bytes } = file
  const digest = await sha256(bytes)
  await judge({ project, version, filename, sha256: digest }, {})
  const finding = judged.get(`${filename} ${digest}`)
  if (!finding) throw new TypeError('the judge told no verdict')
  return attestationWitness(finding)
}
