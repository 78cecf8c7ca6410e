/**
 * The second verdict of `pypi verify --asc`: a detached signature of a file that the repository vouches
 * for, by a key in its project's keyring, which is a target. gpg reads the bytes through a check against
 * the repository's hashes, so that both verdicts are about the same bytes.
 */
import { defaultCryptography } from '#platform'
import { createChecker } from '../../core/keys/hash.js'
import { HashMismatchError, LengthMismatchError } from '../../errors.js'
import type { Repository } from '../../index.js'
import { atMost, PlainFileError, readChunks, readWhole } from '../../node/plain-file.js'
import { hasCode } from '../../node/system-error.js'
import { isAgreed } from '../../pypi/verdict/attestation.js'
import { defaultUnsizedLength } from '../../pypi/verdict/stream-file.js'
import type { FileVerdict, VouchedFile } from '../../pypi/verdict/verdict.js'
import { askGpg, type GpgLimits, type GpgProgram } from './gpg.js'
import { judgeAnswer, type Signer } from './status.js'

/** The verdict on a file's signature. */
export interface SignatureVerdict {
  /** `not-asked`: the repository does not vouch for the file. Only `good` is positive. */
  readonly verdict: 'good' | 'refused' | 'missing' | 'not-asked'
  /** A sentence without its full stop. */
  readonly reason: string
  /** The target path of the keyring. */
  readonly keyring?: string
  /** For `good`. */
  readonly signer?: Signer
}

/** How signatures are looked for. */
export interface SignatureQuestion {
  /** The target path of the keyring, with `{project}`. */
  readonly keyring: string
  /** The file of the signature. Default: beside the file, with `.asc` or `.sig` after its name. */
  readonly signature?: string | undefined
}

/** Where the keyring of a project is among the targets, by convention. */
export const defaultKeyring = 'keyrings/{project}.gpg'

/** The longest ones, in bytes. */
const signatureLimits = { keyring: 8_000_000, signature: 65_536 } as const

/** Asks for the signatures of the files of one view. */
export class SignatureWitness {
  readonly #repository: Repository
  readonly #program: GpgProgram
  readonly #question: SignatureQuestion
  readonly #limits: GpgLimits
  readonly #keyrings = new Map<string, Promise<Uint8Array | string>>()

  constructor(
    repository: Repository,
    program: GpgProgram,
    question: SignatureQuestion,
    limits: GpgLimits = {},
  ) {
    this.#repository = repository
    this.#program = program
    this.#question = question
    this.#limits = limits
  }

  /**
   * @param path of the file that the verdict is about
   * @throws the errors of `Repository.find` and `Repository.read` for the keyring; those of the file
   *   system; the signal's reason
   */
  async judge(path: string, file: FileVerdict): Promise<SignatureVerdict> {
    const { vouched } = file
    if (!vouched || !isAgreed(file)) {
      return { verdict: 'not-asked', reason: 'the repository does not vouch for the file' }
    }
    const keyring = this.#question.keyring.replaceAll('{project}', vouched.project)
    const keys = await this.#keyring(keyring)
    if (typeof keys === 'string') return { verdict: 'refused', reason: keys, keyring }
    return { ...(await this.#judge(path, vouched, keys)), keyring }
  }

  async #judge(path: string, vouched: VouchedFile, keyring: Uint8Array): Promise<SignatureVerdict> {
    try {
      const signature = await this.#signature(path)
      if (!signature) {
        const { signature: named } = this.#question
        const where = named ?? `${vouched.filename}.asc or .sig beside it`
        return { verdict: 'missing', reason: `no signature: ${where} does not exist` }
      }
      const content = checked(path, vouched, this.#limits.signal)
      const answer = await askGpg(this.#program, { keyring, signature, content }, this.#limits)
      if ('failed' in answer) return { verdict: 'refused', reason: answer.failed }
      const judged = judgeAnswer(answer, this.#program.name)
      if ('refused' in judged) return { verdict: 'refused', reason: judged.refused }
      const { signer } = judged
      const reason = `${signer.primary} ${signer.userId}, ${signer.time}`
      return { verdict: 'good', reason, signer }
    } catch (error) {
      if (error instanceof PlainFileError) return { verdict: 'refused', reason: error.message }
      if (error instanceof HashMismatchError || error instanceof LengthMismatchError) {
        return {
          verdict: 'refused',
          reason: 'the file changed after the repository vouched for it',
        }
      }
      throw error
    }
  }

  async #signature(path: string): Promise<Uint8Array | undefined> {
    const { signature } = this.#question
    const paths = signature === undefined ? [`${path}.asc`, `${path}.sig`] : [signature]
    for (const one of paths) {
      try {
        const { signal } = this.#limits
        return await readWhole(one, signatureLimits.signature, { signal })
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error
      }
    }
    return undefined
  }

  #keyring(path: string): Promise<Uint8Array | string> {
    const known = this.#keyrings.get(path) ?? this.#readKeyring(path)
    this.#keyrings.set(path, known)
    return known
  }

  /** Its bytes, or why they cannot be used. */
  async #readKeyring(path: string): Promise<Uint8Array | string> {
    const { signal } = this.#limits
    const target = await this.#repository.find(path, { signal })
    if (!target) return `the repository has no keyring: ${path} is not a target`
    if (target.length > signatureLimits.keyring) {
      return `the keyring ${path} is longer than ${signatureLimits.keyring} bytes`
    }
    const bytes = await this.#repository.read(path, { signal })
    // gpgv reads keyrings without armor only.
    if (!Buffer.from(bytes.subarray(0, 64)).toString('latin1').includes('-----BEGIN')) return bytes
    return `the keyring ${path} is armored text: publish what gpg --dearmor makes of it`
  }
}

/** The bytes of the file. It throws in place of ending when they are not those that were vouched for. */
async function* checked(
  path: string,
  vouched: VouchedFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const place = { role: vouched.filename, step: '5.7.3' } as const
  const checker = createChecker(vouched, place, defaultCryptography)
  for await (const chunk of atMost(readChunks(path, { signal }), defaultUnsizedLength, path)) {
    checker.update(chunk)
    yield chunk
  }
  checker.end()
}
