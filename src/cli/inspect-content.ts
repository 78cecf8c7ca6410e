/** The fields particular to each type of metadata, for `tuffet inspect`. */
import type { Cryptography } from '../core/keys/cryptography.js'
import type {
  Delegations,
  Envelope,
  Key,
  MetaFile,
  RoleKeys,
  Root,
  Snapshot,
  Targets,
  Timestamp,
} from '../core/metadata/model.js'
import { rootAuthority } from '../core/trust/root.js'
import { countSignatures } from '../core/trust/verify.js'
import type { Answer } from './command.js'
import { commandCryptography } from './cryptography.js'
import { keyLines, shortKeyid, signedInWords } from '../words/signatures.js'
import { count } from '../words/amounts.js'

/** A part of an answer. */
export type Content = Pick<Answer, 'lines' | 'json'>

/** More roles than these are a number. */
const mostRoles = 20

/** The file's fields besides those of every type. */
export async function contentOf(envelope: Envelope): Promise<Content> {
  const { signed } = envelope
  switch (signed.type) {
    case 'root':
      return rootContent(signed, envelope, await commandCryptography())
    case 'timestamp':
      return timestampContent(signed)
    case 'snapshot':
      return snapshotContent(signed)
    case 'targets':
      return targetsContent(signed)
  }
}

function rootContent(root: Root, envelope: Envelope, cryptography: Cryptography): Content {
  const report = countSignatures(envelope, rootAuthority(root, 'root'), {
    cryptography,
  })
  return {
    lines: [
      `consistent snapshots: ${root.consistentSnapshot ? 'yes' : 'no'}`,
      ...keyTable(root.keys),
      ...Object.entries(root.roles).map(([name, keys]) => `  role ${name}: ${needed(keys)}`),
      `by its own table ${signedInWords(report)}`,
      ...keyLines(report.keys).map((line) => `  ${line}`),
    ],
    json: {
      consistentSnapshot: root.consistentSnapshot,
      keys: Object.fromEntries(root.keys),
      roles: root.roles,
      ownSignatures: report,
    },
  }
}

function timestampContent({ snapshot }: Timestamp): Content {
  return {
    lines: [`snapshot.json: ${metaFile(snapshot)}`],
    json: { snapshot: metaFileJson(snapshot) },
  }
}

function snapshotContent({ meta }: Snapshot): Content {
  const targets = meta.get('targets.json')
  return {
    lines: [
      `${count(meta.size, 'file')} listed`,
      ...(targets ? [`targets.json: ${metaFile(targets)}`] : []),
    ],
    json: {
      files: meta.size,
      ...(targets && { targets: metaFileJson(targets) }),
    },
  }
}

function targetsContent({ targets, delegations }: Targets): Content {
  const delegated = delegations ? delegationsContent(delegations) : undefined
  return {
    lines: [count(targets.size, 'target'), ...(delegated?.lines ?? ['no delegations'])],
    json: { targets: targets.size, ...delegated?.json },
  }
}

function delegationsContent({ keys, roles = [], succinct }: Delegations): Content {
  const keyCount = count(keys.size, 'key')
  if (succinct) {
    const { namePrefix, bitLength } = succinct
    const bins = 2 ** bitLength
    return {
      lines: [
        `delegates to ${count(bins, 'bin')} ${namePrefix}-…, ${needed(succinct)}; ${keyCount} listed`,
      ],
      json: { delegations: { keys: keys.size, succinct: { ...succinct, bins } } },
    }
  }
  const shown = roles.slice(0, mostRoles)
  const more = roles.length - shown.length
  return {
    lines: [
      `delegates to ${count(roles.length, 'role')}; ${keyCount} listed`,
      ...shown.map((role) => {
        const scope = role.paths
          ? count(role.paths.length, 'pattern')
          : count(role.pathHashPrefixes?.length ?? 0, 'hash prefix', 'hash prefixes')
        return `  role ${role.name}: ${needed(role)}, ${scope}${role.terminating ? ', terminating' : ''}`
      }),
      ...(more > 0 ? [`  and ${count(more, 'role')} more`] : []),
    ],
    json: { delegations: { keys: keys.size, roles } },
  }
}

function keyTable(keys: ReadonlyMap<string, Key>): string[] {
  return [...keys.values()].map(
    ({ keyid, keytype, scheme }) => `  key ${shortKeyid(keyid)} ${keytype}, ${scheme}`,
  )
}

function needed({ keyids, threshold }: RoleKeys): string {
  return `${threshold} of ${count(keyids.length, 'key')}`
}

function metaFile({ version, length, hashes }: MetaFile): string {
  const listed = [`version ${version}`]
  if (length !== undefined) listed.push(count(length, 'byte'))
  for (const [name, digest] of hashes ?? []) listed.push(`${name} ${digest}`)
  return listed.join(', ')
}

function metaFileJson({ hashes, ...file }: MetaFile): Record<string, unknown> {
  return { ...file, ...(hashes && { hashes: Object.fromEntries(hashes) }) }
}
