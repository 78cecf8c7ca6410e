/** An audit of a test repository at its own time. */
import { auditRepository, type AuditOptions, type AuditReport } from '../../src/audit/index.js'
import type { TestRepository } from '../../src/testing/index.js'

export function audit(
  repository: TestRepository,
  options: Partial<AuditOptions> = {},
): Promise<AuditReport> {
  const fetcher = repository.fetcher()
  const { metadataUrl, targetsUrl } = fetcher
  const root = 'root' in options ? undefined : repository.root()
  const { now } = repository
  return auditRepository({ metadataUrl, targetsUrl, fetcher, root, now, retries: 0, ...options })
}
