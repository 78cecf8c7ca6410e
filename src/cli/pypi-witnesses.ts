/** Asks the two witnesses of a file, and knows how far it came when one of them does not answer. */
import { attestationWitness } from '../attestations/witness.js'
import type { TufError } from '../errors.js'
import type { Explanation, Repository } from '../index.js'
import type { ChainPicture } from '../picture/chain.js'
import type { TrustedRoles } from '../picture/trusted-roles.js'
import { parseFilename } from '../pypi/names/file-name.js'
import type { Finding } from '../pypi/verdict/verdict.js'
import { PypiView } from '../pypi/view.js'
import type { JudgedEntry } from './attestations.js'
import {
  pagePaths,
  refusedPicture,
  repositoryPicture,
  unobtainedAttestation,
  unreached,
  unsignedPicture,
} from './pypi-picture.js'
import type { PypiSession } from './pypi-session.js'

/** The two witnesses of a file, each with its verdict; either may not be asked. */
export interface Witnesses {
  readonly repository: RepositoryWitness | undefined
  readonly attestation: JudgedEntry | undefined
  /** With both. */
  readonly together: Finding
}

/** The repository's verdict. */
export interface RepositoryWitness {
  readonly finding: Finding
  /** The chain down to its target, or to its page; where they do not vouch for it, for a picture only. */
  readonly explained: Explanation | undefined
}

export class WitnessQuestion {
  readonly #filename: string
  readonly #session: PypiSession
  readonly #signal: AbortSignal
  readonly #drawn: boolean
  #asked = false
  /** The repository answered, and then the attestation could not be judged. */
  #late: { readonly error: unknown; readonly repository: RepositoryWitness | undefined } | undefined

  /** @param drawn whether the answer becomes a picture */
  constructor(filename: string, session: PypiSession, signal: AbortSignal, drawn: boolean) {
    this.#filename = filename
    this.#session = session
    this.#signal = signal
    this.#drawn = drawn
  }

  ask(): Promise<Witnesses> {
    return this.#session.ask((view, repository) => this.#ask(view, repository))
  }

  async #ask(view: PypiView, given: Repository | undefined): Promise<Witnesses> {
    const [filename, options] = [this.#filename, { signal: this.#signal }]
    this.#asked = true
    const repository = given && (await this.#askRepository(view, given))
    const project = parseFilename(filename)?.project
    // Its page is kept: an error from now on is one of the attestation.
    if (!given && project !== undefined) await view.project(project, options)
    try {
      const together = await view.find(filename, options)
      const listed = together.vouched?.filename ?? filename
      const judged = this.#session.attestations?.judged() ?? []
      const attestation = judged.find(({ file }) => file.filename === listed) ?? judged[0]
      return { repository, attestation, together }
    } catch (error) {
      this.#late = { error, repository }
      throw error
    }
  }

  /** Without attestations, so that they change nothing of its verdict. */
  async #askRepository(view: PypiView, repository: Repository): Promise<RepositoryWitness> {
    const options = { signal: this.#signal }
    const finding = await new PypiView(repository, view.layout).find(this.#filename, options)
    const paths = pagePaths(view.layout, this.#filename)
    const known = finding.vouched?.target ?? finding.vouched?.page
    if (known) return { finding, explained: await repository.explain(known.path, options) }
    const shown = paths.length === 0 ? [this.#filename] : paths
    let explained: Explanation | undefined
    for (const path of this.#drawn ? shown : []) {
      const other = await repository.explain(path, options)
      explained ??= other
      if (other.target) return { finding, explained: other }
    }
    return { finding, explained }
  }

  /** The picture of the answer. */
  picture({ repository, attestation, together }: Witnesses): ChainPicture {
    const { now } = this.#session
    if (!repository) return unsignedPicture(this.#filename, now, { attestation, together })
    const witness = attestation && attestationWitness(attestation.finding)
    return repositoryPicture(this.#filename, now, repository, witness)
  }

  /** The picture of an answer that an error prevents. */
  pictureUntil(error: TufError, trusted: TrustedRoles): ChainPicture {
    const filename = this.#filename
    const { layout, now, unsigned } = this.#session
    const isLate = this.#late?.error === error
    const repository = isLate ? this.#late?.repository : undefined
    if (repository)
      return repositoryPicture(filename, now, repository, unobtainedAttestation(error))
    // The repository's refresh ended well: the judge's own one did not.
    const isJudge = !this.#asked && (unsigned || trusted.all.some(({ role }) => role === 'targets'))
    const path = pagePaths(layout, filename)[0] ?? filename
    if (isLate || isJudge) {
      const [file, beside] = [unreached(filename), [unobtainedAttestation(error)]]
      return { path, now, chain: trusted.all, unsigned, file, beside }
    }
    if (unsigned) return { path: filename, now, chain: [], unsigned, error }
    return refusedPicture(filename, error, { trusted, layout, now })
  }
}
