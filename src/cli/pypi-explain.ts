/** `tuffet pypi explain FILENAME` */
import { basename } from 'node:path'
import type { PublishedAttestation } from '../attestations/verify.js'
import { describePublisher } from '../attestations/publisher.js'
import type { Explanation, Repository } from '../index.js'
import type { JudgedFile } from '../attestations/judge.js'
import type { Finding, VouchedFile } from '../pypi/verdict/verdict.js'
import { PypiView } from '../pypi/view.js'
import type { JudgedEntry } from './attestations.js'
import type { Command } from './command.js'
import { branchOf, roleJson } from './explain.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions } from './pypi-session.js'
import { treeLines, type Branch } from './tree.js'
import { isoTime } from '../words/amounts.js'

/** The two witnesses of a file, each with its verdict; either may not be asked. */
interface Witnesses {
  readonly repository:
    { readonly finding: Finding; readonly chain: Explanation | undefined } | undefined
  readonly attestation: JudgedEntry | undefined
  /** With both. */
  readonly together: Finding
}

export const pypiExplain: Command = {
  parameters: 'FILENAME',
  words: { least: 1, most: 1 },
  options: pypiOptions,
  about: [
    'Shows why a wheel or a source distribution may be used, by its name: the chain of trust of the',
    'repository down to its page or target, and, with --attested, who signed it, from which commit,',
    'and in which log. Each of the two verdicts stands for itself; both must agree. No file is fetched.',
    'Status 1 unless the file may be used.',
  ],
  examples: ['tuffet pypi explain requests-2.32.3-py3-none-any.whl --attested'],
  async run(call) {
    const [word = ''] = call.words
    const filename = basename(word)
    const { signal } = call.io
    const session = await openPypiSession(call)
    const found = await session.ask(async (view, repository): Promise<Witnesses> => {
      const together = await view.find(filename, { signal })
      const listed = together.vouched?.filename ?? filename
      const judged = session.attestations?.judged() ?? []
      return {
        repository: repository && (await askRepository(view, repository, filename, signal)),
        attestation: judged.find(({ file }) => file.filename === listed) ?? judged[0],
        together,
      }
    })
    const { vouched } = found.together
    const branches = branchesOf(filename, found)
    return {
      lines: treeLines(branches),
      json: jsonOf(filename, found),
      ...(!vouched && { error: new NotVerifiedError(`${filename}: ${found.together.reason}`) }),
    }
  },
}

/** Without attestations, so that they change nothing of its verdict. */
async function askRepository(
  view: PypiView,
  repository: Repository,
  filename: string,
  signal: AbortSignal,
): Promise<NonNullable<Witnesses['repository']>> {
  const finding = await new PypiView(repository, view.layout).find(filename, { signal })
  const path = finding.vouched?.target?.path ?? finding.vouched?.page?.path
  const chain = path === undefined ? undefined : await repository.explain(path, { signal })
  return { finding, chain }
}

function branchesOf(filename: string, { repository, attestation }: Witnesses): Branch[] {
  const chain = repository?.chain
  const above = chain?.chain.map((role, depth) => branchOf(role, depth, chain.now)) ?? []
  const place: Branch[] = chain?.target
    ? [{ depth: above.length, title: chain.target.path, details: [] }]
    : []
  const top = above.length + place.length
  return [
    ...above,
    ...place,
    { depth: top, title: filename, details: repository ? [] : ['an index without signatures'] },
    ...(repository ? [repositoryBranch(repository.finding, top + 1)] : []),
    ...(attestation ? [attestationBranch(attestation.finding, top + 1)] : []),
  ]
}

function repositoryBranch({ vouched, ...refusal }: Finding, depth: number): Branch {
  if (vouched) return { depth, title: 'repository: match', details: hashLinesOf(vouched) }
  const { verdict, reason } = refusal as Exclude<Finding, { vouched: VouchedFile }>
  return { depth, title: `repository: ${verdict}`, details: [reason] }
}

function hashLinesOf({ hashes }: VouchedFile): string[] {
  return [...hashes].map(([name, digest]) => `${name} ${digest}`)
}

function attestationBranch(finding: JudgedFile, depth: number): Branch {
  const accepted = finding.accepted && finding.verdict !== 'match' ? ', accepted' : ''
  return {
    depth,
    title: `attestations: ${finding.verdict}${accepted}`,
    details: [finding.reason, ...attestationsOf(finding).flatMap(attestationLines)],
  }
}

function attestationsOf({ judged }: JudgedFile): readonly PublishedAttestation[] {
  if (judged.verdict === 'match') return [judged.attestation]
  return judged.verdict === 'signed' ? judged.provenance.attestations : []
}

function attestationLines(attestation: PublishedAttestation): string[] {
  const { claim, publisher, certificate, times, entries, predicateType } = attestation
  const { sourceRepositoryRef: reference, sourceRepositoryDigest: commit } = certificate.claims
  const source = [reference && `at ${reference}`, commit && `commit ${commit}`].filter(Boolean)
  return [
    `${publisher ? describePublisher(publisher) : claim.kind} (${predicateType})`,
    ...(source.length > 0 ? [`  ${source.join(', ')}`] : []),
    `  signed at ${times.map(isoTime).join(', ')}`,
    ...entries.map(({ log, index }) => `  entry ${index} of ${log}`),
  ]
}

function jsonOf(
  filename: string,
  { repository, attestation, together }: Witnesses,
): Record<string, unknown> {
  const finding = repository?.finding
  return {
    filename,
    ...(finding && {
      repository: {
        ...verdictJson(finding),
        chain: repository.chain?.chain.map(roleJson) ?? [],
      },
    }),
    ...(attestation && {
      attestations: {
        verdict: attestation.finding.verdict,
        accepted: attestation.finding.accepted,
        reason: attestation.finding.reason,
        signed: attestationsOf(attestation.finding).map(signedJson),
      },
    }),
    usable: together.vouched !== undefined,
  }
}

function verdictJson(finding: Finding): Record<string, unknown> {
  if (!finding.vouched) return { verdict: finding.verdict, reason: finding.reason }
  return { verdict: 'match', hashes: Object.fromEntries(finding.vouched.hashes) }
}

function signedJson(attestation: PublishedAttestation): Record<string, unknown> {
  const { claim, publisher, certificate, times, entries, predicateType } = attestation
  return {
    publisher: publisher ?? { kind: claim.kind },
    predicateType,
    claims: certificate.claims,
    times: times.map(isoTime),
    entries: entries.map(({ log, index }) => ({ log, index })),
  }
}
