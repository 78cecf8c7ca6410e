/** The chain of a distribution as a picture: down to its page or target, its attestation beside it. */
import { attestationWitness } from '../attestations/witness.js'
import { RepositoryError, type TufError } from '../errors.js'
import type { Explanation } from '../index.js'
import type { ChainPicture, Witness } from '../picture/chain.js'
import type { TrustedRoles } from '../picture/trusted-roles.js'
import { parseFilename } from '../pypi/names/file-name.js'
import type { Layout } from '../pypi/layouts.js'
import type { Finding, VouchedFile } from '../pypi/verdict/verdict.js'
import { count } from '../words/amounts.js'
import type { JudgedEntry } from './attestations.js'

/** With a repository. */
export function repositoryPicture(
  filename: string,
  now: number,
  found: { readonly finding: Finding; readonly explained: Explanation | undefined },
  attestation: Witness | undefined,
): ChainPicture {
  const { finding, explained } = found
  const chain = explained ?? { path: filename, now, chain: [] }
  const beside = attestation ? [attestation] : []
  if (finding.vouched?.target) return { ...chain, beside }
  return { ...chain, file: fileOnPage(filename, finding), beside }
}

/** On an index without signatures, where only an attestation vouches for a file. */
export function unsignedPicture(
  filename: string,
  now: number,
  found: { readonly attestation: JudgedEntry | undefined; readonly together: Finding },
): ChainPicture {
  const { attestation, together } = found
  const sha256 = attestation?.file.sha256
  const file: Witness = attestation
    ? {
        title: filename,
        verdict: attestation.finding.verdict === 'match' ? 'good' : 'open',
        note: 'on its page',
        lines: [],
        codes: sha256 === undefined ? [] : [`sha256 ${sha256}`],
      }
    : fileOnPage(filename, together)
  const beside = attestation ? [attestationWitness(attestation.finding)] : []
  return { path: filename, now, chain: [], unsigned: true, file, beside }
}

/** Until a role, or a page, was refused. */
export function refusedPicture(
  filename: string,
  error: TufError,
  { trusted, layout, now }: { trusted: TrustedRoles; layout: Layout; now: number },
): ChainPicture {
  const paths = pagePaths(layout, filename)
  const path = paths.find((one) => error instanceof RepositoryError && error.role === one)
  const picture = trusted.until(error, path ?? paths[0] ?? filename, now)
  return paths.length === 0 ? picture : { ...picture, file: unreached(filename) }
}

/** The roles are believed; the attestation, or the key material for it, was not obtained. */
export function unobtainedAttestation({ code, message }: TufError): Witness {
  return { title: 'attestation', verdict: 'open', note: 'not obtained', lines: [code, message] }
}

/** A file that was not looked at. */
export function unreached(title: string): Witness {
  return { title, verdict: 'open', note: 'not reached', lines: [] }
}

/** Where the page of a file may be. */
export function pagePaths(layout: Layout, filename: string): string[] {
  const project = parseFilename(filename.replace(/\.metadata$/, ''))?.project
  return project === undefined ? [] : layout.pages(project).map(({ path }) => path)
}

function fileOnPage(title: string, finding: Finding): Witness {
  if (finding.vouched) return { title, ...vouchedWords(finding.vouched) }
  const { verdict, reason } = finding
  const isOpen = verdict === 'unknown' || verdict === 'not-covered'
  return { title, verdict: isOpen ? 'open' : 'refused', note: verdict, lines: [reason] }
}

function vouchedWords({ length, hashes }: VouchedFile): Omit<Witness, 'title'> {
  const codes = [...hashes].map(([name, digest]) => `${name} ${digest}`)
  const note = length === undefined ? 'length unknown' : count(length, 'byte')
  return { verdict: 'good', note, lines: [], codes }
}
