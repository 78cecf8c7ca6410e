/** Walks a whole repository as no client does, and says what its operators should know. */
import { defaultCryptography, defaultFetcher } from '#platform'
import { listening } from '../client/retry.js'
import { olpc } from '../core/json/canonical.js'
import { checkBaseUrl } from '../core/names.js'
import { checkInteger, checkNumber, checkTime } from '../core/number-option.js'
import { incomplete, noteLimit, type Audit } from './context.js'
import { Findings } from './findings.js'
import { resolveAuditLimits, type AuditOptions } from './options.js'
import type { AuditReport } from './report.js'
import { Room } from './room.js'
import { Source } from './source.js'
import { walkRoots } from './walk/roots.js'
import { RoleWalk } from './walk/roles.js'
import { TargetFiles } from './walk/target-files.js'
import { TargetTable } from './walk/target-table.js'
import { readSnapshot } from './walk/top-level.js'

/**
 * Audits a repository: every root from the first, every role through every delegation, every listed
 * file asked for. It goes on after a fault, believes no file, hands none out, and writes none. Faults of
 * the repository are findings; the promise is rejected for other reasons only.
 *
 * @throws TypeError for a URL that cannot be a base, RangeError for a number out of range;
 *   MetadataInvalidError, SpecVersionError, ThresholdError for a given root that cannot be one; the
 *   signal's reason
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { auditRepository } from 'tuffet/audit'
 *
 * const { findings, complete } = await auditRepository({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   targetsUrl: 'https://tuf.example.com/targets/',
 *   root: await readFile('root.json'),
 * })
 * for (const { code, role, message } of findings) console.debug(code, role, message)
 * console.debug(complete) // whether no limit of the audit was reached
 * ```
 */
export async function auditRepository(options: AuditOptions): Promise<AuditReport> {
  const { metadataUrl, targetsUrl, signal = new AbortController().signal } = options
  checkBaseUrl(metadataUrl)
  if (targetsUrl !== undefined) checkBaseUrl(targetsUrl)
  const now = options.now ?? Date.now()
  checkTime('now', now)
  checkNumber('days', options.days ?? 0, 0, 36_500)
  for (const [role, days] of Object.entries(options.daysOf ?? {})) {
    checkNumber(`daysOf ${role}`, days, 0, 36_500)
  }
  checkInteger('sample', options.sample ?? 0, 0, 1_000_000)
  checkInteger('concurrency', options.concurrency ?? 8, 1, 1_024)
  const limits = resolveAuditLimits(options.limits)
  const fetcher = listening(options.fetcher ?? defaultFetcher(), options.retries, () => undefined)
  const source = new Source(fetcher, metadataUrl, limits, signal)
  const audit: Audit = {
    options: { ...options, ...(options.root && { root: new Uint8Array(options.root) }) },
    now,
    limits,
    findings: new Findings(limits.findings),
    source,
    cryptography: options.cryptography ?? defaultCryptography,
    form: options.canonicalForm ?? olpc,
    counters: {
      roots: 0,
      roles: 0,
      edges: 0,
      targets: 0,
      asked: 0,
      read: 0,
      requests: 0,
      bytes: 0,
    },
    onlineKeys: new Set(),
    topLevel: [],
    soonest: [],
    steps: { left: limits.steps },
    room: new Room(limits.fileLength),
    kept: 0,
    complete: true,
  }
  if (targetsUrl === undefined) {
    const message = 'It is not known where target files are.'
    audit.findings.add({ code: 'targets-not-asked', role: 'targets', message })
  }
  try {
    await walk(audit, options.hashPrefix, fetcher)
  } catch (error) {
    noteLimit(audit, error)
  } finally {
    source.close()
  }
  return reportOf(audit)
}

async function walk(
  audit: Audit,
  hashPrefix: boolean | undefined,
  fetcher: ReturnType<typeof listening>,
): Promise<void> {
  const root = await walkRoots(audit)
  const snapshot = root && (await readSnapshot(audit, root))
  if (!root || !snapshot) {
    if (audit.complete)
      incomplete(audit, 'The delegated roles are below a file that cannot be read.')
    return
  }
  const files = new TargetFiles(audit, fetcher, hashPrefix ?? root.consistentSnapshot)
  const table = new TargetTable(audit, files)
  const roles = new RoleWalk(audit, root, snapshot, table)
  await roles.run()
  await files.finish()
  await table.compare(roles.delegators)
}

function reportOf(audit: Audit): AuditReport {
  const { options, now, findings, source, counters, topLevel, soonest, complete } = audit
  return {
    metadataUrl: options.metadataUrl,
    now,
    anchored: options.root !== undefined,
    complete,
    roles: topLevel,
    soonest,
    counts: { ...counters, requests: source.requests, bytes: source.bytes },
    totals: findings.totals(),
    findings: findings.list(),
  }
}
