/**
 * `npm run audit`: known weaknesses of every installed package, as the registry lists them. A registry
 * without that list is named, and is not a failure.
 */
import { spawnSync } from 'node:child_process'

interface Report {
  readonly message?: string
  /** The registry's, when it refused. */
  readonly statusCode?: number
  readonly error?: { readonly code?: string; readonly summary?: string }
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>
}

const { stdout, stderr } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', shell: false })
const report = read(stdout)
const found = Object.entries(report.vulnerabilities ?? {})

if (report.vulnerabilities === undefined) {
  const reason = report.error?.summary ?? report.message ?? stderr.trim()
  const lacksList = [404, 405, 410, 501].includes(report.statusCode ?? 0)
  console.error(
    lacksList
      ? 'Not checked: this registry lists no weaknesses (it has no audit endpoint).'
      : `npm audit failed: ${reason}`,
  )
  process.exitCode = lacksList ? 0 : 1
} else if (found.length === 0) {
  console.log('No known weakness in any installed package.')
} else {
  for (const [name, { severity }] of found) console.error(`${name}: ${severity}`)
  console.error('npm audit says more.')
  process.exitCode = 1
}

function read(text: string): Report {
  try {
    return JSON.parse(text) as Report
  } catch {
    return {}
  }
}
