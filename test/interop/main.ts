/**
 * Asks the reference clients every vector and writes `docs/interop.md`; with `--check` the page is
 * compared and not written. Missing tools are named; then the page is not written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Requirement } from '../../src/vectors/format.js'
import { runVectors } from '../../src/vectors/runner.js'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import { findProgram } from '../../src/vectors/node/run-command.js'
import { countedPeers, peers, type Peer } from './peers.js'
import {
  countsSection,
  countsSectionOf,
  interopPage,
  staleBehaviours,
  type PeerReport,
} from './report.js'

const page = fileURLToPath(new URL('../../docs/interop.md', import.meta.url))
const vectorFolder = new URL('../../spec-vectors/', import.meta.url)

const files = await loadVectorFolder(vectorFolder)
const functionFamilies = files.filter(({ kind }) => kind === 'function').map((one) => one.family)
const missing: string[] = []
if (findProgram('faketime') === undefined) missing.push('faketime is not installed')
const reports = await reportsOf(peers, missing)
const notCounted: string[] = []
// Their tools compile for ten minutes.
const asksAll = process.env['TUFFET_INTEROP'] === 'all'
if (!asksAll) notCounted.push('TUFFET_INTEROP=all asks go-tuf and tough as well')
const counted = asksAll ? await reportsOf(countedPeers, notCounted) : []

async function reportsOf(asked: typeof peers, absent: string[]): Promise<PeerReport[]> {
  const answers: PeerReport[] = []
  for (const [peer, open] of Object.entries(asked)) {
    const opened = open(functionFamilies)
    if ('reason' in opened) absent.push(`${peer}: ${opened.reason}`)
    else answers.push({ peer, ...(await ask(opened)) })
  }
  return answers
}

async function ask({ client, close }: Peer): Promise<Omit<PeerReport, 'peer'>> {
  const report = await runVectors(files, client, { concurrency: availableParallelism() })
  close()
  const { passed, failed, skipped } = report
  console.log(`${client.name}: ${passed} as expected, ${failed} not, ${skipped} not asked`)
  return { name: client.name, report }
}

if (missing.length > 0) {
  console.log(`Skipped docs/interop.md: ${missing.join('; ')}`)
  // A missing tool that the user named is a failure.
  process.exitCode = process.env['PYTHON'] === undefined ? 0 : 1
} else {
  const stale = staleBehaviours(reports)
  for (const one of stale) console.error(`No client does this any more: ${one}`)
  const before = existsSync(page) ? readFileSync(page, 'utf8') : ''
  // Without Go or Rust the numbers stay as they were.
  if (notCounted.length > 0) console.log(`Skipped the other clients: ${notCounted.join('; ')}`)
  const counts = notCounted.length > 0 ? countsSectionOf(before) : countsSection(counted, files)
  const text = interopPage(reports, files, requirementsOf(), counts)
  const same = before === text
  const check = process.argv.includes('--check')
  if (!check) writeFileSync(page, text)
  else if (!same) console.error('docs/interop.md is not what npm run interop writes')
  process.exitCode = stale.length > 0 || (check && !same) ? 1 : 0
}

function requirementsOf(): readonly Requirement[] {
  const file = readFileSync(new URL('requirements.json', vectorFolder), 'utf8')
  const parse: (text: string) => { readonly requirements: readonly Requirement[] } = JSON.parse
  return parse(file).requirements
}
