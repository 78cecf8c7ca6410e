/** Each question of the page, and its answer: words, and the chain to draw. */
import { isTufError, type UpdaterEvent } from 'tuffet'
import type { AttestationWitness } from 'tuffet/attestations'
import { TrustedRoles, type ChainPicture } from 'tuffet/picture'
import { parseFilename, readLock, type FileVerdict } from 'tuffet/pypi'
import type { Attack, World } from '../attacks.js'
import { attestationOf } from './attested.js'
import { layout, pathOf, type Listed, type PageWorld } from './world.js'

/** The answer as the page shows it. */
export interface Answer {
  readonly tone: 'good' | 'refused' | 'open'
  readonly headline: string
  /** Name → text. */
  readonly facts?: readonly (readonly [name: string, text: string])[]
  /** The verdicts on a lock file. */
  readonly rows?: readonly (readonly [name: string, verdict: string, reason: string])[]
  readonly picture?: ChainPicture
  /** A file that the repository may list, if the reader wants it to. */
  readonly offer?: Listed
}

/** The longest file that the page reads, in bytes. */
const longestFile = 200_000_000

/** The chain to a target, or until a refusal. */
export async function explained(world: PageWorld, path: string): Promise<ChainPicture> {
  const trusted = new TrustedRoles()
  try {
    const updater = world.updater({ onEvent: (event) => trusted.note(event) })
    return await (await updater.refresh()).explain(path)
  } catch (error) {
    if (!isTufError(error)) throw error
    return trusted.until(error, path, world.now)
  }
}

export async function askProject(
  world: PageWorld,
  name: string,
  published: readonly Listed[],
): Promise<Answer> {
  const view = await world.pypi()
  const files = await view.files(name)
  const [file] = files ?? []
  if (!files || !file) {
    const [page] = layout.pages(name)
    return {
      tone: 'open',
      headline: `The repository lists no project ${name}.`,
      facts: [['So', 'nothing under this name can be verified, and a client installs nothing.']],
      picture: await explained(world, page?.path ?? name),
    }
  }
  const found = await view.find(file.filename)
  const path = found.vouched?.target?.path ?? ''
  const bytes = published.find(({ filename }) => filename === file.filename)
  const beside = bytes ? [await attestationOf(bytes)] : []
  return {
    tone: 'good',
    headline: `The repository vouches for ${file.filename}.`,
    facts: [
      ['Files', files.map(({ filename }) => filename).join(', ')],
      ...beside.map(attestationFact),
    ],
    picture: { ...(await explained(world, path)), beside },
  }
}

function attestationFact({ note, lines }: AttestationWitness): readonly [string, string] {
  return ['Attestation', `${note}: ${lines[0] ?? ''}`]
}

export async function askFile(world: PageWorld, file: File): Promise<Answer> {
  if (file.size > longestFile) {
    return { tone: 'open', headline: `${file.name} is longer than this page reads.` }
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const name = parseFilename(file.name)
  return name
    ? askDistribution(world, { ...name, filename: file.name, bytes })
    : askLock(world, file.name, bytes)
}

async function askDistribution(world: PageWorld, file: Listed): Promise<Answer> {
  const { filename, bytes } = file
  const verdict = await (await world.pypi()).verifyFile(bytes, { filename })
  const path = verdict.vouched?.target?.path ?? pathOf(file)
  const attestation = await attestationOf(file)
  const words = wordsOf(verdict, attestation)
  const picture = await explained(world, path)
  const own = { title: 'your file', verdict: toneOf(verdict), lines: [verdict.reason] } as const
  return {
    tone: words.tone,
    headline: `${filename}: ${words.said}`,
    facts: [
      ['Repository', `${verdict.verdict}: ${verdict.reason}`],
      attestationFact(attestation),
      ['So', words.so],
    ],
    picture: { ...picture, beside: [own, attestation] },
    ...(verdict.verdict === 'unknown' && { offer: file }),
  }
}

function toneOf({ verdict }: FileVerdict): Answer['tone'] {
  return verdict === 'match' ? 'good' : verdict === 'mismatch' ? 'refused' : 'open'
}

function wordsOf(file: FileVerdict, attestation: AttestationWitness) {
  const tone = toneOf(file)
  if (tone === 'good' && attestation.verdict === 'refused') {
    const said = 'the repository lists it, and its attestation is refused.'
    const so =
      'do not use it. Somebody who could upload to the index, but is not its publisher, gets this far.'
    return { tone: 'refused', said, so } as const
  }
  if (tone === 'good') {
    const said = 'it is the file of the repository.'
    return { tone, said, so: 'you may use it under this name.' } as const
  }
  if (tone === 'refused') {
    const so =
      'do not use it. A client without TUF takes whatever the server sends under this name.'
    return { tone, said: 'it was altered.', so } as const
  }
  const so = 'nobody vouches for it. It may be harmless; nothing here says so.'
  return { tone, said: 'the repository does not know it.', so } as const
}

async function askLock(world: PageWorld, filename: string, bytes: Uint8Array): Promise<Answer> {
  try {
    const { entries } = await readLock(filename, bytes)
    const rows: [string, string, string][] = []
    for await (const { entry, verdict, reason } of (await world.pypi()).checkLock(entries)) {
      rows.push([`${entry.name} ${entry.version ?? ''}`.trim(), verdict, reason])
    }
    const good = rows.filter(([, verdict]) => verdict === 'match').length
    const all = good === rows.length && rows.length > 0
    const headline = `${filename}: ${good} of ${rows.length} entries match the repository.`
    return { tone: all ? 'good' : 'refused', headline, rows }
  } catch (error) {
    if (!isTufError(error)) throw error
    const facts = [['Because', error.message] as const, ['Code', error.code] as const]
    return {
      tone: 'open',
      headline: `${filename} is neither a distribution nor a lock file that can be read.`,
      facts,
    }
  }
}

/**
 * Begins an attack, and lets the client do the thing that the attack is aimed at. `onBegin` is told the role
 * that is attacked.
 */
export async function askUnderAttack(
  world: PageWorld,
  attack: Attack,
  onBegin: (role: string) => void,
): Promise<Answer> {
  const path = attack.path ?? world.path
  // Before: a client that has the newest files already would not ask for them.
  const whole = await explained(world, path)
  await attack.before?.(world)
  onBegin(attack.begin(world).role ?? 'timestamp')
  const trusted = new TrustedRoles()
  try {
    await attack.ask(watched(world, (event) => trusted.note(event)))
  } catch (error) {
    if (!isTufError(error)) throw error
    const refused = trusted.until(error, path, world.now)
    const step = 'step' in error ? `, step ${error.step}` : ''
    return {
      tone: 'refused',
      headline: 'Refused. Nothing of it was kept.',
      facts: [
        ['Attack', attack.happened],
        ['Refused', `${error.message.replace(/ \(step [\d.]+\)/, '')} (${error.code}${step})`],
        ['Without TUF', attack.otherwise],
      ],
      // A refused file hangs on a chain that is whole.
      picture:
        refused.chain.length < whole.chain.length ? refused : { ...whole, error, now: world.now },
    }
  }
  return { tone: 'open', headline: 'It was not refused.', picture: whole }
}

/** The world, with a client whose events are noted. */
function watched(world: PageWorld, onEvent: (event: UpdaterEvent) => void): World {
  return {
    repo: world.repo,
    path: world.path,
    updater: (options) => world.updater({ ...options, onEvent }),
    download: (repository) => world.download(repository),
  }
}
