/** Tables of keys, and the keys of roles. */
import { Turns } from '../../client/turns.js'
import { encodeHex } from '../../core/bytes.js'
import { isJsonObject, member, type JsonObject } from '../../core/json/value.js'
import { loadKey } from '../../core/keys/load.js'
import { mlDsaKeys } from '../../core/keys/ml-dsa.js'
import type { Key, Root, TopLevelRole } from '../../core/metadata/model.js'
import { rootAuthority } from '../../core/trust/root.js'
import type { Authority } from '../../core/trust/verify.js'
import { count } from '../../words/amounts.js'
import { shortKeyid } from '../../words/signatures.js'
import { keep, rest } from '../budget.js'
import type { Audit } from '../context.js'
import { isOnline } from './expiry.js'
import { quoted } from '../findings.js'

/** The schemes that not every client has, by the vectors that ask for them. */
const rareSchemes: Readonly<Record<string, readonly string[]>> = {
  'ecdsa-sha2-nistp384': ['keys-ecdsa-p384'],
  'ecdsa-sha2-nistp521': ['keys-ecdsa-p521'],
  'rsassa-pss-sha384': ['keys-rsa-sha512'],
  'rsassa-pss-sha512': ['keys-rsa-sha512'],
  'ml-dsa-44/1': ['tap21-root-44', 'tap21-timestamp-44'],
  'ml-dsa-65/1': ['tap21-root-65', 'tap21-timestamp-65'],
  'ml-dsa-87/1': ['tap21-root-87', 'tap21-timestamp-87'],
}

/** Bytes of a key that a platform imported, roughly; in OpenSSL most of them. */
const keyWeight = 4_000

/**
 * @param raw the table as the file has it: fields that the specification does not name are part of a
 *   keyid
 * @param used the keyids that roles name
 * @throws LimitReached
 */
export async function checkKeyTable(
  audit: Audit,
  role: string,
  keys: ReadonlyMap<string, Key>,
  raw: JsonObject | undefined,
  used: ReadonlySet<string>,
): Promise<void> {
  const misnamed: string[] = []
  const unused: string[] = []
  const turns = new Turns()
  for (const [keyid, key] of keys) {
    if (turns.isOver) await rest(audit, turns)
    const declared = raw && member(raw, keyid)
    if (declared !== undefined && keyidOf(audit, declared) !== keyid) misnamed.push(keyid)
    if (used.has(keyid)) {
      keep(audit, keyWeight)
      checkKind(audit, role, `Key ${shown(keyid)}`, key)
    } else unused.push(keyid)
  }
  noteKeys(audit, 'keyid-differs', role, misnamed, 'not named after the hash of its declaration')
  noteKeys(audit, 'key-unused', role, unused, 'used by no role')
}

function noteKeys(
  audit: Audit,
  code: 'keyid-differs' | 'key-unused',
  role: string,
  keyids: readonly string[],
  words: string,
): void {
  const [first] = keyids
  if (first === undefined) return
  const more = keyids.length === 1 ? '' : `; so it is with ${count(keyids.length - 1, 'other key')}`
  const message = `Key ${shown(first)} is ${words}${more}.`
  audit.findings.add({ code, role, subject: first, message, count: keyids.length })
}

/** A keyid in a message. */
function shown(keyid: string): string {
  return shortKeyid(/^[\w-]+$/.test(keyid) ? keyid : quoted(keyid))
}

/** Undefined for a declaration that the repository's form cannot write. */
function keyidOf({ cryptography, form }: Audit, declared: JsonObject[string]): string | undefined {
  if (!isJsonObject(declared)) return undefined
  let bytes
  try {
    bytes = form.encode(declared)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return undefined
  }
  return encodeHex(cryptography.hash('sha256', bytes))
}

/** How many different keys of these are of kinds that tuffet verifies on other runtimes. */
export function countLacked(
  audit: Audit,
  { keyids, keys }: Pick<Authority, 'keyids' | 'keys'>,
): number {
  const lacked = keyids.map((keyid) => keys.get(keyid)).filter((key) => isLackedHere(audit, key))
  return new Set(lacked.map((key) => `${key?.scheme ?? ''} ${key?.public ?? ''}`)).size
}

function isLackedHere({ cryptography }: Audit, key: Key | undefined): boolean {
  if (key === undefined || loadKey(key, cryptography).verdict !== 'unsupported-key') return false
  return Object.hasOwn(mlDsaKeys.schemes, `${key.keytype}/${key.scheme}`)
}

function checkKind(audit: Audit, role: string, called: string, key: Key): void {
  const { findings, cryptography } = audit
  const place = { role, subject: key.keyid }
  const kind = `${key.keytype}/${key.scheme}`
  const loaded = loadKey(key, cryptography, { pkcs1v15: true })
  if (loaded.verdict === 'broken-key') {
    const message = `${called} (${quoted(kind)}) cannot be used: ${loaded.reason}.`
    findings.add({ ...place, code: 'key-unusable', message })
  } else if (loaded.verdict === 'unsupported-key' && !isLackedHere(audit, key)) {
    const message = `${called} is of the kind ${quoted(kind)}.`
    const vectors = ['threshold-unknown-kind', 'threshold-unknown-scheme']
    findings.add({ ...place, code: 'key-kind-unknown', message, vectors })
  } else {
    const { vectors, inHex } = disputedKey(key)
    const pkcs1 = key.scheme.startsWith('rsa-pkcs1v15')
    if (vectors.length === 0 && !pkcs1) return
    const message = `${called} is of the kind ${quoted(kind)}${inHex ? ', a point in hexadecimal' : ''}.`
    const clients = pkcs1 ? ['tuffet, without its option'] : []
    findings.add({ ...place, code: 'key-kind-disputed', message, vectors, clients })
  }
}

/** The vectors about the kind of a key that not every client has. */
export function disputedKey({ keytype, scheme, public: text }: Key): {
  readonly vectors: readonly string[]
  readonly inHex: boolean
} {
  const rare = Object.hasOwn(rareSchemes, scheme) ? rareSchemes[scheme] : []
  const inHex = keytype.startsWith('ecdsa') && !text.includes('-----BEGIN')
  return {
    vectors: [...(rare ?? []), ...(inHex ? ['keys-ecdsa-hex'] : [])],
    inHex,
  }
}

/** How many roles one check stands for: hash bins share their keys. */
export interface SharedBy {
  readonly role: string
  readonly roles: number
}

/** The keys and the threshold of a role, or of several with the same. */
export function checkAuthority(
  audit: Audit,
  authority: Authority,
  { role, roles }: SharedBy,
): void {
  const { findings, cryptography } = audit
  const { keyids, keys, threshold, delegator } = authority
  const place = { role, count: roles }
  const also = roles > 1 ? ` So it is with ${count(roles - 1, 'other role')} of ${delegator}.` : ''
  const identities = new Map<string, string>()
  let pkcs1 = 0
  for (const keyid of keyids) {
    const key = keys.get(keyid)
    if (key === undefined) {
      const message = `It names key ${shown(keyid)}, which ${delegator} does not declare.${also}`
      findings.add({ ...place, code: 'key-undeclared', subject: keyid, message })
      continue
    }
    const loaded = loadKey(key, cryptography, { pkcs1v15: true })
    if (loaded.verdict !== 'ok') continue
    const other = identities.get(loaded.identity)
    if (other === undefined) {
      identities.set(loaded.identity, keyid)
      if (loadKey(key, cryptography).verdict !== 'ok') pkcs1 += 1
    } else {
      const message = `Its keys ${shown(other)} and ${shown(keyid)} are one and the same.${also}`
      findings.add({ ...place, code: 'key-twice', subject: keyid, message })
    }
  }
  const lacked = countLacked(audit, authority)
  // Those that clients count without an option, and those that other runtimes count.
  const usable = identities.size - pkcs1 + lacked
  if (identities.size < threshold && identities.size + lacked >= threshold) {
    const message = `It asks for ${count(threshold, 'signature')}, and ${lacked} of its ${count(keyids.length, 'key')} cannot be used by this runtime.${also}`
    findings.add({ ...place, code: 'threshold-not-judged', message })
  } else if (identities.size < threshold) {
    const message = `It asks for ${count(threshold, 'signature')} and has ${count(identities.size, 'usable key')}.${also}`
    findings.add({ ...place, code: 'threshold-out-of-reach', message })
  } else if (threshold === 1) {
    const code =
      isOnline(audit, authority) && delegator !== 'root'
        ? undefined
        : thresholdCode(role, delegator)
    if (code)
      findings.add({
        ...place,
        code,
        message: `Its threshold is 1, of ${count(keyids.length, 'key')}.${also}`,
      })
  } else if (role === 'root' && usable <= threshold) {
    const others = keyids.length - usable
    const more = others === 0 ? '' : `; of ${count(others, 'other keyid')} clients count none`
    const message = `Its threshold is ${threshold}, of ${count(usable, 'usable key')}${more}.`
    findings.add({ ...place, code: 'threshold-without-spare', message })
  }
}

/** Timestamp and snapshot are signed by a machine: one key is usual. */
function thresholdCode(role: string, delegator: string) {
  if (delegator !== 'root') return 'threshold-one-delegated' as const
  return role === 'root' || role === 'targets' ? ('threshold-one' as const) : undefined
}

/** Keys of several top-level roles. */
export function checkSharedKeys(audit: Audit, root: Root): void {
  const identities = (role: TopLevelRole): ReadonlyMap<string, string> =>
    identitiesOf(audit, rootAuthority(root, role))
  const [ofRoot, ofTargets] = [identities('root'), identities('targets')]
  const [ofTimestamp, ofSnapshot] = [identities('timestamp'), identities('snapshot')]
  const online = new Map([...ofTimestamp, ...ofSnapshot])
  noteShared(
    audit,
    'online-key-signs-root',
    ['root', 'timestamp or snapshot'],
    shared(ofRoot, online),
  )
  noteShared(
    audit,
    'online-key-signs-targets',
    ['targets', 'timestamp or snapshot'],
    shared(ofTargets, online),
  )
  for (const identity of online.keys()) audit.onlineKeys.add(identity)
  noteShared(audit, 'offline-key-shared', ['root', 'targets'], shared(ofRoot, ofTargets))
}

/** The keyids of the keys that are in both. */
function shared(
  some: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): readonly string[] {
  return [...some].flatMap(([identity, keyid]) => (others.has(identity) ? [keyid] : []))
}

function noteShared(
  audit: Audit,
  code: 'online-key-signs-root' | 'online-key-signs-targets' | 'offline-key-shared',
  [role, other]: readonly [string, string],
  keyids: readonly string[],
): void {
  const [first] = keyids
  if (first === undefined) return
  const called = keyids.length === 1 ? 'Key' : `${count(keyids.length, 'key')} such as`
  const message = `${called} ${shown(first)} may sign ${role} and ${other}.`
  audit.findings.add({ code, role, subject: first, message, count: keyids.length })
}

/** Keys of root that a delegated role has too. */
export function checkDelegatedKeys(
  audit: Audit,
  root: Root,
  authority: Authority,
  role: string,
): void {
  const ofRoot = identitiesOf(audit, rootAuthority(root, 'root'))
  const both = shared(identitiesOf(audit, authority), ofRoot)
  noteShared(audit, 'offline-key-shared', [role, 'root'], both)
}

function identitiesOf(audit: Audit, { keyids, keys }: Authority): ReadonlyMap<string, string> {
  const identities = new Map<string, string>()
  for (const keyid of keyids) {
    const key = keys.get(keyid)
    const loaded = key && loadKey(key, audit.cryptography, { pkcs1v15: true })
    if (loaded?.verdict === 'ok') identities.set(loaded.identity, keyid)
  }
  return identities
}
