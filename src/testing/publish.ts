/**
 * From state to files: a changed role gets its next version, is signed, and is listed by snapshot
 * and timestamp. Old versions stay in the history.
 */

import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { encodeCanonical } from '../core/json/canonical.js'
import type { JsonObject, JsonValue } from '../core/json/value.js'
import { lazyFile, type PublishedFile } from './file-history.js'
import { copyJson, jsonText, type JsonStyle, type MutableJson } from './json-text.js'
import type { Signer } from './keys.js'
import { listSigned, rootSigned, targetsSigned, type Head, type Listed } from './signed.js'
import type { RepositoryState, TargetEntry, TargetsRole } from './state.js'

/** Changes the value in place, or returns its replacement. */
export type ChangeJson = (value: { [name: string]: MutableJson }) => JsonValue | void

/** Edits to one file on its way out. All optional; an empty edit only signs again. */
export interface Edit {
  /** Before signing. */
  readonly signed?: ChangeJson | undefined
  /** After signing: `{ signatures, signed }`. The signatures are not made again. */
  readonly envelope?: ChangeJson | undefined
  /** At the end: the bytes that are served. */
  readonly bytes?: ((bytes: Uint8Array) => Uint8Array) | undefined
  /** The keys that sign, instead of the role's own. */
  readonly signers?: readonly Signer[] | undefined
}

/** Additions to a publication besides the roles that changed and those that list them. */
export interface Changes {
  readonly edits?: ReadonlyMap<string, Edit> | undefined
  /** Roles to sign again although they did not change. */
  readonly again?: readonly string[] | undefined
}

const day = 86_400_000

/** Publishes; the files are made when they are asked for, except those with an edit. */
export function publishState(state: RepositoryState, changes: Changes): number {
  const { history, versions } = state
  const edits = changes.edits ?? new Map<string, Edit>()
  const again = new Set([...(changes.again ?? []), ...edits.keys()])
  history.publication++
  if (state.rootChanged || again.has('root') || versions.root === 0) {
    const moved = publishRoot(state, edits.get('root'))
    if (moved) putAllAgain(state)
  }
  let listed = again.has('snapshot') || versions.snapshot === 0
  for (const role of state.roles.values()) {
    if (!role.changed && !again.has(role.name)) continue
    publishTargets(state, role, edits.get(role.name))
    listed = true
  }
  for (const [path, entry] of state.pending) putTarget(state, path, entry)
  state.pending.clear()
  if (listed) publishSnapshot(state, edits.get('snapshot'))
  if (listed || again.has('timestamp')) publishTimestamp(state, edits.get('timestamp'))
  return history.publication
}

/**
 * Makes the newest file of a role again, under the same name; the roles that list it do not change.
 */
export function replaceFile(state: RepositoryState, role: string, edit: Edit): void {
  const build = state.signed.get(role)
  if (!build) throw new RangeError(`${role} is not published yet`)
  state.history.publication++
  const file = signedFile(state, build, signersOf(state, role), edit)
  state.history.put('metadata', fileName(state, role, versionOf(state, role)), file)
}

/** The name under which a version of a role's file is served (6.2), not percent-encoded. */
export function fileName(state: RepositoryState, role: string, version: number): string {
  if (role === 'timestamp') return 'timestamp.json'
  return role === 'root' || state.consistentSnapshot ? `${version}.${role}.json` : `${role}.json`
}

/** The newest published version of a role; 0 when it was never published. */
export function versionOf(state: RepositoryState, role: string): number {
  if (role === 'root' || role === 'timestamp' || role === 'snapshot') return state.versions[role]
  return state.roles.get(role)?.version ?? 0
}

/** The length of a role's newest file, when the role that lists it lists lengths. */
export function listedLength(state: RepositoryState, role: string): number | undefined {
  const { snapshotHashes, timestampHashes } = state.settings
  if (role === 'root' || role === 'timestamp') return undefined
  if (!(role === 'snapshot' ? timestampHashes : snapshotHashes)) return undefined
  const name = fileName(state, role, versionOf(state, role))
  return state.history.get('metadata', name, state.history.publication)?.bytes().length
}

/** Whose signatures the next file of a role carries. */
export function signersOf(state: RepositoryState, role: string): readonly Signer[] {
  const instead = state.signWith.get(role)
  if (instead) return instead
  if (role === 'root') return distinct([...state.rootSigners, ...state.authorities.root.signers])
  if (role === 'timestamp' || role === 'snapshot') return state.authorities[role].signers
  if (role === 'targets') return state.authorities.targets.signers
  return distinct(state.roles.get(role)?.signers ?? [])
}

function publishRoot(state: RepositoryState, edit: Edit | undefined): boolean {
  const before = state.signed.get('root')?.()['consistent_snapshot']
  const consistent = state.consistentSnapshot
  const authorities = { ...state.authorities }
  const head = nextHead(state, ++state.versions.root, state.settings.lifetimes.root)
  put(state, 'root', () => rootSigned(head, consistent, authorities), edit)
  state.rootSigners = state.authorities.root.signers
  state.rootChanged = false
  return before !== undefined && before !== consistent
}

function publishTargets(state: RepositoryState, role: TargetsRole, edit: Edit | undefined): void {
  const head = nextHead(state, ++role.version, role.lifetime)
  const { targets, edges, succinct, filler } = role
  const build = (): JsonObject =>
    targetsSigned(head, filler ? [...targets, ...filler()] : targets, edges, succinct)
  role.shared = true
  role.changed = false
  role.file = put(state, role.name, build, edit)
}

function publishSnapshot(state: RepositoryState, edit: Edit | undefined): void {
  const { snapshotHashes, lifetimes } = state.settings
  const listed: Listed[] = []
  // 5.5.5: a role listed once stays listed, even when no role delegates to it any more.
  for (const { name, version, file } of state.roles.values()) {
    listed.push({ name: `${name}.json`, version, file: snapshotHashes ? file : undefined })
  }
  const head = nextHead(state, ++state.versions.snapshot, lifetimes.snapshot)
  put(state, 'snapshot', () => listSigned('snapshot', head, listed), edit)
}

function publishTimestamp(state: RepositoryState, edit: Edit | undefined): void {
  const { timestampHashes, lifetimes } = state.settings
  const version = state.versions.snapshot
  const name = fileName(state, 'snapshot', version)
  const published = state.history.get('metadata', name, state.history.publication)
  const file = timestampHashes ? published : undefined
  const head = nextHead(state, ++state.versions.timestamp, lifetimes.timestamp)
  const listed = [{ name: 'snapshot.json', version, file }]
  put(state, 'timestamp', () => listSigned('timestamp', head, listed), edit)
}

function nextHead(state: RepositoryState, version: number, lifetime: number): Head {
  return {
    specVersion: state.settings.specVersion,
    version,
    expires: state.now + lifetime * day,
  }
}

function put(
  state: RepositoryState,
  role: string,
  build: () => JsonObject,
  edit: Edit | undefined,
): PublishedFile {
  const file = signedFile(state, build, signersOf(state, role), edit)
  state.signed.set(role, build)
  state.history.put('metadata', fileName(state, role, versionOf(state, role)), file)
  return file
}

function signedFile(
  state: RepositoryState,
  build: () => JsonObject,
  usual: readonly Signer[],
  edit: Edit | undefined,
): PublishedFile {
  const { style } = state.settings
  if (!edit) return lazyFile(() => fileBytes(build(), usual, style))
  // At once, so that an edit that throws does so where it was written.
  const signed = applyChange(build(), edit.signed)
  const signers = edit.signers ?? usual
  const { envelope } = edit
  const bytes = envelope
    ? utf8ToBytes(jsonText(applyChange(envelopeOf(signed, signers), envelope), style))
    : fileBytes(signed, signers, style)
  const served = edit.bytes ? edit.bytes(bytes) : bytes
  return { bytes: () => served }
}

function fileBytes(signed: JsonValue, signers: readonly Signer[], style: JsonStyle): Uint8Array {
  if (style.indent !== 0 || style.sorted === false) {
    return utf8ToBytes(jsonText(envelopeOf(signed, signers), style))
  }
  // Written once: 16,384 delegations are 3 MB.
  const text = jsonText(signed, compact)
  const signatures = jsonText(signaturesOf(signed, text, signers), compact)
  return utf8ToBytes(`{"signatures":${signatures},"signed":${text}}`)
}

function envelopeOf(signed: JsonValue, signers: readonly Signer[]): JsonObject {
  return { signatures: signaturesOf(signed, jsonText(signed, compact), signers), signed }
}

function signaturesOf(signed: JsonValue, text: string, signers: readonly Signer[]): JsonObject[] {
  const bytes = bytesToSign(signed, text)
  return signers.map((signer) => ({
    keyid: signer.keyid,
    sig: bytesToHex(signer.sign(bytes)),
  }))
}

/** Compact sorted JSON is the canonical form as long as it needs no escapes. */
function bytesToSign(signed: JsonValue, text: string): Uint8Array {
  if (!text.includes('\\')) return utf8ToBytes(text)
  try {
    return encodeCanonical(signed)
  } catch {
    // A value without a canonical form (a hostile edit may write lone surrogates) is signed as it
    // is.
    return utf8ToBytes(text)
  }
}

const compact: JsonStyle = { indent: 0, sorted: true }

function applyChange(value: JsonObject, change: ChangeJson | undefined): JsonObject | JsonValue {
  if (!change) return value
  const draft = Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, copyJson(item)]),
  )
  const instead = change(draft)
  return instead === undefined ? draft : instead
}

/** 6.2: one copy for each digest when snapshots are consistent. */
function putTarget(state: RepositoryState, path: string, entry: TargetEntry): void {
  const { content, hashes } = entry
  if (!content) return
  const file = lazyFile(content)
  for (const name of targetNames(path, hashes, state.consistentSnapshot)) {
    state.history.put('target', name, file)
  }
}

/** Names under which a target is served, relative to the targets URL, not percent-encoded. */
export function targetNames(
  path: string,
  hashes: Readonly<Record<string, string>>,
  consistentSnapshot: boolean,
): string[] {
  if (!consistentSnapshot) return [path]
  const base = path.lastIndexOf('/') + 1
  return Object.values(hashes).map(
    (digest) => `${path.slice(0, base)}${digest}.${path.slice(base)}`,
  )
}

/** Consistent snapshots were switched: every newest file gets its other name too. */
function putAllAgain(state: RepositoryState): void {
  for (const role of state.roles.values()) {
    if (!role.file) continue
    state.history.put('metadata', fileName(state, role.name, role.version), role.file)
    for (const [path, entry] of role.targets) putTarget(state, path, entry)
  }
}

/** A file carries one signature by each keyid, or it is malformed (4.2.1). */
function distinct(signers: readonly Signer[]): Signer[] {
  return [...new Map(signers.map((signer) => [signer.keyid, signer])).values()]
}
