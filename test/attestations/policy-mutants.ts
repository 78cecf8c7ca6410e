/**
 * Policies that are broken on purpose: this library with one check of policy, pins, first use, judge, source or
 * agreement taken out of its source. Each must give a wrong answer to some question.
 */
import type { AttestationMutant } from './mutants.js'

const policy = 'attestations/policy.ts'
const pins = 'attestations/pins.ts'
const firstUse = 'attestations/first-use.ts'
const judge = 'attestations/judge.ts'
const source = 'attestations/source.ts'
const agreement = 'pypi/verdict/attestation.ts'

export const policyMutants: readonly AttestationMutant[] = [
  {
    name: 'takes the first attestation for that of a pinned publisher',
    file: policy,
    find: "if (difference === undefined) return { verdict: 'match', pinned, pin, attestation }",
    replace: "return { verdict: 'match', pinned, pin, attestation }",
  },
  {
    name: 'forgets the pins',
    file: policy,
    find: 'const pinned = pins.length > 0\n  if (provenance',
    replace: 'const pinned = false\n  if (provenance',
  },
  {
    name: 'calls an unknown kind signed',
    file: policy,
    find: "if (publishers.length > 0) return { verdict: 'signed'",
    replace: "if (publishers.length >= 0) return { verdict: 'signed'",
  },
  {
    name: 'takes a refused attestation for none',
    file: policy,
    find: "return { verdict: 'mismatch', pinned: pins.length > 0, reason, publishers: [], error }",
    replace: "return { verdict: 'no-attestation', pinned: pins.length > 0 }",
  },
  {
    name: 'accepts a mismatch',
    file: policy,
    find: "if (verdict === 'mismatch' || pinned) return false",
    replace: 'if (pinned) return false',
  },
  {
    name: 'accepts a file of a pinned project without its publisher',
    file: policy,
    find: "if (verdict === 'mismatch' || pinned) return false",
    replace: "if (verdict === 'mismatch') return false",
  },
  {
    name: 'accepts a file without attestation where all need one',
    file: policy,
    find: "return verdict === 'signed' || requirement === 'pinned'",
    replace: 'return true',
  },
  {
    name: 'refuses in a report',
    file: policy,
    find: "if (requirement === 'report' || verdict === 'match') return true",
    replace: "if (verdict === 'match') return true",
  },
  {
    name: 'says mismatch for identities that cannot be judged',
    file: policy,
    find: 'if (unknown.length > 0) return',
    replace: 'if (false) return',
  },
  {
    name: 'does not compare the publisher of a pin',
    file: pins,
    find: 'if (difference !== undefined) return difference\n  const other',
    replace: 'const other',
  },
  {
    name: 'does not compare the numbers of a pin',
    file: pins,
    find: 'if (other !== undefined) return `the ${other} of',
    replace: 'if (false) return `the ${other} of',
  },
  {
    name: 'does not compare the environment',
    file: pins,
    find: 'if (environment === undefined || environment === environmentOf(claim.publisher)) return undefined',
    replace: 'return undefined',
  },
  {
    name: 'takes pins of an unknown kind',
    file: pins,
    find: 'if (publisher === undefined && !lenient) {',
    replace: 'if (false) {',
  },
  {
    name: 'takes pins with an unknown field',
    file: pins,
    find: 'if (unknown === undefined) return { kind, publisher, claims: claimsFrom(object) }',
    replace: 'return { kind, publisher, claims: claimsFrom(object) }',
  },
  {
    name: 'takes a project without publishers for one without a pin',
    file: pins,
    find: 'if (list.length === 0) throw',
    replace: 'if (false) throw',
  },
  {
    name: 'takes the later of two lists for a project',
    file: pins,
    find: 'if (pins.has(project)) throw',
    replace: 'if (false) throw',
  },
  {
    name: 'takes any name for a project',
    file: pins,
    find: "if (project === undefined) throw new FieldRefusal('is not the name of a project', name)\n",
    replace: 'if (project === undefined) continue\n',
  },
  {
    name: 'keeps the spelling of a project',
    file: pins,
    find: 'const project = tryNormalizeName(name)',
    replace: 'const project = tryNormalizeName(name) && name',
  },
  {
    name: 'pins no numbers',
    file: pins,
    find: 'if (value !== undefined) claims[name] = value\n  }\n  return { kind: publisher',
    replace: 'if (false) claims[name] = value\n  }\n  return { kind: publisher',
  },
  {
    name: 'pins the environment, which is in no certificate',
    file: pins,
    find: 'publisher: lastingPublisher(publisher), claims }',
    replace: 'publisher, claims }',
  },
  {
    name: 'remembers nobody at all',
    file: firstUse,
    find: 'return new Map(first).set(project, { publishers: now, since: version })',
    replace: 'return first',
  },
  {
    name: 'compares with nobody',
    file: firstUse,
    find: 'if (seen === undefined) {',
    replace: 'if (true) {',
  },
  {
    name: 'lets old releases change the publisher',
    file: firstUse,
    find: "if (verdict.verdict === 'no-attestation' && isEarlier) return first",
    replace: 'if (isEarlier) return first',
  },
  {
    name: 'lets an attestation disappear',
    file: firstUse,
    find: "if (verdict.verdict === 'no-attestation' && isEarlier) return first",
    replace: "if (verdict.verdict === 'no-attestation') return first",
  },
  {
    name: 'does not move the beginning to an earlier release',
    file: firstUse,
    find: 'return isEarlier ? new Map(first).set(project, { ...seen, since: version }) : first',
    replace: 'return first',
  },
  {
    name: 'takes another repository of the same name for the first one',
    file: firstUse,
    find: 'return !differ && identity(one)',
    replace: 'return identity(one)',
  },
  {
    name: 'takes every publisher for the first one',
    file: firstUse,
    find: 'return !differ && identity(one) === identity(other)',
    replace: 'return !differ',
  },
  {
    name: 'compares the letters of a repository on GitHub',
    file: firstUse,
    find: 'repository: publisher.repository.toLowerCase()',
    replace: 'repository: publisher.repository',
  },
  {
    name: 'takes an entry that cannot be read for an empty one',
    file: firstUse,
    find: "throw new StoreFailedError('get', firstUseEntry, { cause: error })",
    replace: 'return new Map()',
  },
  {
    name: 'does not compare again when it remembers',
    file: firstUse,
    find: 'const next = checkFirstUse(first, file, verdict)\n    return next',
    replace:
      "const next = new Map(first).set(file.project, { publishers: [], since: '0' })\n    return next",
  },
  {
    name: 'remembers what it judged, whatever the bytes are',
    file: judge,
    find: 'if (store) await compareWithStore(store, file, verdict)',
    replace: 'if (store) await rememberInStore(store, file, verdict)',
  },
  {
    name: 'does not compare with the first use',
    file: judge,
    find: 'if (store) await compareWithStore(store, file, verdict)',
    replace: '',
  },
  {
    name: 'remembers nobody when bytes agreed',
    file: judge,
    find: 'if (store && remember) await rememberInStore(store, file, verdict)',
    replace: '',
  },
  {
    name: 'remembers in a report',
    file: judge,
    find: 'if (store && remember) await rememberInStore(store, file, verdict)',
    replace: 'if (store) await rememberInStore(store, file, verdict)',
  },
  {
    name: 'verifies a file without its SHA-256',
    file: judge,
    find: 'if (sha256 === undefined) {\n      return { verdict: unjudged,',
    replace:
      'if (sha256 === undefined) {\n      return { verdict: judgeProvenance(undefined, own),',
  },
  {
    name: 'takes one that cannot be used for none',
    file: judge,
    find: 'if (answer.unusable !== undefined) return { verdict: unjudged, why: answer.unusable }',
    replace: '',
  },
  {
    name: 'forgets the pin when it cannot judge',
    file: judge,
    find: 'pinned: own.length > 0, kinds: [] } as const',
    replace: 'pinned: false, kinds: [] } as const',
  },
  {
    name: 'prefers identities to pins',
    file: judge,
    find: 'const own = pins.get(file.project) ?? identities',
    replace: 'const own = identities.length > 0 ? identities : (pins.get(file.project) ?? [])',
  },
  {
    name: 'ignores identities',
    file: judge,
    find: 'const own = pins.get(file.project) ?? identities',
    replace: 'const own = pins.get(file.project) ?? []',
  },
  {
    name: 'answers other identities from memory',
    file: judge,
    find: 'unreadableLink, page, own])',
    replace: 'unreadableLink, page])',
  },
  {
    name: 'answers another digest from memory',
    file: judge,
    find: 'JSON.stringify([project, filename, sha256, provenance,',
    replace: 'JSON.stringify([project, filename, provenance,',
  },
  {
    name: 'follows links anywhere',
    file: source,
    find: 'if (origins.includes(origin)) return undefined',
    replace: 'return undefined',
  },
  {
    name: 'follows links with a password',
    file: source,
    find: "if (username !== '' || password !== '') return",
    replace: 'if (false) return',
  },
  {
    name: 'lets redirects lead anywhere',
    file: source,
    find: 'redirectOrigins: origins,',
    replace: '',
  },
  {
    name: 'takes a link to nothing for none',
    file: source,
    find: "return provenance ? { provenance } : unusable('its page links to one that is not there')",
    replace: 'return { provenance }',
  },
  {
    name: 'takes a link that cannot be read for none',
    file: source,
    find: 'if (unreadableLink !== undefined)',
    replace: 'if (false)',
  },
  {
    name: 'takes "forbidden" for none',
    file: source,
    find: "if (missing && !('status' in error && error.status === 403)) return undefined",
    replace: 'if (missing) return undefined',
  },
  {
    name: 'reads provenance without end',
    file: source,
    find: 'maxLength: attestationBudget.provenanceLength,',
    replace: 'maxLength: Infinity,',
  },
  {
    name: 'calls every agreement a match',
    file: agreement,
    find: 'if (unsigned === true) {',
    replace: 'if (false) {',
  },
  {
    name: 'remembers the publisher of bytes that no SHA-256 names',
    file: agreement,
    find: "if (isOfBytes || hashes.has('sha256')) return",
    replace: 'return',
  },
  {
    name: 'takes an attestation for one of bytes with another hash',
    file: agreement,
    find: "if (verdict !== 'match' && verdict !== 'signed') return",
    replace: 'return',
  },
  {
    name: 'does not see that a hash was computed from verified bytes',
    file: agreement,
    find: 'if (isOfBytes || ',
    replace: 'if (',
  },
  {
    name: 'does not remember when bytes agreed',
    file: agreement,
    find: 'await vouched.attestation?.keep?.()',
    replace: '',
  },
  {
    name: 'does not see that the publisher changed meanwhile',
    file: agreement,
    find: "return { verdict: 'mismatch', reason: error.message }",
    replace: '',
  },
]
