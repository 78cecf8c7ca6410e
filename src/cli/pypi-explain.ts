/** `tuffet pypi explain FILENAME` */
import { basename } from 'node:path'
import type { JudgedFile } from '../attestations/judge.js'
import type { PublishedAttestation } from '../attestations/verify.js'
import { attestationLines, attestationsOf } from '../attestations/witness.js'
import { isTufError } from '../errors.js'
import type { Explanation } from '../index.js'
import { TrustedRoles } from '../picture/trusted-roles.js'
import type { Finding, VouchedFile } from '../pypi/verdict/verdict.js'
import type { Command } from './command.js'
import { branchOf, roleJson } from './explain.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions } from './pypi-session.js'
import { WitnessQuestion, type RepositoryWitness, type Witnesses } from './pypi-witnesses.js'
import { treeLines, type Branch } from './tree.js'
import { pictureFiles, pictureOptions, withPictures, writePictures } from './write-pictures.js'
import { isoTime } from '../words/amounts.js'

export const pypiExplain: Command = {
  parameters: 'FILENAME',
  words: { least: 1, most: 1 },
  options: [...pypiOptions, ...pictureOptions],
  about: [
    'Shows why a wheel or a source distribution may be used, by its name: the chain of trust of the',
    'repository down to its page or target, and, with --attested, who signed it, from which commit,',
    'and in which log. Each of the two verdicts stands for itself; both must agree. No file is fetched.',
    '--svg and --html also draw it, the attestation beside the file. Status 1 unless the file may be',
    'used.',
  ],
  examples: [
    'tuffet pypi explain requests-2.32.3-py3-none-any.whl --attested',
    'tuffet pypi explain requests-2.32.3-py3-none-any.whl --attested --svg chain.svg',
  ],
  async run(call) {
    const [word = ''] = call.words
    const filename = basename(word)
    const files = pictureFiles(call)
    const trusted = new TrustedRoles()
    const session = await openPypiSession(call, { onEvent: (event) => trusted.note(event) })
    const isDrawn = [files.svg, files.html].some((file) => file !== undefined)
    const question = new WitnessQuestion(filename, session, call.io.signal, isDrawn)
    let found: Witnesses
    try {
      found = await question.ask()
    } catch (error) {
      if (!isTufError(error)) throw error
      const picture = question.pictureUntil(error, trusted)
      const pictures = await writePictures(files, picture, call, error)
      return withPictures({ lines: [], json: {}, error }, pictures)
    }
    const { vouched } = found.together
    const pictures = await writePictures(files, question.picture(found), call)
    const answer = {
      lines: treeLines(branchesOf(filename, found)),
      json: jsonOf(filename, found),
      ...(!vouched && { error: new NotVerifiedError(`${filename}: ${found.together.reason}`) }),
    }
    return withPictures(answer, pictures)
  },
}

/** Undefined where the repository does not vouch for the file: then no target is its own. */
function chainOf({ finding, explained }: RepositoryWitness): Explanation | undefined {
  return finding.vouched && explained
}

function branchesOf(filename: string, { repository, attestation }: Witnesses): Branch[] {
  const chain = repository && chainOf(repository)
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
        chain: chainOf(repository)?.chain.map(roleJson) ?? [],
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
