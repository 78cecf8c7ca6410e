/** Cases of the checks that Sigstore makes: time, chain, usage, sct, inclusion, entry, signature. */
import { randomBytes } from 'node:crypto'
import { attest, provenance, type AttestFields } from '../support/sigstore/attest.js'
import { newKeys } from '../support/sigstore/certificates.js'
import { logOf, minute, signingTime, type TestSigstore } from '../support/sigstore/instance.js'
import type { AttestationJson, LogEntryJson, ProofJson } from '../support/sigstore/json.js'
import type { CaseList } from './cases.js'

export function addSignatureCases(cases: CaseList, sigstore: TestSigstore): void {
  const add = (name: string, check: Parameters<CaseList['add']>[1], fields: AttestFields): void => {
    cases.add(name, check, provenance([attest(sigstore, fields)]))
  }
  const changed = (change: (entry: LogEntryJson) => unknown): AttestFields => ({
    change: (attestation) => change(entryOf(attestation)),
  })
  const proof = (change: (proof: ProofJson) => unknown): AttestFields =>
    changed(({ inclusionProof }) => inclusionProof && change(inclusionProof))
  const stranger = logOf('rekor.test', newKeys())

  const unknown = randomBytes(32).toString('base64')
  add(
    'an entry of an unknown log',
    'time',
    changed((entry) => (entry.logId.keyId = unknown)),
  )
  add('a promise by another key', 'time', { entry: { promiseBy: stranger } })
  add(
    'a promise over another time',
    'time',
    changed((entry) => (entry.integratedTime = '1778673601')),
  )
  add(
    'a promise over another index',
    'time',
    changed((entry) => (entry.logIndex = '7')),
  )
  add(
    'a promise over no time',
    'time',
    changed((entry) => delete entry.integratedTime),
  )
  add('an entry without a promise', 'time', { entry: { omitPromise: true } })
  const late = signingTime / 1000 + 10 * 60
  add('an entry after the certificate expired', 'chain', { entry: { integratedTime: late } })
  add('an entry before the certificate is valid', 'chain', {
    entry: { integratedTime: signingTime / 1000 - 120 },
  })
  add('a certificate by an authority of the same name', 'chain', {
    leaf: { signer: newKeys().privateKey },
  })
  add('a certificate that names another issuer', 'chain', { leaf: { issuer: 'sigstore root' } })

  add('a certificate of a CA', 'usage', { leaf: { ca: true } })
  add('a certificate whose key is not for signatures', 'usage', { leaf: { keyUsage: 0x20 } })
  add('a certificate for servers', 'usage', { leaf: { purpose: '1.3.6.1.5.5.7.3.1' } })

  add('a certificate without a timestamp', 'sct', { leaf: { sct: { omit: true } } })
  add('a timestamp of the certificate by another key', 'sct', {
    leaf: { sct: { signer: newKeys().privateKey } },
  })
  add('a timestamp of the certificate by an unknown log', 'sct', {
    leaf: { sct: { logId: randomBytes(32) } },
  })
  add('a timestamp of the certificate before its log began', 'sct', {
    leaf: { sct: { time: signingTime - 400 * 24 * 60 * minute } },
  })

  add('an entry without a proof', 'inclusion', { entry: { omitProof: true } })
  add('a checkpoint by another key', 'inclusion', { entry: { checkpointBy: stranger } })
  add('a checkpoint by another key under the same key ID', 'inclusion', {
    entry: { checkpointBy: stranger, keyId: sigstore.rekor.id.subarray(0, 4) },
  })
  for (const firstLine of [
    'rekor.test.example',
    'log2026.rekor.test',
    'rekor.test - 12x',
    '(a+)+$',
  ]) {
    add(`a checkpoint of ${firstLine}`, 'inclusion', { entry: { firstLine } })
  }
  add('a checkpoint signed under another name', 'inclusion', { entry: { name: 'rekor.example' } })
  add('a checkpoint signed with another key ID', 'inclusion', {
    entry: { keyId: Buffer.from('none') },
  })
  add('a checkpoint of another size', 'inclusion', { entry: { size: 8 } })
  add('a checkpoint of another root', 'inclusion', { entry: { root: Buffer.alloc(32) } })
  add(
    'a proof with another hash',
    'inclusion',
    proof(({ hashes }) => (hashes[0] = unknown)),
  )
  add(
    'a proof with a hash too many',
    'inclusion',
    proof(({ hashes }) => hashes.push(unknown)),
  )
  add(
    'a proof with a hash too few',
    'inclusion',
    proof(({ hashes }) => hashes.pop()),
  )
  add(
    'a proof for another index',
    'inclusion',
    proof((one) => (one.logIndex = '3')),
  )
  add(
    'a proof for an index beyond the tree',
    'inclusion',
    proof((one) => (one.logIndex = '11')),
  )
  add(
    'a checkpoint without an empty line',
    'inclusion',
    proof(({ checkpoint }) => (checkpoint.envelope = checkpoint.envelope.replace('\n\n', '\n'))),
  )
  add(
    'a checkpoint with a malformed signature line',
    'inclusion',
    proof(({ checkpoint }) => (checkpoint.envelope += '\u2014 rekor.test\n')),
  )

  add('an entry about another payload', 'entry', {
    entry: { body: (body) => ((body.spec.payloadHash.value = 'cd'.repeat(32)), body) },
  })
  const other = attest(sigstore)
  const otherBody = JSON.parse(
    Buffer.from(entryOf(other).canonicalizedBody, 'base64').toString(),
  ) as { spec: { signatures: { signature: string; verifier: string }[] } }
  const [signed] = otherBody.spec.signatures
  add('an entry about another signature', 'entry', {
    entry: {
      body: (body) => {
        for (const one of body.spec.signatures) one.signature = signed?.signature ?? ''
        return body
      },
    },
  })
  add('an entry about another certificate', 'entry', {
    entry: {
      body: (body) => {
        for (const one of body.spec.signatures) one.verifier = signed?.verifier ?? ''
        return body
      },
    },
  })
  add('an entry with two signatures', 'entry', {
    entry: {
      body: (body) => (body.spec.signatures.push(...body.spec.signatures.slice()), body),
    },
  })
  add('an entry of another kind in its body', 'entry', {
    entry: { body: (body) => ({ ...body, kind: 'intoto' }) },
  })
  add('an entry of an unknown kind', 'entry', {
    ...changed((entry) => (entry.kindVersion = { kind: 'rpm', version: '0.0.1' })),
  })
  add('a body that is not JSON', 'entry', { entry: { body: () => 'no' } })

  add('a signature by another key', 'signature', { byAnotherKey: true })
  add('a signature without the payload type', 'signature', { withoutType: true })
  add('a statement of another length', 'entry', {
    change: ({ envelope }) => {
      const payload = Buffer.from(envelope.statement, 'base64')
      envelope.statement = Buffer.concat([payload, Buffer.from(' ')]).toString('base64')
    },
  })
}

function entryOf({ verification_material: material }: AttestationJson): LogEntryJson {
  const [entry] = material.transparency_entries
  if (entry === undefined) throw new TypeError('there is no entry')
  return entry
}
