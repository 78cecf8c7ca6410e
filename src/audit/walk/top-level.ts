/** Timestamp, snapshot and the top-level targets. */
import type { MetaFile, Root, Snapshot } from '../../core/metadata/model.js'
import { rootAuthority } from '../../core/trust/root.js'
import { count } from '../../words/amounts.js'
import { keep, readWeight } from '../budget.js'
import { namingOf, type Audit } from '../context.js'
import { readRoleFile } from './read-file.js'

/** Undefined where one of the two cannot be read. */
export async function readSnapshot(audit: Audit, root: Root): Promise<Snapshot | undefined> {
  const naming = namingOf(root)
  const timestamp = await readRoleFile(audit, {
    role: 'timestamp',
    type: 'timestamp',
    naming: { consistent: false },
    authority: rootAuthority(root, 'timestamp'),
  })
  if (!timestamp) return undefined
  note(audit, 'timestamp', timestamp)
  const listed = timestamp.envelope.signed.snapshot
  if (lacks(listed)) {
    const message = `Its entry for snapshot.json lists ${lacking(listed)}.`
    audit.findings.add({ code: 'entry-without-hashes', role: 'timestamp', message })
  }
  const snapshot = await readRoleFile(audit, {
    role: 'snapshot',
    type: 'snapshot',
    naming,
    listed,
    authority: rootAuthority(root, 'snapshot'),
  })
  if (!snapshot) return undefined
  note(audit, 'snapshot', snapshot)
  keep(audit, readWeight * snapshot.bytes.length)
  checkEntries(audit, snapshot.envelope.signed)
  return snapshot.envelope.signed
}

function note(
  audit: Audit,
  role: string,
  file: {
    readonly envelope: { readonly signed: { version: number; expires: number } }
    readonly bytes: Uint8Array
  },
): void {
  const { version, expires } = file.envelope.signed
  audit.topLevel.push({ role, version, expires, length: file.bytes.length })
}

function lacks({ length, hashes }: MetaFile): boolean {
  return length === undefined || hashes === undefined
}

function lacking({ length, hashes }: MetaFile): string {
  if (length === undefined && hashes === undefined) return 'neither length nor hashes'
  return length === undefined ? 'no length' : 'no hashes'
}

function checkEntries(audit: Audit, { meta }: Snapshot): void {
  const words = new Map<string, { first: string; count: number }>()
  for (const [name, entry] of meta) {
    if (!lacks(entry)) continue
    const kind = lacking(entry)
    const known = words.get(kind)
    if (known) known.count += 1
    else words.set(kind, { first: name, count: 1 })
  }
  for (const [kind, { first, count: number }] of words) {
    const message = `${number} of ${count(meta.size, 'entry', 'entries')} list ${kind}.`
    audit.findings.add({
      code: 'entry-without-hashes',
      role: 'snapshot',
      subject: first,
      message,
      count: number,
    })
  }
}
