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
      'Types of fields are checked only where they are used.',
      /^(metadata-(?!roles-mirrors|keytype|scheme|role-terminating-missing|signatures-1025|version-too|meta-hash-)|threshold-true$)/,
    ],
    ['The role mirrors of a root is refused.', /^(metadata-roles-mirrors|root-mirrors)$/],
    ['RSA keys of fewer than 2,048 bits are accepted.', /^rsa-(1024|2047)$/],
    ['The numbers of a version may begin with zero.', /^spec-version-/],
    ['A stored snapshot is current by its version, whatever its hash.', otherHash],
    ['A key with two keyids counts twice; keyids are not calculated.', keyTwice],
    [
      'Dates are read by `strptime`, which takes short and other digits.',
      /^dates-(short-month|other-digits)$/,
    ],
    [
      'Dates with fractions or offsets are refused.',
      /^(dates-(fraction|offset|leap)|expires-(fraction|offset))/,
    ],
    ['An expired root is noticed only after the timestamp is fetched.', expiredRoot],
    ['Rotated keys delete no stored files; files that other keys signed are ignored.', fastForward],
    ['One key in two spellings, or with two schemes, counts twice.', sameKey],
    ['Names that occur twice are accepted; the last one counts.', duplicates],
    ['Zero may have a sign.', hiddenText],
    ['An unknown hash function refuses the file, whatever the other hashes.', unknownHash],
    ['Any function of `hashlib` verifies.', weakHash],
    [
      'Keys of unknown types and schemes make the file that lists them malformed.',
      /^(metadata-(keytype|scheme)-unknown|keyids-(unknown-keytype|scheme)|threshold-unknown-)/,
    ],
    ['Points in hexadecimal are not accepted as keys.', /^(ecdsa-.*hex|keys-ecdsa-hex)/],
    [
      'White space within hexadecimal is ignored.',
      /^ed25519-(sig-(space|line-feed|wrapped)|key-space)$/,
    ],
    [
      'Ed25519 points of small order, and those in a non-canonical form, are accepted.',
      /^(ed25519-(small-order|r-zero|all-zero|y-p|zero-negative|order-2)|threshold-small-order$)/,
    ],
    ['The salt of RSA-PSS may be of any length.', saltLength],
    ['The form of digests is not checked before they are compared.', /^metadata-meta-hash-/],
    ['A file that vanished ends the cycle, without a new start.', vanished],
    ['A target is requested by the first of its hashes only.', firstHash],
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
      'Bytes that are not UTF-8 are replaced, so that the text differs from the signed bytes.',
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
      'A whole number may be written with a fraction or an exponent.',
      /^(canonical-(whole-fraction|exponent)|json-(whole-fraction|exponent|tiny)|numbers-fraction$)/,
    ],
    ['Names are sorted by UTF-16 unit.', /^(canonical-code-points|texts-order$)/],
    ['Dates are whatever `Date` reads.', /^(dates-(?!leap)|expires-)/],
    ['A stored snapshot is current by its version, whatever its hash.', otherHash],
    ['Parts of a version are whatever `Number` reads.', /^spec-version-/],
    [
      'Fields that are missing, empty, a list or not an integer pass.',
      /^(metadata-(?!keyid-inherited|consistent|signatures-1025|meta-hash-|role-|succinct|delegations)|hashes-none$)/,
    ],
    [
      'A root must contain consistent_snapshot.',
      /^(metadata-consistent-missing|consistent-left-out)$/,
    ],
    [
      'Tables are objects with a prototype: inherited names exist, and numbers come first.',
      /^(metadata-keyid-inherited|hash-bins-by-number|threshold-inherited-keyids|name-role-proto)$/,
    ],
    [
      'An Ed25519 key may be any key in PEM, and its scheme anything.',
      /^(ed25519-(scheme-|key-pem)|ecdsa-keytype-ed25519$|weakness-(ecdsa-as-ed25519|type-and-scheme)$|threshold-unknown-scheme$)/,
    ],
    ['Keys that anybody can sign for are accepted.', /^(ecdsa-(key|hex)-infinity|rsa-exponent-1)$/],
    ['RSA keys of fewer than 2,048 bits are accepted.', /^rsa-(1024|2047)$/],
    ['Hexadecimal ends at the first other character.', /^ed25519-sig-line-feed$/],
    ['The stored root is the anchor of the next cycle.', /^stored-root-garbage$/],
    ['A key with two keyids counts twice; keyids are not calculated.', keyTwice],
    [
      'Patterns are those of minimatch: UTF-16 units, braces, comments, negation, dot files.',
      /^(path-patterns-(?!cost|(pattern-)?length)|weakness-(braces|hidden)$)/,
    ],
    [
      'A pattern with many stars does not end in time.',
      /^(path-patterns-cost-stars|weakness-many-stars)$/,
    ],
    ['An expired root is noticed only after the timestamp is fetched.', expiredRoot],
    ['Rotated keys delete no stored files; files that other keys signed are ignored.', fastForward],
    ['One key in two spellings, or with two schemes, counts twice.', sameKey],
    ['Names that occur twice are accepted; the last one counts.', duplicates],
    ['Zero may have a sign.', hiddenText],
    ['An unknown hash function refuses the file, whatever the other hashes.', unknownHash],
    ['BLAKE2b is known by the names of OpenSSL only.', /blake2b/],
    ['Any function of OpenSSL verifies.', weakHash],
    ['The form of digests is not checked before they are compared.', /^metadata-meta-hash-/],
    [
      'Keys are whatever OpenSSL reads.',
      /^(ecdsa-(hex-hybrid|pem-|explicit)|rsa-(key-|pem-(twice|bytes)))/,
    ],
    ['P-521 is not supported.', /p521/],
    ['PKCS #1 is not supported, neither v1.5 signatures nor PEM.', /^rsa-(pkcs1|pem-pkcs1)/],
    ['The salt of RSA-PSS may be of any length.', saltLength],
    ['A file that vanished ends the cycle, without a new start.', vanished],
    ['A target is requested by the first of its hashes only.', firstHash],
    ['A clock that goes back is not noticed.', clock],
    ['Names and patterns may be of any length.', longNames],
    ['At most 33 roles are asked, and then the file is absent.', depth],
    ['A role must say whether it is terminating.', /terminating-(missing|left-out)$/],
    [
      'Delegations may use neither form, or both.',
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
