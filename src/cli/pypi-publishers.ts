/** `tuffet pypi publishers LOCKFILE…` */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { JudgedFile } from '../attestations/judge.js'
import { pinFields, pinOf, type PublisherPin } from '../attestations/pins.js'
import { describePublisher, type Publisher } from '../attestations/publisher.js'
import type { PublishedAttestation } from '../attestations/verify.js'
import { writeWhole } from '../node/batch-writer.js'
import { replaceFile } from '../node/replace-file.js'
import { hasCode } from '../node/system-error.js'
import type { LockEntry } from '../pypi/lock/entry.js'
import { readLock } from '../pypi/lock/read-lock.js'
import { tryNormalizeName } from '../pypi/names/names.js'
import { isAgreed } from '../pypi/verdict/attestation.js'
import type { Answer, Call, Command } from './command.js'
import { isRecord } from './is-record.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions, rethrowVanished } from './pypi-session.js'
import { lockFileReader } from './read-input.js'
import { UsageError } from './usage-error.js'
import { count } from '../words/amounts.js'

/** The publishers of one project, as its attestations prove them. */
interface ProjectPublishers {
  readonly project: string
  readonly pins: readonly PublisherPin[]
  /** References such as `refs/tags/v1.0`. */
  readonly references: readonly string[]
  /** Files without a valid attestation, with the reason. */
  readonly others: readonly UnsignedFile[]
  readonly pinned: boolean
}

interface UnsignedFile {
  readonly filename: string
  readonly reason: string
  /** Whether its attestation is refused, or its project is pinned. */
  readonly refused: boolean
}

export const pypiPublishers: Command = {
  parameters: 'LOCKFILE...',
  words: { least: 1, most: Infinity },
  options: [...pypiOptions, 'write', 'format'],
  about: [
    'Shows who signed the files of lock files: the repository, the workflow and the tag of each',
    'attestation that is valid. An index alone says who published a project, so look at the names',
    'before you pin them. --write adds the projects that are not pinned yet to "attestations" in',
    'tuffet.json; --format pylock prints the tables for pylock.toml. Status 1 when a file has an',
    'attestation that is refused, or is of a pinned project and not signed by its publisher.',
  ],
  examples: [
    'tuffet pypi publishers requirements.txt',
    'tuffet pypi publishers --write requirements.txt',
  ],
  async run(call) {
    const { options, words, io } = call
    const { format } = options
    if (format !== undefined && format !== 'pylock') throw new UsageError('--format is pylock')
    const read = lockFileReader(io)
    const entries: LockEntry[] = []
    for (const name of words) {
      const lock = await readLock(name, await read(name), { read, variables: process.env })
      entries.push(...lock.entries)
    }
    const attested = { ...call, options: { ...options, attested: true, attestations: 'report' } }
    const session = await openPypiSession(attested)
    const { attestations } = session
    if (!attestations) throw new TypeError('attestations are on')
    const failed: string[] = []
    const locked = new Set<string>()
    const contradicted = new Set<string>()
    await session.ask(async (view) => {
      for await (const { entry, verdict, accepted, reason, files, error } of view.checkLock(
        entries,
        { signal: io.signal },
      )) {
        rethrowVanished(error)
        if (verdict === 'failed' || (verdict === 'mismatch' && accepted !== true)) {
          failed.push(reason)
          contradicted.add(tryNormalizeName(entry.name) ?? entry.name)
        }
        for (const file of files) {
          if (file.vouched && isAgreed(file)) locked.add(keyOf(file.vouched))
        }
      }
    })
    // What the lock file does not lock, or contradicts, says nothing about its projects.
    const projects = projectsOf(
      attestations
        .judged()
        .filter(
          ({ file: { project, filename, sha256 } }) =>
            !contradicted.has(project) &&
            locked.has(keyOf({ filename, hashes: new Map([['sha256', sha256]]) })),
        ),
    )
    const written = options.write === true ? await writePins(projects, call) : undefined
    return answerOf(projects, { failed, written, pylock: format === 'pylock' })
  },
}

function keyOf(file: {
  readonly filename: string
  readonly hashes: ReadonlyMap<string, string | undefined>
}): string {
  return JSON.stringify([file.filename, file.hashes.get('sha256')])
}

function projectsOf(
  judged: readonly {
    readonly file: { readonly project: string; readonly filename: string }
    readonly finding: JudgedFile
  }[],
): ProjectPublishers[] {
  const byProject = new Map<string, (typeof judged)[number][]>()
  for (const one of judged) {
    byProject.set(one.file.project, [...(byProject.get(one.file.project) ?? []), one])
  }
  return [...byProject]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, files]) => {
      const pins = new Map<string, PublisherPin>()
      const references = new Set<string>()
      for (const { finding } of files) {
        for (const attestation of attestationsIn(finding)) {
          const pin = pinOf(attestation)
          if (pin) pins.set(JSON.stringify(pinFields(pin)).toLowerCase(), pin)
          const { sourceRepositoryRef: reference } = attestation.certificate.claims
          if (reference !== undefined) references.add(reference)
        }
      }
      return {
        project,
        pins: [...pins.values()],
        references: [...references].sort(),
        others: files
          .filter(({ finding }) => finding.verdict !== 'signed' && finding.verdict !== 'match')
          .map(({ file: { filename }, finding: { verdict, reason, judged } }) => {
            return { filename, reason, refused: verdict === 'mismatch' || judged.pinned }
          }),
        pinned: files.some(({ finding }) => finding.judged.pinned),
      }
    })
}

function attestationsIn({ judged }: JudgedFile): readonly PublishedAttestation[] {
  if (judged.verdict === 'match') return [judged.attestation]
  return judged.verdict === 'signed' ? judged.provenance.attestations : []
}

/**
 * Adds pins for the projects whose every file has a valid attestation, and that have no pin.
 *
 * @returns their names
 */
async function writePins(
  projects: readonly ProjectPublishers[],
  { options, io }: Call,
): Promise<readonly string[]> {
  const path = resolve(io.folder, options.config ?? 'tuffet.json')
  const settings = await readObject(path)
  const { attestations: given } = settings
  // One word is short for `require`.
  const attestations = isRecord(given) ? given : given === undefined ? {} : { require: given }
  const before = isRecord(attestations['publishers']) ? attestations['publishers'] : {}
  const added = projects.filter(
    ({ pinned, pins, others }) => !pinned && pins.length > 0 && others.length === 0,
  )
  const publishers = {
    ...before,
    ...Object.fromEntries(added.map((one) => [one.project, one.pins.map(pinFields)])),
  }
  const text = `${JSON.stringify({ ...settings, attestations: { ...attestations, publishers } }, null, 2)}\n`
  await replaceFile(path, (file) => writeWhole(file, [Buffer.from(text)]))
  return added.map(({ project }) => project)
}

async function readObject(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {}
    throw error
  }
  const value: unknown = JSON.parse(text)
  if (!isRecord(value)) throw new UsageError(`${path} is not an object`)
  return value
}

/** Each publisher once, whatever numbers its repository had. */
function publishersIn(pins: readonly PublisherPin[]): Publisher[] {
  const found = new Map<string, Publisher>()
  for (const { publisher } of pins)
    if (publisher) found.set(describePublisher(publisher), publisher)
  return [...found.values()]
}

function answerOf(
  projects: readonly ProjectPublishers[],
  {
    failed,
    written,
    pylock,
  }: { failed: readonly string[]; written: readonly string[] | undefined; pylock: boolean },
): Answer {
  const [refused] = projects.flatMap(({ others }) => others.filter(({ refused }) => refused))
  const [first] = failed
  const lines = pylock ? projects.flatMap(pylockLines) : projects.flatMap(publisherLines)
  const note =
    written &&
    `${pylock ? '# ' : ''}${count(written.length, 'project')} pinned: ${written.join(', ') || '-'}`
  return {
    lines: [...lines, ...(note === undefined ? [] : [note])],
    json: {
      projects: projects.map(({ pins, others, ...rest }) => ({
        ...rest,
        others: others.map(({ filename, reason }) => ({ filename, reason })),
        publishers: pins.map(pinFields),
      })),
      ...(written && { written }),
    },
    ...(first !== undefined && {
      error: new NotVerifiedError(`${count(failed.length, 'entry', 'entries')} failed; ${first}`),
    }),
    ...(first === undefined &&
      refused && {
        error: new NotVerifiedError(`${refused.filename} is refused: ${refused.reason}`),
      }),
  }
}

function publisherLines({ project, pins, references, others }: ProjectPublishers): string[] {
  const at = references.length === 0 ? '' : ` @ ${references.map(shortReference).join(', ')}`
  return [
    ...publishersIn(pins).map((publisher) => `${project} ← ${describePublisher(publisher)}${at}`),
    ...others.map(({ filename, reason }) => `${project} ← ?  ${filename}: ${reason}`),
  ]
}

function shortReference(reference: string): string {
  return reference.replace(/^refs\/(?:tags|heads)\//, '')
}

/**
 * Tables for a package of pylock.toml, with the fields of PEP 740 alone: other tools read them too. TOML's
 * basic strings are JSON's.
 */
function pylockLines({ project, pins }: ProjectPublishers): string[] {
  return publishersIn(pins).flatMap((publisher) => [
    `# ${project}`,
    '[[packages.attestation-identities]]',
    ...Object.entries(publisher).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    '',
  ])
}
