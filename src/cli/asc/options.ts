/** The options of `--asc`, and the program that it needs: both are known before a request is made. */
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { Repository } from '../../index.js'
import { sweepTemporaryFolders } from '../../node/temporary-folder.js'
import type { Call } from '../command.js'
import { inFolder } from '../in-folder.js'
import type { OptionName } from '../options.js'
import { UsageError } from '../usage-error.js'
import { VerdictError } from '../verdict-error.js'
import { findGpg } from './gpg.js'
import { defaultKeyring, SignatureWitness } from './witness.js'

/** Their names. */
export const signatureOptions: readonly OptionName[] = ['asc', 'signature', 'keyring']

/**
 * Undefined without `--asc`. The witness of a repository; an index without signatures has no keyrings.
 *
 * @throws UsageError for options that do not fit; VerdictError without a program
 */
export async function signaturesOf({
  options,
  words,
  io,
}: Call): Promise<((repository: Repository | undefined) => SignatureWitness) | undefined> {
  const { asc = false, signature, keyring = defaultKeyring } = options
  if (!asc) {
    const alone = (['signature', 'keyring'] as const).find((name) => options[name] !== undefined)
    if (alone !== undefined) throw new UsageError(`--${alone} needs --asc`)
    return undefined
  }
  if (
    signature !== undefined &&
    (words.length > 1 || (await isFolder(words[0] ?? '', io.folder)))
  ) {
    throw new UsageError('--signature is for one file: beside several, each signature has its name')
  }
  const program = await findGpg(process.env)
  if (!program) {
    throw new VerdictError(
      'NO_GPG',
      '--asc needs gpgv or gpg, and neither is on the PATH: install GnuPG (Debian: gpgv; Fedora: gnupg2; Homebrew: gnupg)',
    )
  }
  // Of runs that were killed.
  await sweepTemporaryFolders(tmpdir(), 'asc')
  const file = signature === undefined ? {} : { signature: inFolder(io.folder, signature) }
  return (repository) => {
    if (!repository) throw new UsageError('--asc needs a TUF repository: keyrings are its targets')
    return new SignatureWitness(repository, program, { keyring, ...file }, { signal: io.signal })
  }
}

async function isFolder(word: string, folder: string): Promise<boolean> {
  try {
    return (await stat(inFolder(folder, word))).isDirectory()
  } catch {
    // Its verdict says what is wrong with it.
    return false
  }
}
