/** `tuffet pypi verify PATH…` */
import { stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { PlainFileError } from '../node/plain-file.js'
import type { FileVerdict } from '../pypi/verdict/verdict.js'
import { mayBeInstalled } from '../pypi/verdict/verify-folder.js'
import type { PypiView } from '../pypi/view.js'
import { signatureError, signatureLines } from './asc/lines.js'
import { signatureOptions, signaturesOf } from './asc/options.js'
import type { SignatureVerdict } from './asc/witness.js'
import type { Call, Command } from './command.js'
import { inFolder } from './in-folder.js'
import { lineWidth } from './io.js'
import { NotVerifiedError } from './not-verified-error.js'
import { progressBar } from './progress.js'
import { openPypiSession, pypiOptions, rethrowVanished } from './pypi-session.js'
import {
  acceptance,
  countVerdicts,
  differenceJson,
  verdictError,
  verdictLines,
} from './verdict-table.js'

/** The verdict on a file, and how it is called. */
export interface VerifiedPath extends FileVerdict {
  /** As it is shown. */
  readonly file: string
}

export const pypiVerify: Command = {
  parameters: 'PATH...',
  words: { least: 1, most: Infinity },
  options: [...pypiOptions, ...signatureOptions],
  about: [
    'Compares each wheel and source distribution with the file of that name in the repository, after',
    'a refresh: files, or folders with everything that an installer may take from them. Status 1',
    'unless every one is a match. With --asc each needs a detached OpenPGP signature too, by a key in',
    'the keyring of its project, which is a target. gpgv or gpg verifies it.',
  ],
  examples: [
    'tuffet pypi verify wheels/',
    'tuffet pypi verify --bundle attestations wheels/',
    'tuffet pypi verify --asc requests-2.32.3.tar.gz',
  ],
  async run(call) {
    const askSignatures = await signaturesOf(call)
    const session = await openPypiSession(call)
    const found = await session.ask(async (view, repository) => {
      const witness = askSignatures?.(repository)
      const all: (VerifiedPath & { readonly signature?: SignatureVerdict })[] = []
      for (const path of call.words) {
        const verdicts = await verifyPath(view, path, call)
        if (verdicts.length === 0) {
          throw new NotVerifiedError(`${path} contains no distribution: nothing was verified`)
        }
        for (const one of verdicts) {
          const signature = await witness?.judge(inFolder(call.io.folder, one.file), one)
          all.push({ ...one, ...(signature && { signature }) })
        }
      }
      return all
    })
    const rows = found.map((one) => ({
      verdict: one.verdict,
      ...acceptance(one),
      subject: one.file,
      reason: one.reason,
    }))
    const width = lineWidth(call.io.stdout)
    const signed = found.flatMap(({ file, signature }) => (signature ? [{ file, signature }] : []))
    return {
      lines: [
        ...verdictLines(rows, 'file', width),
        ...(askSignatures ? signatureLines(signed, width) : []),
      ],
      json: {
        counts: countVerdicts(rows),
        files: found.map(({ file, verdict, accepted, reason, vouched, difference, signature }) => ({
          file,
          verdict,
          ...(accepted === true && { accepted }),
          reason,
          ...(vouched && { project: vouched.project, version: vouched.version }),
          ...differenceJson(difference),
          ...(signature && { signature }),
        })),
      },
      ...(verdictError(rows, 'file') ?? signatureError(signed)),
    }
  },
}

/** One verdict for a file, or one for each in a folder. */
export async function verifyPath(
  view: PypiView,
  path: string,
  { io }: Call,
): Promise<VerifiedPath[]> {
  const { signal, folder } = io
  const absolute = inFolder(folder, path)
  const isFolder = (await stat(absolute)).isDirectory()
  // pip builds a folder that is called like an archive, whatever is in it.
  if (!isFolder || mayBeInstalled(basename(path))) {
    return [{ file: path, ...(await verifyNamed(view, absolute, signal)) }]
  }
  const verdicts = []
  const bar = progressBar(io.stderr, path, { counts: 'files' })
  try {
    const onProgress = ({ done, total }: { done: number; total: number }): void =>
      bar.update({ received: done, total })
    for await (const verdict of view.verifyFolder(absolute, { signal, onProgress })) {
      rethrowVanished(verdict.error)
      verdicts.push({ file: shown(folder, absolute, verdict.filename), ...verdict })
    }
  } finally {
    bar.end()
  }
  return verdicts
}

async function verifyNamed(
  view: PypiView,
  path: string,
  signal: AbortSignal,
): Promise<FileVerdict> {
  try {
    return await view.verifyFile(path, { signal })
  } catch (error) {
    if (!(error instanceof PlainFileError)) throw error
    return { filename: basename(path), verdict: 'failed', reason: error.message, error }
  }
}

function shown(folder: string, absolute: string, filename: string): string {
  return relative(folder, join(absolute, filename))
}
