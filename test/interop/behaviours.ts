/** Disagreements that many vectors show and that are one thing, in words. The first match counts. */

/** One way in which a client differs. */
export interface Behaviour {
  /** Without a version. */
  readonly peer: string
  /** A sentence. */
  readonly what: string
  /** By their ids. */
  readonly vectors: RegExp
}

const expiredRoot = /^root-(anchor-expired-alone|expired-then-good)$/
const otherHash = /^stored-snapshot-of-other-hash$/
const fastForward = /^forward-/
const keyTwice = /(one-key-two-keyids|^threshold-(two|three)-keyids|^tap12-two-names-one-key)/
const sameKey =
  /^(threshold-(upper-case|hex-and-pem|two-schemes|pem-white-space)|weakness-hex-and-pem)$/
const duplicates = /duplicate-|^texts-repeated-name$/
const unknownHash = /(hash(es)?-unknown|unknown-hash)-beside$/
const firstHash = /^target-second-prefix$/
const vanished = /^snapshot-gone-restarts$/
const clock = /^stored-clock-back$/
const longNames = /^path-patterns-.*4097$/
const weakHash = /^hashes-(md5|sha1|name-case)$/
const depth = /^search-depth-/
const saltLength = /^rsa-salt-/
const hiddenText = /^(canonical|json)-negative-zero$/

/** In the order of the page's sections. */
export const behaviours: readonly Behaviour[] = [
  ...named('python-tuf', [
    [
      'Types of fields are looked at where they are used, and not before.',
      /^(metadata-(?!roles-mirrors|keytype|scheme|role-terminating-missing|signatures-1025|version-too|meta-hash-)|threshold-true$)/,
    ],
    ['The role mirrors of a root is refused.', /^(metadata-roles-mirrors|root-mirrors)$/],
    ['RSA keys of fewer than 2,048 bits are accepted.', /^rsa-(1024|2047)$/],
    ['The numbers of a version may begin with zero.', /^spec-version-/],
    ['A stored snapshot is current by its version, whatever its hash.', otherHash],
    ['A key that has two keyids counts twice; keyids are not calculated.', keyTwice],
    [
      'Dates are read by `strptime`, which takes short and other digits.',
      /^dates-(short-month|other-digits)$/,
    ],
    [
      'Dates have no fractions and no offsets.',
      /^(dates-(fraction|offset|leap)|expires-(fraction|offset))/,
    ],
    ['An expired root is noticed when the timestamp is there.', expiredRoot],
    [
      'Keys that are rotated delete no stored files; those that other keys signed are passed over.',
      fastForward,
    ],
    ['One key in two spellings, or with two schemes, counts twice.', sameKey],
    ['Names that occur twice are taken; the last one counts.', duplicates],
    ['Zero may have a sign.', hiddenText],
    ['A hash function that is not known refuses the file, whatever the others say.', unknownHash],
    ['Any function of `hashlib` verifies.', weakHash],
    [
      'Keys of unknown types and schemes make the file that lists them malformed.',
      /^(metadata-(keytype|scheme)-unknown|keyids-(unknown-keytype|scheme)|threshold-unknown-)/,
    ],
    ['Points in hexadecimal are no keys.', /^(ecdsa-.*hex|keys-ecdsa-hex)/],
    [
      'White space within hexadecimal is passed over.',
      /^ed25519-(sig-(space|line-feed|wrapped)|key-space)$/,
    ],
    [
      'Ed25519 points of small order, and those that are not written in the one way, are taken.',
      /^(ed25519-(small-order|r-zero|all-zero|y-p|zero-negative|order-2)|threshold-small-order$)/,
    ],
    ['The salt of RSA-PSS has any length.', saltLength],
    ['Digests are not looked at before they are compared.', /^metadata-meta-hash-/],
    ['A file that vanished ends the cycle, which is not started again.', vanished],
    ['A target is asked for by the first of its hashes only.', firstHash],
    ['A clock that goes back is not noticed.', clock],
    ['Names and patterns may be of any length.', longNames],
    ['At most 33 roles are asked, and then the file is absent.', depth],
    ['A role must say whether it is terminating.', /terminating-(missing|left-out)$/],
    [
      'URLs of names are as urllib3 writes them: dots lead out of the folder, `?` and `#` begin another part.',
      /^names?-/,
    ],
  ]),
  ...named('tuf-js', [
    [
      'Bytes that are no UTF-8 are replaced, so that what is read is not what was signed.',
      /^json-(utf8-|latin-1$)/,
    ],
    [
      'Half a character in a text is replaced when it is encoded.',
      /^(json-(lone|reversed|high)|json-surrogate-in|canonical-lone)/,
    ],
    [
      'Integers are doubles.',
      /^(json-integer-|canonical-(no-exponent|beyond-double)|numbers-big$|metadata-version-too)/,
    ],
    [
      'What is a whole number in the end may have a fraction or an exponent.',
      /^(canonical-(whole-fraction|exponent)|json-(whole-fraction|exponent|tiny)|numbers-fraction$)/,
    ],
    ['Names are sorted by UTF-16 unit.', /^(canonical-code-points|texts-order$)/],
    ['Dates are whatever `Date` reads.', /^(dates-(?!leap)|expires-)/],
    ['A stored snapshot is current by its version, whatever its hash.', otherHash],
    ['Parts of a version are whatever `Number` reads.', /^spec-version-/],
    [
      'What is missing, empty, a list or no integer passes.',
      /^(metadata-(?!keyid-inherited|consistent|signatures-1025|meta-hash-|role-|succinct|delegations)|hashes-none$)/,
    ],
    [
      'A root must speak of consistent snapshots.',
      /^(metadata-consistent-missing|consistent-left-out)$/,
    ],
    [
      'Tables are objects with a prototype: inherited names are there, and numbers come first.',
      /^(metadata-keyid-inherited|hash-bins-by-number|threshold-inherited-keyids|name-role-proto)$/,
    ],
    [
      'An Ed25519 key may be any key in PEM, and its scheme anything.',
      /^(ed25519-(scheme-|key-pem)|ecdsa-keytype-ed25519$|weakness-(ecdsa-as-ed25519|type-and-scheme)$|threshold-unknown-scheme$)/,
    ],
    ['Keys that anybody can sign for are taken.', /^(ecdsa-(key|hex)-infinity|rsa-exponent-1)$/],
    ['RSA keys of fewer than 2,048 bits are accepted.', /^rsa-(1024|2047)$/],
    ['Hexadecimal ends where it stops being so.', /^ed25519-sig-line-feed$/],
    ['The root that is stored is the anchor of the next cycle.', /^stored-root-garbage$/],
    ['A key that has two keyids counts twice; keyids are not calculated.', keyTwice],
    [
      'Patterns are those of minimatch: UTF-16 units, braces, comments, negation, dot files.',
      /^(path-patterns-(?!cost|(pattern-)?length)|weakness-(braces|hidden)$)/,
    ],
    [
      'A pattern with many stars takes for ever.',
      /^(path-patterns-cost-stars|weakness-many-stars)$/,
    ],
    ['An expired root is noticed when the timestamp is there.', expiredRoot],
    [
      'Keys that are rotated delete no stored files; those that other keys signed are passed over.',
      fastForward,
    ],
    ['One key in two spellings, or with two schemes, counts twice.', sameKey],
    ['Names that occur twice are taken; the last one counts.', duplicates],
    ['Zero may have a sign.', hiddenText],
    ['A hash function that is not known refuses the file, whatever the others say.', unknownHash],
    ['BLAKE2b is known by the names of OpenSSL only.', /blake2b/],
    ['Any function of OpenSSL verifies.', weakHash],
    ['Digests are not looked at before they are compared.', /^metadata-meta-hash-/],
    [
      'Keys are whatever OpenSSL reads.',
      /^(ecdsa-(hex-hybrid|pem-|explicit)|rsa-(key-|pem-(twice|bytes)))/,
    ],
    ['There is no P-521.', /p521/],
    ['There is no PKCS #1, neither v1.5 signatures nor PEM.', /^rsa-(pkcs1|pem-pkcs1)/],
    ['The salt of RSA-PSS has any length.', saltLength],
    ['A file that vanished ends the cycle, which is not started again.', vanished],
    ['A target is asked for by the first of its hashes only.', firstHash],
    ['A clock that goes back is not noticed.', clock],
    ['Names and patterns may be of any length.', longNames],
    ['At most 33 roles are asked, and then the file is absent.', depth],
    ['A role must say whether it is terminating.', /terminating-(missing|left-out)$/],
    [
      'Delegations need not say how: by neither, or by both.',
      /^(metadata-(role-neither|delegations-no-roles|succinct-and)|hash-bins-succinct-and)/,
    ],
    [
      'URLs of names are as `URL` writes them: dots lead out of the folder, `?` and `#` begin another part.',
      /^(names-|name-(fragment|backslash)$)/,
    ],
  ]),
]

function named(
  peer: string,
  list: readonly (readonly [what: string, vectors: RegExp])[],
): readonly Behaviour[] {
  return list.map(([what, vectors]) => ({ peer, what, vectors }))
}
