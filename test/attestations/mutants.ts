/**
 * Verifiers that are broken on purpose: this library with one check taken out of its source. Each must
 * give a wrong answer to some case. A `find` that is not there exactly once
 * says that the list is out of date.
 */

export interface AttestationMutant extends AttestationEdit {
  /** The mistake, after "a verifier that". */
  readonly name: string
  /** A second place that goes with it. */
  readonly also?: AttestationEdit
}

export interface AttestationEdit {
  /** Below `src/`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

const verify = 'sigstore/verify.ts'
const statement = 'attestations/statement.ts'
const publisher = 'attestations/publisher.ts'
const object = 'attestations/object.ts'
const entry = 'sigstore/log/entry.ts'
const checkpoint = 'sigstore/log/checkpoint.ts'
const inclusion = 'sigstore/log/inclusion.ts'
const timestamp = 'sigstore/x509/timestamp.ts'
const sct = 'sigstore/x509/sct.ts'
const chain = 'sigstore/x509/chain.ts'
const certificate = 'sigstore/x509/certificate.ts'
const bundle = 'sigstore/bundle.ts'

export const mutants: readonly AttestationMutant[] = [
  // object
  {
    name: 'takes objects of any version',
    file: object,
    find: 'if (value !== 1)',
    replace: 'if (false)',
  },
  {
    name: 'takes provenance without bundles, and verifies nothing',
    file: object,
    find: 'attestationBudget.bundles, bundleFrom, 1)',
    replace: 'attestationBudget.bundles, bundleFrom, 0)',
  },
  {
    name: 'takes a publisher without attestations',
    file: object,
    find: 'attestationBudget.attestations, attestationFrom, 1)',
    replace: 'attestationBudget.attestations, attestationFrom, 0)',
  },
  {
    name: 'takes certificates of any key',
    file: object,
    find: "if (kind !== 'P-256')",
    replace: 'if (false)',
  },
  {
    name: 'counts no entries',
    file: 'sigstore/log/read-entry.ts',
    find: '(value.length > most || value.length < least)',
    replace: '(value.length < least)',
  },
  {
    name: 'takes critical extensions that it does not understand',
    file: certificate,
    find: 'if (unknown) throw',
    replace: 'if (false) throw',
  },
  {
    name: 'takes trailing bytes after DER',
    file: 'sigstore/x509/asn1.ts',
    find: 'if (value === undefined || rest.length > 0)',
    replace: 'if (value === undefined)',
  },
  // time
  {
    name: 'takes any signature for a promise',
    file: 'sigstore/log/promise.ts',
    find: 'if (!holds(cryptography, log.key, message, promise))',
    replace: 'if (false)',
  },
  {
    name: 'takes the time of an entry without a promise',
    file: verify,
    find: 'const time = entry.promise && promisedTime(cryptography, entry, entry.promise, log)',
    replace: 'const time = (entry.integratedTime ?? 0) * 1000',
  },
  {
    name: 'does not look at the period of a log',
    file: verify,
    find: '!isWithin(time, log.validFor)',
    replace: 'false',
  },
  {
    name: 'takes a timestamp over anything',
    file: timestamp,
    find: 'if (!sameBytes(cryptography.hash(imprint.hash, signature), imprint.digest))',
    replace: 'if (false)',
  },
  {
    name: 'takes a timestamp whose signed digest is of another content',
    file: timestamp,
    find: 'if (!sameBytes(cryptography.hash(signer.hash, content), signer.messageDigest))',
    replace: 'if (false)',
  },
  {
    name: 'takes a timestamp by any key',
    file: timestamp,
    find: 'holds(cryptography, certificate.key, signer.signedBytes, signer.signature, signer.hash)',
    replace: 'true',
  },
  {
    name: 'takes a timestamp of an authority that is not trusted',
    file: timestamp,
    find: 'if (!vouched)',
    replace: 'if (false)',
  },
  {
    name: 'takes a timestamp that was not granted',
    file: timestamp,
    find: 'smallIntegerOf(code) > 1',
    replace: 'false',
  },
  // chain
  {
    name: 'does not look at the validity of the certificate',
    file: verify,
    find: 'times.some((time) => !isWithin(time, { start: leaf.notBefore, end: leaf.notAfter }))',
    replace: 'false',
    also: { file: chain, find: '[leaf, ...chain].every', replace: 'chain.every' },
  },
  {
    name: 'does not look at the period of an authority',
    file: chain,
    find: 'isWithin(time, validFor) &&\n    [leaf',
    replace: '[leaf',
  },
  {
    name: 'does not verify the signature of the issuer',
    file: certificate,
    find: 'holds(cryptography, issuer.key, certificate.tbs.bytes, certificate.signature, algorithm.hash)',
    replace: 'true',
  },
  {
    name: 'does not compare the name of the issuer',
    file: certificate,
    find: 'sameBytes(certificate.issuer, issuer.subject) &&',
    replace: '',
  },
  // usage
  {
    name: 'takes a certificate of a CA',
    file: verify,
    find: "if (leaf.ca) refuse('usage', 'the certificate is a CA')",
    replace: '',
  },
  {
    name: 'does not look at the key usage',
    file: verify,
    find: '((leaf.keyUsage ?? 0) & keyUsages.digitalSignature) === 0',
    replace: 'false',
  },
  {
    name: 'does not look at the extended key usage',
    file: verify,
    find: '!leaf.extendedKeyUsage.includes(purposes.codeSigning)',
    replace: 'false',
  },
  // sct
  {
    name: 'asks for no timestamp of the certificate',
    file: sct,
    find: 'if (known.length === 0)',
    replace: 'if (false)',
  },
  {
    name: 'takes a timestamp of the certificate by any key',
    file: sct,
    find: "holds(cryptography, key, message, sct.signature, 'sha256')",
    replace: 'true',
  },
  {
    name: 'does not look at the period of a certificate log',
    file: sct,
    find: 'isWithin(sct.time, validFor) &&',
    replace: '',
  },
  // inclusion
  {
    name: 'asks for no proof',
    file: verify,
    find: 'if (proofOptional && entry.promise !== undefined) return',
    replace: 'return',
  },
  {
    name: 'does not compare the index of an entry without a promise',
    file: verify,
    find: 'if (entry.promise === undefined && entry.logIndex !== proof.logIndex)',
    replace: 'if (false)',
  },
  {
    name: 'does not follow the proof',
    file: inclusion,
    find: 'if (root === undefined || !sameBytes(root, rootHash))',
    replace: 'if (false)',
  },
  {
    name: 'does not compare proof and checkpoint',
    file: inclusion,
    find: 'if (treeSize !== proof.treeSize || !sameBytes(rootHash, proof.rootHash))',
    replace: 'if (false)',
  },
  {
    name: 'takes a checkpoint that begins with any line',
    file: checkpoint,
    find: 'if (!isOriginOf(origin, log))',
    replace: 'if (false)',
  },
  {
    name: 'takes any number of a tree',
    file: checkpoint,
    find: '/^\\d{1,20}$/.test(line.slice(origin.length + 3))',
    replace: 'true',
  },
  {
    name: 'compares only the beginning of the name of a log',
    file: checkpoint,
    find: 'if (line === origin) return true',
    replace: 'if (line.startsWith(origin)) return true',
  },
  {
    name: 'takes a checkpoint by any key',
    file: checkpoint,
    find: 'if (!holds(cryptography, log.key, text, bytes.subarray(4)))',
    replace: 'if (false)',
  },
  {
    name: 'takes a checkpoint without a signature of its log',
    file: checkpoint,
    find: 'if (!found)',
    replace: 'if (false)',
  },
  {
    name: 'skips malformed lines of signatures',
    file: checkpoint,
    find: "refuse('inclusion', 'a signature line of the checkpoint is malformed')",
    replace: 'continue',
  },
  // entry
  {
    name: 'does not compare the payload of an entry',
    file: entry,
    find: 'if (!sameBytes(digestOf(cryptography, material, recorded), recorded.digest))',
    replace: 'if (false)',
  },
  {
    name: 'does not compare the signature of an entry',
    file: entry,
    find: 'if (!sameBytes(material.signature, recorded.signature))',
    replace: 'if (false)',
  },
  {
    name: 'does not compare the certificate of an entry',
    file: entry,
    find: 'if (label !== recorded.signer.label || !sameBytes(der, recorded.signer.der))',
    replace: 'if (false)',
  },
  {
    name: 'does not compare kind and version with the body',
    file: entry,
    find: 'if (required(body, name, stringFrom) !== expected)',
    replace: 'if (false)',
  },
  {
    name: 'takes the first of several signatures of an entry',
    file: entry,
    find: 'if (one === undefined || rest.length > 0)',
    replace: 'if (one === undefined)',
  },
  // signature
  {
    name: 'does not verify the signature',
    file: verify,
    find: "if (!good) refuse('signature'",
    replace: "if (false) refuse('signature'",
  },
  {
    name: 'verifies the payload without its type',
    file: verify,
    find: 'holds(cryptography, key, preAuthEncoding(content), signature)',
    replace:
      '(holds(cryptography, key, preAuthEncoding(content), signature) || holds(cryptography, key, content.payload, signature))',
  },
  {
    name: 'takes an envelope with several signatures',
    file: 'sigstore/read-bundle.ts',
    find: 'if (one === undefined || others.length > 0)',
    replace: 'if (one === undefined)',
  },
  // statement
  {
    name: 'takes statements of any type',
    file: statement,
    find: "if (required(statement, '_type', stringFrom) !== 'https://in-toto.io/Statement/v1')",
    replace: 'if (false)',
  },
  {
    name: 'takes the first of several subjects',
    file: statement,
    find: 'boundedArray(list, 1, subjectFrom, 1)',
    replace: 'boundedArray(list, 9, subjectFrom, 1)',
  },
  {
    name: 'does not compare the name of the file',
    file: statement,
    find: 'if (!areSameFile(subject.filename, file.filename))',
    replace: 'if (false)',
  },
  {
    name: 'compares names as texts',
    file: statement,
    find: 'return key !== undefined && key === filenameKey(other)',
    replace: 'return one === other',
  },
  {
    name: 'does not compare the digest of the file',
    file: statement,
    find: 'if (subject.sha256 !== file.sha256.toLowerCase())',
    replace: 'if (false)',
  },
  {
    name: 'takes predicates of any type',
    file: statement,
    find: 'else if (predicateType !== predicateTypes.slsa)',
    replace: 'else if (false)',
  },
  {
    name: 'takes a publish predicate that says something',
    file: statement,
    find: "maybe(statement, 'predicate', emptyFrom)",
    replace: 'void 0',
  },
  {
    name: 'counts the same statement twice',
    file: 'attestations/verify.ts',
    find: 'if (seen.has(key))',
    replace: 'if (false)',
  },
  // publisher, identity
  {
    name: 'believes the publisher that the index names',
    file: 'attestations/verify.ts',
    find: 'if (publisher) checkPublisher(publisher, identity)',
    replace: '',
  },
  {
    name: 'does not compare the issuer of the identity',
    file: publisher,
    find: 'if (claims.issuer !== issuer)',
    replace: 'if (false)',
  },
  {
    name: 'does not compare the repository',
    file: publisher,
    find: 'if (sourceRepositoryUri === undefined || fold(sourceRepositoryUri) !== fold(expected))',
    replace: 'if (false)',
  },
  {
    name: 'does not compare the repository of the workflow',
    file: publisher,
    find: 'fold(buildConfigUri.slice(0, expected.length)) === fold(expected) &&',
    replace: '',
  },
  {
    name: 'does not compare the workflow',
    file: publisher,
    find: 'suffix !== undefined && buildConfigUri.slice(expected.length) === workflow + suffix',
    replace: 'suffix !== undefined',
  },
  {
    name: 'does not compare the account of Google',
    file: publisher,
    find: 'return email === publisher.email ?',
    replace: 'return true ?',
  },
  {
    name: 'does not compare the pipeline of CircleCI',
    file: publisher,
    find: 'if (claims.buildSignerUri !== uri)',
    replace: 'if (false)',
  },
  {
    name: 'does not compare the origin of CircleCI',
    file: publisher,
    find: 'vcs_origin !== undefined && claims.sourceRepositoryUri !== vcs_origin',
    replace: 'false',
  },
  {
    name: 'does not compare the reference of CircleCI',
    file: publisher,
    find: 'vcs_ref !== undefined && claims.sourceRepositoryRef !== vcs_ref',
    replace: 'false',
  },
  {
    name: 'does not look for the artifact among the subjects of a bundle',
    file: bundle,
    find: 'if (!digests.includes(encodeHex(sha256)))',
    replace: 'if (false)',
  },
]
