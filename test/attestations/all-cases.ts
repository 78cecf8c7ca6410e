/** Every case, made by one instance. */
import { TestSigstore } from '../support/sigstore/instance.js'
import { addBundleCases } from './bundle-cases.js'
import { CaseList, type AttestationCase } from './cases.js'
import { addObjectCases } from './object-cases.js'
import { addSignatureCases } from './signature-cases.js'

export function attestationCases(): readonly AttestationCase[] {
  const sigstore = new TestSigstore()
  const cases = new CaseList(sigstore.trustedRoot())
  addObjectCases(cases, sigstore)
  addSignatureCases(cases, sigstore)
  addBundleCases(cases, sigstore)
  return cases.all
}
