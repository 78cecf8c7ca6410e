/** The kinds of findings about keys and thresholds. */
export const keyKinds = {
  'threshold-one': {
    severity: 'warning',
    about: 'One key alone can sign root or the top-level targets.',
    advice: 'Raise the threshold to at least two, with more keys than that.',
  },
  'threshold-one-delegated': {
    severity: 'notice',
    about: 'One key alone can sign a delegated role.',
    advice: 'Raise the threshold where the role is not signed by a machine.',
  },
  'threshold-out-of-reach': {
    severity: 'error',
    about: 'A role asks for more signatures than it has usable keys.',
    advice: 'Lower the threshold, or declare more keys.',
  },
  'threshold-not-judged': {
    severity: 'error',
    about:
      'This runtime lacks ML-DSA, so the audit cannot say whether enough keys may sign, or did.',
    advice:
      'Audit with Node 24.6 or newer, or install @noble/post-quantum@0.7.1 beside tuffet; a program takes tuffet/ml-dsa.',
  },
  'threshold-without-spare': {
    severity: 'notice',
    about:
      'Root needs a signature of every one of its keys: with one key lost there is no next root.',
    advice: 'Declare more keys than the threshold.',
  },
  'online-key-signs-root': {
    severity: 'error',
    about: 'A key that signs timestamp or snapshot signs root as well.',
    advice: 'Give root keys of its own, which are kept offline.',
  },
  'online-key-signs-targets': {
    severity: 'warning',
    about: 'A key that signs timestamp or snapshot signs the top-level targets as well.',
    advice: 'Give targets keys of its own, or accept that the server can list any file.',
  },
  'offline-key-shared': {
    severity: 'warning',
    about: 'One key serves root and another offline role.',
    advice: 'Give each offline role keys of its own: one stolen key then opens one role.',
  },
  'keyid-differs': {
    severity: 'warning',
    about: 'A keyid is not the SHA-256 of the canonical form of its key (4.2.1).',
    advice: 'Use the calculated keyid when the key is next replaced.',
    vectors: ['tap12-other-hash', 'tap12-word'],
  },
  'key-twice': {
    severity: 'warning',
    about: 'A role names one public key under two keyids; some clients count it twice.',
    advice: 'Keep one of the two keyids.',
    vectors: ['delegated-one-key-two-keyids', 'timestamp-one-key-two-keyids'],
  },
  'key-undeclared': {
    severity: 'warning',
    about: 'A role names a keyid that is missing in its table of keys.',
    advice: 'Declare the key, or take its keyid out of the role.',
  },
  'key-unused': {
    severity: 'notice',
    about: 'A table declares a key that no role uses.',
    advice: 'Take the key out of the table.',
    vectors: ['root-unused-key'],
  },
  'key-unusable': {
    severity: 'warning',
    about: 'A declared key is broken or too weak, and counts for nothing.',
    advice: 'Replace the key.',
  },
  'key-kind-unknown': {
    severity: 'warning',
    about:
      'A key is of a type or scheme that tuffet does not know; some clients refuse the whole file for it.',
    advice: 'Use ed25519, ecdsa-sha2-nistp256 or rsassa-pss-sha256 as long as such clients matter.',
  },
  'key-kind-disputed': {
    severity: 'warning',
    about: 'A key is of a kind that some clients lack.',
    advice: 'Use ed25519, ecdsa-sha2-nistp256 or rsassa-pss-sha256 as long as such clients matter.',
    onlyWithClients: true,
  },
} as const
