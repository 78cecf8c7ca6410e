/** `tuffet pypi pin NAME==VERSION…` */
import { readLines } from '../pypi/lock/requirement-lines.js'
import { decodeText } from '../pypi/lock/text.js'
import { splitRequirement, type Pin } from '../pypi/verdict/pin.js'
import type { Command } from './command.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions, requirePages, rethrowVanished } from './pypi-session.js'
import { lockFileReader } from './read-input.js'
import { UsageError } from './usage-error.js'

export const pypiPin: Command = {
  parameters: '[NAME==VERSION...]',
  words: { least: 0, most: Infinity },
  options: [...pypiOptions, 'requirement'],
  about: [
    'Prints each NAME==VERSION, and each one in the files given by -r, with the SHA-256 of every file',
    'of it that the repository vouches for, after a refresh. pip can then check each file by its hash.',
    'Status 1 when one of them lacks a verified file.',
  ],
  examples: [
    'tuffet pypi pin requests==2.32.3 > requirements.txt',
    'tuffet pypi pin --requirement versions.txt --offline',
  ],
  async run(call) {
    const written = call.words.map((requirement): Written => ({ requirement }))
    const read = lockFileReader(call.io)
    for (const file of call.options.requirement ?? []) {
      written.push(...requirementsIn(file, await read(file)))
    }
    if (written.length === 0) throw new UsageError('give NAME==VERSION, or a file with -r')
    for (const one of written) refuseOtherForms(one)
    const requirements = written.map(({ requirement }) => requirement)
    const session = await openPypiSession(call)
    requirePages(session)
    const pins = await session.ask(async (view) => {
      const all = await view.pin(requirements, { signal: call.io.signal })
      for (const { error } of all) rethrowVanished(error)
      return all
    })
    const missing = pins.filter(({ text }) => text === undefined)
    const [first] = missing
    return {
      lines: pins.flatMap(pinLines),
      json: { pins: pins.map(pinJson) },
      ...(first && {
        error: new NotVerifiedError(
          `${missing.length} of ${pins.length} could not be pinned; ${first.requirement}: ${first.reason}`,
        ),
      }),
    }
  },
}

/** A requirement, and its place if it comes from a file. */
interface Written {
  readonly requirement: string
  readonly place?: string
}

/** One requirement on each line; other lines of a requirements file do not carry a hash. */
function requirementsIn(file: string, bytes: Uint8Array): Written[] {
  return readLines(decodeText(bytes, file), file, process.env).map(
    ({ requirement, options, line }) => {
      const other = options.find(({ name }) => name !== '--hash')
      const place = `${file}:${line}: `
      if (requirement !== '' && !other) return { requirement, place }
      throw new UsageError(`${place}${other?.name ?? 'this'} cannot be pinned`)
    },
  )
}

function refuseOtherForms({ requirement, place = '' }: Written): void {
  try {
    splitRequirement(requirement)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`${place}${error.message}`, { cause: error })
  }
}

function pinLines({ text, left, requirement, reason, files }: Pin): string[] {
  return [
    ...files.flatMap(({ vouched: { filename, attestation, unsigned } }) =>
      attestation === undefined || unsigned !== true || attestation.verdict === 'match'
        ? []
        : [`# accepted, ${attestation.verdict}: ${filename}: ${attestation.reason}`],
    ),
    ...left.map((file) => `# not allowed, ${file.verdict}: ${file.filename}: ${file.reason}`),
    ...(text === undefined ? [`# ${requirement}: ${reason}`] : text.split('\n')),
  ]
}

function pinJson(pin: Pin): Record<string, unknown> {
  const { requirement, project, version, verdict, accepted, reason, text, files, left } = pin
  return {
    requirement,
    project,
    version,
    verdict,
    ...(accepted === true && { accepted }),
    reason,
    ...(text !== undefined && { text }),
    files: files.map(({ vouched, sha256 }) => ({ filename: vouched.filename, sha256 })),
    left,
  }
}
