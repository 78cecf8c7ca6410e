/** Verifies the files of a plan with the built package, and prints the processor time in milliseconds. */
import { readFileSync } from 'node:fs'
import { verifyAttestation, verifyProvenance } from 'tuffet/attestations'
import { parseTrustedRoot } from 'tuffet/sigstore'

const { PLAN: plan = '', TRUSTED_ROOT: trustedRootFile = '' } = process.env
const trustedRoot = parseTrustedRoot(readFileSync(trustedRootFile))
/** @type {(text: string) => { kind: string, text: string, filename: string, sha256: string }[]} */
const parse = JSON.parse
const files = parse(readFileSync(plan, 'utf8'))
for (const { kind, text, ...file } of files) {
  const verify = kind === 'provenance' ? verifyProvenance : verifyAttestation
  verify(Buffer.from(text), file, { trustedRoot })
}
const { user, system } = process.cpuUsage()
console.log((user + system) / 1000)
