/** Names that clients, servers and disks treat in different ways. */
import { targetUrlPath } from '../../core/names.js'
import { isTufError } from '../../errors.js'
import type { Audit } from '../context.js'
import { quoted } from '../findings.js'

interface Trait {
  readonly matches: RegExp
  /** Ends "it contains …". */
  readonly words: string
  readonly vectors: readonly string[]
}

/** Of target paths. */
const traits: readonly Trait[] = [
  { matches: / /, words: 'a space', vectors: ['name-space', 'name-trailing-space'] },
  {
    matches: /[^\0-\x7f]/u,
    words: 'characters beyond ASCII',
    vectors: ['name-unicode', 'name-normalisation'],
  },
  { matches: /\?/, words: 'a question mark', vectors: ['name-query'] },
  { matches: /#/, words: 'a number sign', vectors: ['name-fragment'] },
  { matches: /%/, words: 'a percent sign', vectors: ['name-percent', 'name-parent-encoded'] },
  { matches: /\\/, words: 'a backslash', vectors: ['name-backslash'] },
  {
    matches: /[[\]{}"<>|^`]/,
    words: 'brackets, quotation marks or the like',
    vectors: ['name-brackets'],
  },
  { matches: /\p{Cc}/u, words: 'control characters', vectors: [] },
  { matches: /[:*]/, words: 'characters that Windows does not allow in names', vectors: [] },
  {
    matches: /[. ](?:\/|$)/,
    words: 'a dot or a space at the end of a segment, which Windows drops',
    vectors: [],
  },
  { matches: /^\/|\/\/|\/$/, words: 'an empty segment', vectors: [] },
  { matches: /^$/, words: 'no character at all', vectors: [] },
  {
    matches: /(?:^|\/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.[^/]*)?(?:\/|$)/i,
    words: 'a name that is a device of Windows',
    vectors: [],
  },
]

/** A path of a target. */
export function checkTargetName(audit: Audit, role: string, path: string): void {
  if (plainPath.test(path)) return
  try {
    targetUrlPath(path)
  } catch (error) {
    if (!isTufError(error)) throw error
    audit.findings.add({
      code: 'target-name-unsafe',
      role,
      subject: path,
      message: `${error.message}.`,
    })
    return
  }
  const found = traits.filter(({ matches }) => matches.test(path))
  if (found.length === 0) return
  audit.findings.add({
    code: 'target-name-disputed',
    role,
    subject: path,
    message: `${quoted(path)} contains ${found.map(({ words }) => words).join(', ')}.`,
    vectors: found.flatMap(({ vectors }) => vectors),
  })
}

/** Nearly every path, decided at once: segments that begin with a letter or digit, and end in one. */
const plainPath =
  /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$))[\w-](?:[\w.~+!=@,-]*[\w~+!=@,-])?$/i

/** Of names of roles, by the vectors about them. */
const roleTraits: readonly Trait[] = [
  {
    matches: /\//,
    words: 'a slash',
    vectors: ['name-role-slash', 'name-role-parent', 'name-role-absolute'],
  },
  { matches: /\\/, words: 'a backslash', vectors: ['name-role-backslash'] },
  { matches: /^\.+$/, words: 'dots alone', vectors: ['name-role-dots'] },
  {
    matches: /[?#&=:;+ ]/,
    words: 'marks that mean something in a URL',
    vectors: ['name-role-url-marks'],
  },
  { matches: /%/, words: 'a percent sign', vectors: ['name-role-encoded'] },
  { matches: /[^\0-\x7f]/u, words: 'characters beyond ASCII', vectors: ['name-role-unicode'] },
  {
    matches: /^(?:__proto__|constructor)$/,
    words: 'a name that objects inherit',
    vectors: ['name-role-proto'],
  },
  {
    matches: /^\d+\./,
    words: 'a number and a dot at its beginning',
    vectors: ['name-role-version'],
  },
  { matches: /^$/, words: 'no character at all', vectors: [] },
]

/** The name of a delegated role. */
export function checkRoleName(audit: Audit, delegator: string, name: string): void {
  if (/^[A-Za-z_-][\w-]*$/.test(name) && name !== '__proto__' && name !== 'constructor') return
  const found = roleTraits.filter(({ matches }) => matches.test(name))
  if (found.length === 0) return
  audit.findings.add({
    code: 'role-name-disputed',
    role: delegator,
    subject: name,
    message: `The name ${quoted(name)} contains ${found.map(({ words }) => words).join(', ')}.`,
    vectors: found.flatMap(({ vectors }) => vectors),
  })
}

/** The name as a disk may see it that ignores case and the form of letters. */
export function folded(name: string): string {
  // The time of a normalisation grows with the square of the length; hardly a disk takes longer names.
  if (name.length > longestFolded || asciiLower.test(name)) return name
  return name.normalize('NFC').toLowerCase()
}

const longestFolded = 1_024

const asciiLower = /^[\0-@[-\x7f]*$/
