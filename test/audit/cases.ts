/** For each kind of finding a repository that has it. */
import type { AuditOptions, FindingCode } from '../../src/audit/index.js'
import { keyKinds } from '../../src/core/keys/keys.js'
import { nodeCryptography } from '../../src/node/index.js'
import type { MutableJson } from '../../src/testing/json-text.js'
import {
  createRepository,
  ed25519Signer,
  seedFrom,
  withKeyid,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import { ecdsaSigner } from '../../src/testing/node/index.js'

const online = ed25519Signer(seedFrom('online'))
const offline = { count: 3, threshold: 2 }

/** Nothing is wrong with it: every kind of finding is absent. */
export function goodRepository(options: RepositoryOptions = {}): TestRepository {
  const repository = createRepository({
    snapshotHashes: true,
    timestampHashes: true,
    ...options,
    keys: {
      root: offline,
      targets: offline,
      snapshot: { signers: [online] },
      timestamp: { signers: [online] },
      ...options.keys,
    },
  })
  repository.delegate('targets', { name: 'pkgs', paths: ['pkgs/*'], ...offline })
  repository.delegate('targets', { name: 'more', paths: ['more/*', 'other/*.whl'], ...offline })
  repository.addTarget('pkgs/a.whl', 'wheel', { role: 'pkgs' })
  repository.addTarget('more/b.whl', 'another wheel', { role: 'more' })
  repository.publish()
  return repository
}

/** Its role pkgs needs an ML-DSA key too, which signed. */
export function hybridRepository(): TestRepository {
  const repository = goodRepository()
  repository.edit('targets', (signed) => {
    const delegations = at(signed['delegations'])
    const [role] = delegations['roles'] as MutableJson[]
    const declared = { keytype: 'ml-dsa', scheme: 'ml-dsa-44/1', keyval: { public: 'x' } }
    at(delegations, 'keys')['later'] = declared
    const pkgs = at(role)
    pkgs['keyids'] = [...(pkgs['keyids'] as string[]), 'later']
    pkgs['threshold'] = 4
  })
  const sign = { keyid: 'later', sig: '00'.repeat(2420) }
  repository.intercept((_, name) => {
    if (!/^\d+\.pkgs\.json$/.test(name)) return undefined
    const text = new TextDecoder().decode(repository.file(name))
    const file = JSON.parse(text) as { signatures: unknown[] }
    file.signatures.push(sign)
    return new TextEncoder().encode(JSON.stringify(file))
  })
  return repository
}

/** A repository, and the options that an audit of it needs besides. */
export interface Case {
  readonly repository: TestRepository
  readonly options?: Partial<AuditOptions>
  /** The role of the finding. */
  readonly role: string
  /** A part of its message. */
  readonly says: string
}

/** Changes the good repository. */
function changed(
  role: string,
  says: string,
  change: (repository: TestRepository) => void,
  options: Partial<AuditOptions> = {},
): () => Case {
  return () => {
    const repository = goodRepository()
    change(repository)
    return { repository, options, role, says }
  }
}

type Fields = { [name: string]: MutableJson }

function edited(
  role: string,
  says: string,
  edit: (signed: Fields) => void,
  options: Partial<AuditOptions> = {},
): () => Case {
  return changed(role, says, (repository) => repository.edit(role, edit), options)
}

/** As {@link edited}, for a finding about another role than the edited one. */
function changedRole(
  role: string,
  editedRole: string,
  says: string,
  edit: (signed: Fields) => void,
): () => Case {
  return changed(role, says, (repository) => repository.edit(editedRole, edit))
}

/** `signed`'s member on the way down. */
function at(value: MutableJson | undefined, ...path: (string | number)[]): Fields {
  let inner: unknown = value
  for (const step of path) inner = (inner as Record<string, unknown>)[step]
  return inner as Fields
}

const day = 86_400_000

export const cases: Readonly<Record<FindingCode, () => Case>> = {
  'file-missing': changed('pkgs', '1.pkgs.json is not there', (r) =>
    r.serve('1.pkgs.json', 'missing'),
  ),
  'file-unreachable': changed('pkgs', 'status 500', (r) => r.serve('1.pkgs.json', { status: 500 })),
  'file-invalid': changed('pkgs', '1.pkgs.json is refused', (r) =>
    r.serve('1.pkgs.json', new TextEncoder().encode('{')),
  ),
  'file-altered': changed('pkgs', 'bytes long', (r) =>
    r.editInPlace('pkgs', (signed) => {
      signed['more'] = 'than before'
    }),
  ),
  'version-differs': changed('pkgs', 'is version 7, and is listed as version 1', (r) =>
    r.editInPlace('pkgs', (signed) => {
      signed['version'] = 7
    }),
  ),
  'signatures-missing': changed('pkgs', 'signed by 0 of 3 keys, 2 needed', (r) =>
    r.edit('pkgs', { signers: [online] }),
  ),
  'signature-wrong': changed('pkgs', 'does not count', (r) =>
    r.edit('pkgs', {
      envelope(envelope) {
        at(envelope['signatures'], 0)['sig'] = '00'.repeat(64)
      },
    }),
  ),
  'root-differs': () => {
    const repository = goodRepository()
    const other = goodRepository({ seed: 'other' })
    return {
      repository,
      options: { root: other.root() },
      role: 'root',
      says: 'not the root that was given',
    }
  },
  'root-chain-broken': changed('root', 'Root 2 is, by the keys of the previous root', (r) =>
    r.edit('root', { signers: [online] }),
  ),
  'root-history-missing': () => {
    const repository = goodRepository()
    repository.edit('root', {})
    repository.edit('root', {})
    repository.serve('1.root.json', 'missing')
    return {
      repository,
      options: { root: repository.root(3) },
      role: 'root',
      says: '1.root.json is not there',
    }
  },
  'root-history-long': changed('root', 'follows 257 roots', (r) => {
    for (let version = 2; version <= 258; version++) r.edit('root', {})
  }),
  'old-root-disputed': changed('root', 'Root 2: It expires at', (r) => {
    r.edit('root', (signed) => {
      signed['expires'] = '2027-01-01T00:00:00.5Z'
    })
    r.edit('root', {})
  }),
  expired: changed('pkgs', 'expired 24 hours ago', (r) => r.expire('pkgs')),
  'expires-soon': changed('pkgs', 'expires in 3 days', (r) => r.expire('pkgs', r.now + 3 * day)),
  'too-large-for-clients': changed('timestamp', 'It takes', (r) =>
    r.edit('timestamp', (signed) => {
      signed['padding'] = 'a'.repeat(20_000)
    }),
  ),
  'too-many-roles-for-clients': changed('r33', 'visits 34 roles', (r) => {
    let before = 'targets'
    for (let depth = 1; depth <= 33; depth++) {
      r.delegate(before, { name: `r${depth}`, paths: ['deep/*'], ...offline })
      before = `r${depth}`
    }
    r.addTarget('deep/file', 'deep', { role: before })
    r.publish()
  }),
  'threshold-one': () => ({
    repository: goodRepository({ keys: { targets: { count: 2, threshold: 1 } } }),
    role: 'targets',
    says: 'Its threshold is 1, of 2 keys',
  }),
  'threshold-one-delegated': changed('alone', 'Its threshold is 1, of 1 key', (r) => {
    r.delegate('targets', { name: 'alone', paths: ['alone/*'] })
    r.publish()
  }),
  'threshold-out-of-reach': changed('pkgs', 'It asks for 4 signatures and has 3 usable keys', (r) =>
    r.edit('targets', (signed) => {
      at(signed['delegations'], 'roles', 0)['threshold'] = 4
    }),
  ),
  'threshold-without-spare': () => ({
    repository: goodRepository({ keys: { root: { count: 2, threshold: 2 } } }),
    role: 'root',
    says: 'Its threshold is 2, of 2 usable keys.',
  }),
  'online-key-signs-root': () => ({
    repository: goodRepository({
      keys: { root: { signers: [online, ...signersOf('root', 2)], threshold: 2 } },
    }),
    role: 'root',
    says: 'may sign root and timestamp',
  }),
  'online-key-signs-targets': () => ({
    repository: goodRepository({
      keys: { targets: { signers: [online, ...signersOf('targets', 2)], threshold: 2 } },
    }),
    role: 'targets',
    says: 'may sign targets and timestamp',
  }),
  'offline-key-shared': () => {
    const signers = signersOf('people', 3)
    const keys = { root: { signers, threshold: 2 }, targets: { signers, threshold: 2 } }
    return { repository: goodRepository({ keys }), role: 'root', says: '3 keys such as' }
  },
  'keyid-differs': changed('targets', 'is not named after the hash', (r) => {
    const [first, ...others] = signersOf('named', 3)
    const signers = [withKeyid(first!, 'word'), ...others]
    r.delegate('targets', { name: 'named', paths: ['named/*'], signers, threshold: 2 })
    r.publish()
  }),
  'key-twice': changed('twice', 'are one and the same', (r) => {
    const [first, ...others] = signersOf('twice', 3)
    const signers = [first!, withKeyid(first!, 'word'), ...others]
    r.delegate('targets', { name: 'twice', paths: ['twice/*'], signers, threshold: 2 })
    r.publish()
  }),
  'key-undeclared': changedRole('pkgs', 'targets', 'does not declare', (signed) => {
    const role = at(signed['delegations'], 'roles', 0)
    role['keyids'] = [...(role['keyids'] as string[]), 'ab'.repeat(32)]
  }),
  'key-unused': edited('targets', 'is used by no role', (signed) => {
    at(signed['delegations'], 'keys')[online.keyid] = {
      ...online.key,
      keyval: { ...online.key.keyval },
    }
  }),
  'key-unusable': changed('targets', 'cannot be used', (r) => {
    r.edit('targets', (signed) => {
      const keys = at(signed['delegations'], 'keys')
      at(keys, Object.keys(keys)[0]!, 'keyval')['public'] = '00'
    })
  }),
  'key-kind-unknown': edited('targets', 'is of the kind "sphincs/sphincs"', (signed) => {
    const keys = at(signed['delegations'], 'keys')
    const key = at(keys, Object.keys(keys)[0]!)
    key['keytype'] = 'sphincs'
    key['scheme'] = 'sphincs'
  }),
  'threshold-not-judged': () => ({
    repository: hybridRepository(),
    options: { cryptography: { ...nodeCryptography, keyKinds } },
    role: 'pkgs',
    says: '1 of its 4 keys cannot be used by this runtime',
  }),
  'key-kind-disputed': changed('targets', 'is of the kind "ecdsa/ecdsa-sha2-nistp521"', (r) => {
    const signers = [ecdsaSigner('one', { curve: 'P-521' }), ...signersOf('curve', 2)]
    r.delegate('targets', { name: 'curve', paths: ['curve/*'], signers, threshold: 2 })
    r.publish()
  }),
  'role-unlisted': changed('targets', 'does not list "pkgs"', (r) =>
    r.edit('snapshot', (signed) => {
      delete at(signed['meta'])['pkgs.json']
    }),
  ),
  'role-unreached': changed('snapshot', 'It lists "gone"', (r) => {
    r.delegate('targets', { name: 'gone', paths: ['gone/*'], ...offline })
    r.publish()
    r.revoke('targets', 'gone')
    r.publish()
  }),
  'role-names-alike': changed('targets', '"PKGS" and "pkgs" differ', (r) => {
    r.delegate('targets', { name: 'PKGS', paths: ['PKGS/*'], ...offline })
    r.publish()
  }),
  'role-name-disputed': changed('targets', 'contains a name that objects inherit', (r) => {
    r.delegate('targets', { name: '__proto__', paths: ['team/*'], ...offline })
    r.publish()
  }),
  'delegation-cycle': changed('inner', 'It delegates to "pkgs", which leads back to it', (r) => {
    r.delegate('pkgs', { name: 'inner', paths: ['pkgs/*'], ...offline })
    r.delegate('inner', { name: 'pkgs', paths: ['pkgs/*'] })
    r.publish()
  }),
  'delegation-unreachable': changed('targets', 'Its terminating delegation to "all"', (r) => {
    r.delegate('targets', { name: 'all', paths: ['wide/*'], terminating: true, ...offline })
    r.delegate('targets', { name: 'late', paths: ['wide/*.whl'], ...offline })
    r.publish()
  }),
  'delegation-overlapped': changed(
    'targets',
    'Its delegation to "all" comes before "late"',
    (r) => {
      r.delegate('targets', { name: 'all', paths: ['wide/*'], ...offline })
      r.delegate('targets', { name: 'late', paths: ['wide/*.whl'], ...offline })
      r.publish()
    },
  ),
  'delegation-empty': changed('targets', 'Its delegation to "empty" lists no paths', (r) => {
    r.delegate('targets', { name: 'empty', paths: [], ...offline })
    r.publish()
  }),
  'prefix-never-matches': changed('targets', 'lists the prefix "AB"', (r) => {
    r.delegate('targets', { name: 'capital', pathHashPrefixes: ['AB'], ...offline })
    r.publish()
  }),
  'bins-incomplete': changed('pkgs', 'cover 12.5 of 100 paths', (r) => {
    r.delegate('pkgs', { name: 'bin-0', pathHashPrefixes: ['0'], ...offline })
    r.delegate('pkgs', { name: 'bin-1', pathHashPrefixes: ['1'], ...offline })
    r.publish()
  }),
  'pattern-disputed': changed('targets', 'contains braces', (r) => {
    r.delegate('targets', { name: 'braces', paths: ['braces/{a,b}'], ...offline })
    r.publish()
  }),
  'terminating-missing': edited('targets', '1 of 2 delegations leave open', (signed) => {
    delete at(signed['delegations'], 'roles', 0)['terminating']
  }),
  'succinct-roles': changed('pkgs', 'It delegates to 4 bins', (r) => {
    r.delegateSuccinct('pkgs', { bitLength: 2, ...offline })
    r.publish()
  }),
  'entry-without-hashes': () => ({
    repository: goodRepository({ snapshotHashes: false }),
    role: 'snapshot',
    says: '3 of 3 entries list neither length nor hashes',
  }),
  'consistent-snapshot-off': () => ({
    repository: goodRepository({ consistentSnapshot: false }),
    role: 'root',
    says: 'switches consistent snapshots off',
  }),
  'target-missing': changed('pkgs', 'is not there', (r) =>
    r.serve(r.targetNames('pkgs/a.whl')[0]!, 'missing', 'target'),
  ),
  'target-copy-missing': changed('pkgs', 'is not there under 1 of its 2 names', (r) => {
    r.addTarget('pkgs/two.whl', 'two', { role: 'pkgs', hashes: ['sha256', 'sha512'] })
    r.publish()
    r.serve(r.targetNames('pkgs/two.whl')[1]!, 'missing', 'target')
  }),
  'target-unreachable': changed('pkgs', 'status 500', (r) =>
    r.serve(r.targetNames('pkgs/a.whl')[0]!, { status: 500 }, 'target'),
  ),
  'target-altered': changed(
    'pkgs',
    'is not as listed',
    (r) => r.serve(r.targetNames('pkgs/a.whl')[0]!, new TextEncoder().encode('eagle'), 'target'),
    { sample: 10 },
  ),
  'target-unfound': changed('pkgs', 'no delegation to the role covers the path', (r) => {
    r.addTarget('elsewhere/a.whl', 'elsewhere', { role: 'pkgs' })
    r.publish()
  }),
  'target-shadowed': changed('pkgs', 'is listed by "targets" too', (r) => {
    r.addTarget('pkgs/a.whl', 'wheel', { role: 'targets' })
    r.publish()
  }),
  'target-names-alike': changed('pkgs', '"pkgs/a.whl" and "pkgs/A.whl" differ', (r) => {
    r.addTarget('pkgs/A.whl', 'another', { role: 'pkgs' })
    r.publish()
  }),
  'target-name-unsafe': changed('pkgs', 'one of its segments is', (r) => {
    r.addTarget('pkgs/..', 'up', { role: 'pkgs' })
    r.publish()
  }),
  'target-name-disputed': changed('pkgs', 'contains a space', (r) => {
    r.addTarget('pkgs/a b.whl', 'space', { role: 'pkgs' })
    r.publish()
  }),
  'hash-disputed': changed('pkgs', 'One entry lists "blake2b-256"', (r) => {
    r.addTarget('pkgs/c.whl', 'blake', { role: 'pkgs', hashes: ['blake2b-256'] })
    r.publish()
  }),
  'hash-unknown': changed('pkgs', 'is listed by "md5" alone', (r) =>
    r.edit('pkgs', (signed) => {
      at(signed['targets'], 'pkgs/a.whl')['hashes'] = { md5: 'ab'.repeat(16) }
    }),
  ),
  'date-disputed': edited('targets', 'It expires at "2027-01-01T00:00:00.5Z"', (signed) => {
    signed['expires'] = '2027-01-01T00:00:00.5Z'
  }),
  'consistent-snapshot-missing': () => {
    const repository = goodRepository({ consistentSnapshot: false })
    repository.edit('root', (signed) => {
      delete signed['consistent_snapshot']
    })
    return { repository, role: 'root', says: 'It lacks consistent_snapshot' }
  },
  'mirrors-in-root': edited('root', 'Its roles name mirrors', (signed) => {
    at(signed['roles'])['mirrors'] = { keyids: [], threshold: 1 }
  }),
  'timestamp-lists-more': edited('timestamp', 'It lists 1 other file', (signed) => {
    at(signed['meta'])['other.json'] = { version: 1 }
  }),
  'not-anchored': changed('root', 'No root was given', () => undefined, { root: undefined }),
  'targets-not-asked': changed('targets', 'It is not known where', () => undefined, {
    targetsUrl: undefined,
  }),
  incomplete: changed('', 'limit requests was reached', () => undefined, {
    limits: { requests: 5 },
  }),
}

function signersOf(name: string, count: number) {
  return Array.from({ length: count }, (_, number) => ed25519Signer(seedFrom(`${name} ${number}`)))
}
