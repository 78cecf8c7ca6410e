/**
 * The roots from the first one on: each is served, and each is signed by the previous one and by its
 * own keys, so that a client with any of them comes to the newest.
 */
import { sameBytes } from '../../core/bytes.js'
import type { Envelope, Root } from '../../core/metadata/model.js'
import { parseMetadata } from '../../core/metadata/parse.js'
import { metadataFileName } from '../../core/names.js'
import { rootAuthority, trustAnchor } from '../../core/trust/root.js'
import { countSignatures } from '../../core/trust/verify.js'
import { count } from '../../words/amounts.js'
import { signedInWords } from '../../words/signatures.js'
import { checkExpiry } from '../checks/expiry.js'
import { checkForm, disputedForms, rawSigned } from '../checks/form.js'
import { checkAuthority, checkKeyTable, checkSharedKeys, disputedKey } from '../checks/keys.js'
import { checkSize } from '../checks/sizes.js'
import { isJsonObject, member } from '../../core/json/value.js'
import { clientsBelow } from '../clients/client-limits.js'
import { incomplete, judging, messageOf, type Audit } from '../context.js'
import { quoted } from '../findings.js'
import { vectorsOf } from '../kinds/kinds.js'
import { parseFile } from './read-file.js'

interface RootFile {
  readonly envelope: Envelope<Root>
  readonly bytes: Uint8Array
}

/**
 * The newest root, or undefined where the server has no root at all.
 *
 * @throws as `trustAnchor`, for a given root that cannot be one
 */
export async function walkRoots(audit: Audit): Promise<Root | undefined> {
  const { findings, options, limits } = audit
  const anchor = options.root === undefined ? undefined : anchorFrom(audit, options.root)
  if (!anchor) {
    const message = 'No root was given, so the first one that the server has was taken.'
    findings.add({ code: 'not-anchored', role: 'root', message })
  }
  const old = new OldRoots(audit)
  const missing: number[] = []
  let newest: RootFile | undefined
  let version = 1
  for (; ; version += 1) {
    if (version > limits.roots) {
      incomplete(audit, `The audit's own limit roots was reached at root ${version}.`)
      break
    }
    const given = anchor?.envelope.signed.version === version ? anchor : undefined
    const served = await readRoot(audit, version)
    if (served === 'missing') {
      const further = anchor ? version <= anchor.envelope.signed.version : version === 1
      if (!further) break
      missing.push(version)
      if (given) newest = given
      continue
    }
    const current = served ?? given
    if (current === undefined) continue
    if (given && served && !sameBytes(given.envelope.signedBytes, served.envelope.signedBytes)) {
      const message = `The served ${version}.root.json is not the root that was given.`
      findings.add({ code: 'root-differs', role: 'root', subject: `${version}.root.json`, message })
    }
    // After a gap the keys of the last root decide nothing.
    const previous = newest?.envelope.signed.version === version - 1 ? newest : undefined
    checkChain(audit, previous, current, version)
    if (newest) old.add(newest)
    newest = current
    audit.counters.roots += 1
  }
  if (newest) noteMissing(audit, missing)
  else {
    const message = '1.root.json is not there.'
    findings.add({ code: 'file-missing', role: 'root', subject: '1.root.json', message })
    return undefined
  }
  old.report()
  await checkNewest(audit, newest, version - 1)
  return newest.envelope.signed
}

function anchorFrom(audit: Audit, bytes: Uint8Array): RootFile {
  const options = judging(audit)
  try {
    trustAnchor(bytes, options)
  } catch (error) {
    if (error instanceof Error && 'origin' in error) error.origin ??= { from: 'given' }
    throw error
  }
  return { envelope: parseMetadata(bytes, 'root', 'root', options), bytes }
}

async function readRoot(audit: Audit, version: number): Promise<RootFile | 'missing' | undefined> {
  const { findings, source } = audit
  const name = metadataFileName('root', version)
  const place = { role: 'root', subject: name } as const
  let bytes
  try {
    bytes = await source.metadata(name)
  } catch (error) {
    findings.add({ ...place, code: 'file-unreachable', message: `${name}: ${messageOf(error)}.` })
    // Without an end there is no next root to ask for.
    return 'missing'
  }
  if (bytes === undefined) return 'missing'
  const envelope = parseFile(audit, 'root', 'root', name, bytes)
  if (envelope === undefined) return undefined
  const stated = envelope.signed.version
  if (stated !== version) {
    const message = `${name} is version ${stated}.`
    findings.add({ ...place, code: 'version-differs', message })
  }
  checkSize(audit, 'root', 'root', bytes.length, false, name)
  return { envelope, bytes }
}

function checkChain(
  audit: Audit,
  before: RootFile | undefined,
  file: RootFile,
  version: number,
): void {
  const options = judging(audit)
  const asked = [
    ...(before
      ? ([['the previous root', rootAuthority(before.envelope.signed, 'root')]] as const)
      : []),
    ['its own table', rootAuthority(file.envelope.signed, 'root')] as const,
  ]
  for (const [whose, authority] of asked) {
    const report = countSignatures(file.envelope, authority, options)
    if (report.signed >= report.threshold) continue
    audit.findings.add({
      code: 'root-chain-broken',
      role: 'root',
      subject: metadataFileName('root', version),
      message: `Root ${version} is, by the keys of ${whose}, ${signedInWords(report)}.`,
    })
  }
}

function noteMissing(audit: Audit, missing: readonly number[]): void {
  const [first] = missing
  const last = missing.at(-1)
  if (first === undefined) return
  const message =
    first === last
      ? `${first}.root.json is not there.`
      : `${count(missing.length, 'root')} from ${first} to ${last ?? first} are not there.`
  audit.findings.add({ code: 'root-history-missing', role: 'root', message })
}

interface OldRoot {
  readonly first: number
  last: number
  readonly message: string
  readonly vectors: readonly string[]
}

/** What keeps some client from starting with an old root; one finding for each form. */
class OldRoots {
  readonly #audit: Audit
  readonly #disputed = new Map<string, OldRoot>()

  constructor(audit: Audit) {
    this.#audit = audit
  }

  add(file: RootFile): void {
    const { version, keys, roles } = file.envelope.signed
    for (const { code, message } of disputedForms(this.#audit, 'root', file)) {
      this.#note(code, version, message, vectorsOf(code))
    }
    for (const keyid of roles.root.keyids) {
      const key = keys.get(keyid)
      const { vectors, inHex } = key ? disputedKey(key) : { vectors: [], inHex: false }
      if (key === undefined || vectors.length === 0) continue
      const form = inHex ? ', as a point in hexadecimal' : ''
      const message = `Its keys are of the kind ${quoted(`${key.keytype}/${key.scheme}`)}${form}.`
      this.#note(vectors.join(), version, message, vectors)
    }
  }

  #note(form: string, version: number, message: string, vectors: readonly string[]): void {
    const known = this.#disputed.get(form)
    if (known) known.last = version
    else this.#disputed.set(form, { first: version, last: version, message, vectors })
  }

  report(): void {
    for (const { first, last, message, vectors } of this.#disputed.values()) {
      const which = first === last ? `Root ${first}` : `Roots from ${first} to ${last}`
      this.#audit.findings.add({
        code: 'old-root-disputed',
        role: 'root',
        subject: `${first}.root.json`,
        message: `${which}: ${message}`,
        vectors,
      })
    }
  }
}

async function checkNewest(audit: Audit, file: RootFile, version: number): Promise<void> {
  const { envelope, bytes } = file
  const root = envelope.signed
  const authority = rootAuthority(root, 'root')
  const clients = clientsBelow('roots', version - 1)
  if (clients.length > 0) {
    const message = `A client that starts from root 1 follows ${count(version - 1, 'root')}.`
    audit.findings.add({ code: 'root-history-long', role: 'root', message, clients })
  }
  checkSharedKeys(audit, root)
  checkExpiry(audit, 'root', root.expires, authority)
  checkForm(audit, 'root', 'root', file)
  checkConsistent(audit, root)
  const raw = rawSigned(audit, bytes, 'root')
  const table = raw && member(raw, 'keys')
  const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const
  const used = new Set(roles.flatMap((role) => root.roles[role].keyids))
  await checkKeyTable(audit, 'root', root.keys, isJsonObject(table) ? table : undefined, used)
  for (const role of roles) checkAuthority(audit, rootAuthority(root, role), { role, roles: 1 })
  audit.topLevel.push({
    role: 'root',
    version: root.version,
    expires: root.expires,
    length: bytes.length,
  })
}

function checkConsistent(audit: Audit, root: Root): void {
  if (root.consistentSnapshot) return
  const message = 'It switches consistent snapshots off, or does not switch them on.'
  audit.findings.add({ code: 'consistent-snapshot-off', role: 'root', message })
}
