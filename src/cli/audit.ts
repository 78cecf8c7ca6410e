/** `tuffet audit`: a whole repository, for those who run it. */
import {
  auditRepository,
  findingCodes,
  findingKinds,
  findingsFrom,
  isFindingCode,
  prometheusText,
  type AuditOptions,
  type AuditReport,
  type FindingCode,
  type Severity,
} from '../audit/index.js'
import { resolveAuditLimits } from '../audit/options.js'
import { anchorEntry } from '../core/names.js'
import { maskCredentials } from '../errors/mask-credentials.js'
import { writeWhole } from '../node/batch-writer.js'
import { checkDestination, replaceFile } from '../node/replace-file.js'
import { count, isoTime } from '../words/amounts.js'
import { auditLines } from './audit-lines.js'
import { memoryLimits } from './audit-memory.js'
import type { Answer, Call, Command } from './command.js'
import { commandCryptography } from './cryptography.js'
import { environmentFetcher } from './environment-fetcher.js'
import { headersByOrigin } from './header-settings.js'
import { inFolder } from './in-folder.js'
import { namingRoot } from './named-root.js'
import type { OptionValues } from './options.js'
import type { Line } from './paint.js'
import { printable } from '../words/printable.js'
import { readInputFile, inputLimits } from './read-input.js'
import { readRoot } from './read-root.js'
import { netrcAuthorization } from './session.js'
import { servedFolder } from './served-folder.js'
import { hashPrefixOf, readSettings, requireSetting, type Settings } from './settings.js'
import { hasCode } from '../node/system-error.js'
import { timeOption } from './time-option.js'
import { UsageError } from './usage-error.js'
import { VerdictError } from './verdict-error.js'

export const audit: Command = {
  parameters: '[FOLDER]',
  words: { least: 0, most: 1 },
  options: [
    ...(['metadata-url', 'targets-url', 'root', 'store', 'hash-prefix', 'header'] as const),
    ...([
      'limit',
      'retries',
      'now',
      'days',
      'sample',
      'seed',
      'fail-on',
      'accept',
      'prometheus',
    ] as const),
    ...(['output'] as const),
  ],
  optionHelp: {
    root: 'the root that clients have; default: the one of init, else the first that is served',
    store: 'the store of init, for its root alone: nothing is written to it',
    limit: 'a limit of the audit, such as requests=1000 or time=60000; may be repeated',
    output: 'the file to write the answer to, in one step; default: standard output',
  },
  about: [
    'Walks a whole repository as no client does: every root from the first, every role through every',
    'delegation, every listed file asked for. It reports what expires, what is missing, and what some',
    'client would refuse, and goes on after a fault. It believes no file and keeps none.',
    '',
    'FOLDER holds metadata/ and targets/, or metadata alone; without it the metadata URL is asked. The',
    'status is 1 when a finding is at least as bad as --fail-on says. Kinds of findings:',
    '',
    ...codeLines(),
  ],
  examples: [
    'tuffet audit --root root.json --days 30',
    'tuffet audit repository --sample 100 --fail-on error',
    'tuffet audit --prometheus --output tuffet.prom --accept role-unreached',
  ],
  async run(call) {
    const { options, io } = call
    const level = levelFrom(options)
    const accepted = acceptedFrom(options)
    if (options.json === true && (options.prometheus === true || options.output !== undefined)) {
      throw new UsageError('--json is for standard output: give it, or --prometheus and --output')
    }
    const { output } = options
    const file = output === undefined || output === '-' ? undefined : inFolder(io.folder, output)
    if (file !== undefined) checkDestination(file)
    const report = await reportFor(call)
    const failing = findingsFrom(report, level, accepted)
    const answer = { ...answerOf(report, options, accepted), ...verdictOf(report, failing) }
    if (file === undefined) return answer
    const text = answer.verbatim ?? answer.lines.map(plainLine).join('')
    const bytes = new TextEncoder().encode(text)
    await replaceFile(file, (handle) => writeWhole(handle, [bytes]), io.signal)
    return { ...answer, lines: [], verbatim: '' }
  },
}

/** As `printLine` writes it, without colours. */
function plainLine(line: Line): string {
  const text = typeof line === 'string' ? line : line.map((span) => span.text).join('')
  return `${printable(maskCredentials(text))}\n`
}

/** In groups that fill lines. */
function codeLines(): string[] {
  const lines: string[] = []
  let line = ''
  for (const code of findingCodes) {
    if (line.length + code.length > 96) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? code : ` ${code}`
  }
  return [...lines, line]
}

function levelFrom({ 'fail-on': level = 'warning' }: OptionValues): Severity {
  if (level === 'error' || level === 'warning' || level === 'notice') return level
  throw new UsageError('--fail-on takes error, warning or notice')
}

function acceptedFrom({ accept = [] }: OptionValues): readonly FindingCode[] {
  return accept.map((code) => {
    if (isFindingCode(code)) return code
    throw new UsageError(`--accept: ${JSON.stringify(code)} is not a kind of finding`)
  })
}

async function reportFor(call: Call): Promise<AuditReport> {
  const { options, words, io } = call
  const [folder] = words
  const { limit, ...others } = options
  const settings = await readSettings(others, io)
  const { root } = settings
  const bytes = root === undefined ? await anchorOf(settings, call) : await readRoot(root, io)
  const place = folder === undefined ? await placeOf(settings, call) : placeIn(folder, call)
  const { days, daysOf } = daysFrom(options)
  const sample = numberFrom(options, 'sample')
  const hashPrefix = hashPrefixOf(settings)
  const cryptography = await commandCryptography()
  return namingRoot(root, () =>
    auditRepository({
      ...place,
      root: bytes,
      cryptography,
      now: timeOption(options) ?? io.now(),
      signal: io.signal,
      days,
      daysOf,
      sample,
      seed: options.seed,
      retries: settings.retries,
      hashPrefix,
      limits: limitsFrom(limit),
    }),
  )
}

async function placeOf(settings: Settings, call: Call) {
  const metadataUrl = requireSetting(settings, 'metadataUrl')
  const headers = headersByOrigin(settings.headers ?? new Map(), metadataUrl)
  const authorization = await netrcAuthorization(call, settings)
  return {
    metadataUrl,
    targetsUrl: settings.targetsUrl,
    fetcher: await environmentFetcher(call.io, headers, process.env, authorization),
  }
}

function placeIn(folder: string, { options, io }: Call) {
  if (options['metadata-url'] !== undefined || options['targets-url'] !== undefined) {
    throw new UsageError('give FOLDER, or --metadata-url and --targets-url, not both')
  }
  return servedFolder(inFolder(io.folder, folder), folder)
}

/** The root that `init` kept: read as a file, so that the store stays as it is. */
async function anchorOf({ store }: Settings, { io }: Call): Promise<Uint8Array | undefined> {
  if (store === undefined) return undefined
  try {
    return await readInputFile(`${store}/${anchorEntry}`, inputLimits.root, io)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

const mostDays = 36_500

/** `30`, or `targets=30`, in any order. */
function daysFrom({ days: given = [] }: OptionValues) {
  let days: number | undefined
  const daysOf = new Map<string, number>()
  for (const text of given) {
    const [, role, digits = ''] = /^(?:(.+)=)?(\d{1,5}(?:\.\d{1,6})?)$/s.exec(text) ?? []
    if (digits === '') throw new UsageError('--days takes a number such as 30, or ROLE=30')
    if (Number(digits) > mostDays) throw new UsageError(`--days takes at most ${mostDays}`)
    if (role === undefined) days = Number(digits)
    else daysOf.set(role, Number(digits))
  }
  return { days, daysOf: Object.fromEntries(daysOf) }
}

/** `requests=1000`, as often as there are limits. */
function limitsFrom(given: OptionValues['limit'] = []): AuditOptions['limits'] {
  const limits = Object.fromEntries(
    given.map((text): [string, number] => {
      const [, name = '', digits = ''] = /^([a-zA-Z]+)=(\d{1,15})$/.exec(text) ?? []
      if (name === '') throw new UsageError('--limit must be NAME=NUMBER, such as requests=1000')
      return [name, Number(digits)]
    }),
  )
  try {
    return resolveAuditLimits({ ...memoryLimits(), ...limits })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError(`--limit cannot be used: ${error.message}`, { cause: error })
  }
}

function numberFrom(options: OptionValues, name: 'sample'): number | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text))
    throw new UsageError(`--${name} takes a number of at most six digits`)
  return Number(text)
}

function answerOf(
  report: AuditReport,
  options: OptionValues,
  accepted: readonly FindingCode[],
): Pick<Answer, 'lines' | 'verbatim' | 'json'> {
  const json = jsonOf(report, accepted)
  if (options.prometheus === true) {
    return { lines: [], verbatim: prometheusText(report), json }
  }
  return { lines: auditLines(report, accepted), json }
}

function jsonOf(report: AuditReport, accepted: readonly FindingCode[]): Record<string, unknown> {
  const withTime = <T extends { readonly expires?: number }>(one: T) => ({
    ...one,
    ...(one.expires !== undefined && { expires: isoTime(one.expires) }),
  })
  return {
    ...report,
    now: isoTime(report.now),
    roles: report.roles.map(withTime),
    soonest: report.soonest.map(withTime),
    findings: report.findings.map(withTime),
    accepted,
  }
}

function verdictOf(report: AuditReport, failing: readonly FindingCode[]): Pick<Answer, 'error'> {
  if (failing.length === 0) return {}
  const things = failing.reduce((sum, code) => sum + (report.totals[code] ?? 0), 0)
  const errors = failing.filter((code) => findingKinds[code].severity === 'error')
  const worst = errors.length > 0 ? `, ${count(errors.length, 'kind')} of them errors` : ''
  const message = `${count(things, 'finding')} of ${count(failing.length, 'kind')}${worst}: ${failing.join(', ')}`
  return { error: new VerdictError('AUDIT_FAILED', message) }
}
