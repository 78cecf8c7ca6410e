/** `docs/interop.md`: each reference client's answers, and the sentence that decides. */
import type {
  FunctionVector,
  Requirement,
  VectorFile,
  WorkflowVector,
} from '../../src/vectors/format.js'
import type { VectorFailure, VectorReport } from '../../src/vectors/runner.js'
import { behaviours, type Behaviour } from './behaviours.js'

/** A client and its answers to all vectors. */
export interface PeerReport {
  /** Without a version. */
  readonly peer: string
  /** With it. */
  readonly name: string
  readonly report: VectorReport
}

type Vector = FunctionVector | WorkflowVector

interface Disagreement {
  readonly vector: Vector
  readonly did: string
}

/** Disagreements that are one and the same behaviour. */
interface Group {
  readonly what: string | undefined
  readonly decides: readonly string[]
  readonly members: Disagreement[]
}

const introduction = `# Answers of other clients

Written by \`npm run interop\`, which asks the reference clients every vector of
[\`spec-vectors/\`](../spec-vectors/README.md): functions through adapters over their programming interfaces,
workflows through the command line of tuf-conformance, each with the defaults of its library. A vector of
the profile \`spec\` is decided by the specification; this page quotes the sentence in our words, and the vector's
note, below the list, gives the reason for a debatable one. Vectors of the other profiles show choices: a
different answer there is another choice and not a mistake, and "must" names the vector's expectation.
`

const countsHeading = '## Other clients, counted\n'

const countsIntroduction = `${countsHeading}
go-tuf and tough answer through small programs over their published packages, with the defaults of each
library; the programs are in \`test/interop/\`. go-tuf offers public functions for some families of function vectors,
tough does not. The table shows numbers alone, and a dash for a family without questions.
`

/** Clients that appear with their numbers alone. */
export function countsSection(
  reports: readonly PeerReport[],
  files: readonly VectorFile[],
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const names = reports.flatMap(({ name }) => [`${name} pass`, 'fail'])
  const cells = (of: readonly VectorFile[], strict: boolean): string[] => {
    const ids = new Set(
      of
        .flatMap(({ vectors }) => vectors.filter((one) => isStrict(one) === strict))
        .map(({ id }) => id),
    )
    return reports.flatMap(({ report: { passes, failures } }) => {
      const passed = passes.filter((id) => ids.has(id)).length
      const failed = failures.filter(({ id }) => ids.has(id)).length
      return passed + failed === 0 ? ['–', '–'] : [String(passed), String(failed)]
    })
  }
  const line = (title: string, of: readonly VectorFile[]): string =>
    row([title, ...cells(of, true), ...cells(of, false)])
  return [
    countsIntroduction,
    row([
      'family',
      ...names.map((name) => `\`spec\`: ${name}`),
      ...names.map((name) => `others: ${name}`),
    ]),
    row(['---', ...Array.from({ length: 2 * names.length }, () => '---:')]),
    ...files.map((file) => line(file.family, [file])),
    line('all', files),
    '',
  ].join('\n')
}

/** The counts of a page that was written before. */
export function countsSectionOf(page: string): string {
  const start = page.indexOf(countsHeading)
  if (start < 0) return ''
  const end = page.indexOf('\n## ', start)
  return page.slice(start, end < 0 ? undefined : end)
}

/**
 * The page, without anything that differs from run to run.
 *
 * @param counts the section about clients that are counted
 */
export function interopPage(
  reports: readonly PeerReport[],
  files: readonly VectorFile[],
  requirements: readonly Requirement[],
  counts: string = '',
): string {
  const vectors = new Map<string, Vector>()
  for (const file of files) for (const one of file.vectors) vectors.set(one.id, one)
  const texts = new Map(requirements.map(({ id, level, text }) => [id, `${level}: ${text}`]))
  const sections = reports.map((one) => section(one, vectors, texts))
  return [
    introduction,
    countsTable(reports, files),
    ...(counts === '' ? [] : [counts]),
    ...sections,
  ].join('\n')
}

/** Descriptions of behaviours that no client shows now. */
export function staleBehaviours(reports: readonly PeerReport[]): string[] {
  return behaviours
    .filter(({ peer, vectors }) => {
      const { failures } = reports.find((one) => one.peer === peer)?.report ?? { failures: [] }
      return !failures.some(({ id }) => vectors.test(id))
    })
    .map(({ peer, what }) => `${peer}: ${what}`)
}

function countsTable(reports: readonly PeerReport[], files: readonly VectorFile[]): string {
  const head = (names: readonly string[]): string => `| ${names.join(' | ')} |`
  const names = reports.map(({ name }) => name)
  const row = (title: string, of: readonly VectorFile[]): string => {
    const idsOf = (strict: boolean): ReadonlySet<string> =>
      new Set(
        of.flatMap(({ vectors }) =>
          vectors.flatMap((one) => (isStrict(one) === strict ? one.id : [])),
        ),
      )
    const cells = [idsOf(true), idsOf(false)].flatMap((ids) => [
      String(ids.size),
      ...reports.map(({ report }) => answered(report, ids)),
    ])
    return head([title, ...cells])
  }
  return [
    '## Vectors answered as expected\n',
    head(['family', '`spec`', ...names, 'others', ...names]),
    head(['---', ...Array.from({ length: 2 * names.length + 2 }, () => '---:')]),
    ...files.map((file) => row(file.family, [file])),
    row('all', files),
    '',
  ].join('\n')
}

function answered({ failures, skips }: VectorReport, ids: ReadonlySet<string>): string {
  if (ids.size === 0) return ''
  const failed = failures.filter(({ id }) => ids.has(id)).length
  const skipped = skips.filter(({ id }) => ids.has(id)).length
  const passed = ids.size - failed - skipped
  return skipped === 0 ? String(passed) : `${passed} (${skipped} not asked)`
}

function section(
  { peer, name, report }: PeerReport,
  vectors: ReadonlyMap<string, Vector>,
  texts: ReadonlyMap<string, string>,
): string {
  const disagreements = report.failures.flatMap((failure) => {
    const vector = vectors.get(failure.id)
    return vector ? [{ family: failure.family, vector, did: didWhat(failure) }] : []
  })
  const strict = disagreements.filter(({ vector }) => isStrict(vector))
  const others = disagreements.filter(({ vector }) => !isStrict(vector))
  const own = behaviours.filter((one) => one.peer === peer)
  const parts = [
    `## ${name}: where it differs from the specification\n`,
    ...grouped(strict, own).map((group) => groupText(group, texts)),
    `## ${name}: where it chose otherwise\n`,
    ...grouped(others, own).map((group) => groupText(group, texts)),
  ]
  if (report.skips.length > 0) parts.push(skipsText(name, report))
  return parts.join('\n')
}

function skipsText(name: string, { skips }: VectorReport): string {
  const reasons = new Map<string, string[]>()
  for (const { id, reason } of skips) reasons.set(reason, [...(reasons.get(reason) ?? []), id])
  const lines = [...reasons].map(
    ([reason, ids]) => `- ${reason}: ${ids.map((id) => `\`${id}\``).join(', ')}`,
  )
  return [`## ${name}: not asked\n`, ...lines, ''].join('\n')
}

/** By behaviour where one is described, else by the deciding text and the client's behaviour. */
function grouped(
  disagreements: readonly (Disagreement & { readonly family: string })[],
  own: readonly Behaviour[],
): Group[] {
  const groups = new Map<string, Group>()
  for (const one of disagreements) {
    const { family, vector, did } = one
    const behaviour = own.find(({ vectors }) => vectors.test(vector.id))
    const key = behaviour?.what ?? [family, ...vector.requirements, did].join(' ')
    const group = groups.get(key)
    groups.set(key, {
      what: behaviour?.what,
      decides: [...new Set([...(group?.decides ?? []), ...vector.requirements])],
      members: [...(group?.members ?? []), one],
    })
  }
  return [...groups.values()]
}

function groupText({ what, decides, members }: Group, texts: ReadonlyMap<string, string>): string {
  const sentences = decides.map((id) => `> ${id}, ${texts.get(id) ?? 'as its profile says'}`)
  const answers = new Map<string, string[]>()
  for (const { vector, did } of members) {
    const row = `- \`${vector.id}\`: ${inline(vector.title)}`
    answers.set(did, [...(answers.get(did) ?? []), row])
  }
  const notes = new Set(members.flatMap(({ vector }) => vector.note ?? []))
  return [
    `### ${what?.replace(/\.$/, '') ?? decides.join(', ')}\n`,
    sentences.join('\n>\n'),
    '',
    ...[...answers].flatMap(([did, rows]) => [`It ${did}:\n`, ...rows, '']),
    ...(notes.size > 0 ? [...[...notes].map(inline), ''] : []),
  ].join('\n')
}

/** Free of facts about this machine or this run: no paths, no ports. */
function didWhat({ message, expected, actual }: VectorFailure): string {
  const [, place = '', said = ''] = /^(command \d+ )?(.*)$/su.exec(message) ?? []
  return place === '' ? didThere() : `${didThere()} (${place.trim()})`

  function didThere(): string {
    const breaks = /^breaks down: \w*Error: (ended with status \d+|[^:;]*)/.exec(said)
    if (breaks) return `breaks down, ${breaks[1] ?? ''}`
    if (said === 'gives another output' && 'output' in expected) {
      return `gives \`${short(outputOf(actual))}\`, not \`${short(expected.output)}\``
    }
    return inline(said.length > 200 ? `${said.slice(0, 200)}…` : said)
      .replace('refused-or-absent', 'refused or absent')
      .replace(', must', ' and must')
  }
}

function outputOf(actual: unknown): unknown {
  return typeof actual === 'object' && actual !== null && 'output' in actual
    ? actual.output
    : undefined
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const printable = text
    .replaceAll('`', "'")
    .replace(/[^ -~]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
  return printable.length > 70 ? `${printable.slice(0, 70)}…` : printable
}

/** Markdown takes stars for emphasis and angle brackets for HTML. */
function inline(text: string): string {
  return text.replace(/[<>]/g, (mark) => `\\${mark}`)
}

function isStrict({ profile }: Vector): boolean {
  return profile === 'spec'
}
