/** The identity in a certificate: its names, and each claim of the build under its own number. */
import { expect, test } from '@jest/globals'
import { AttestationError } from '../../../src/errors.js'
import { readCertificate } from '../../../src/sigstore/x509/certificate.js'
import { identityOf } from '../../../src/sigstore/x509/identity.js'
import * as der from '../../support/sigstore/der.js'
import { minute, signingTime, TestSigstore } from '../../support/sigstore/instance.js'

const sigstore = new TestSigstore()

test('each claim is read under the number that Fulcio gave it', () => {
  const claims = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [at + 5, `text ${at + 5}`]),
  )
  const read = identityOf(readCertificate(sigstore.leaf({ claims, name: 'a@example.org' }).der))
  expect(read).toEqual({
    names: [{ type: 'email', value: 'a@example.org' }],
    claims: {
      issuer: 'text 8',
      buildSignerUri: 'text 9',
      buildSignerDigest: 'text 10',
      runnerEnvironment: 'text 11',
      sourceRepositoryUri: 'text 12',
      sourceRepositoryDigest: 'text 13',
      sourceRepositoryRef: 'text 14',
      sourceRepositoryIdentifier: 'text 15',
      sourceRepositoryOwnerUri: 'text 16',
      sourceRepositoryOwnerIdentifier: 'text 17',
      buildConfigUri: 'text 18',
      buildConfigDigest: 'text 19',
      buildTrigger: 'text 20',
      runInvocationUri: 'text 21',
      sourceRepositoryVisibility: 'text 22',
    },
    notBefore: signingTime - minute,
    notAfter: signingTime + 9 * minute,
    serial: '1267',
  })
})

test('a claim that is missing is left out, and one that cannot be read is refused', () => {
  const { der: none } = sigstore.leaf({ claims: {} })
  expect(identityOf(readCertificate(none)).claims).toStrictEqual({})
  const odd = { oid: '1.3.6.1.4.1.57264.1.20', value: der.octets(Buffer.from('push')) }
  const { der: bytes } = sigstore.leaf({ claims: {}, moreExtensions: [odd] })
  expect(() => identityOf(readCertificate(bytes))).toThrow(AttestationError)
  expect(() => identityOf(readCertificate(bytes))).toThrow(
    'the certificate: expected DER tag 0xc, found tag 0x4',
  )
})
