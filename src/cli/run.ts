/** One run of `tuffet`: finds the command, runs it, and prints its answer or its error. */
import type { Answer, Command } from './command.js'
import { findCommand } from './commands.js'
import { lineWidth, printLine, type ExitStatus, type Io } from './io.js'
import { parseCommandLine, refuseOthers, wantsJson } from './command-line.js'
import { OutputError } from './output-error.js'
import type { ErrorReport } from './report.js'
import { systemWords } from './system-words.js'
import { UsageError } from './usage-error.js'

/**
 * Runs a command line, without the name of the program, and waits until its output is written.
 * Never throws.
 */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  const json = wantsJson(args)
  let answer: Answer
  try {
    answer = await answerTo(args, io)
  } catch (error) {
    answer = { lines: [], json: {}, error }
  }
  // Print nothing after an interrupt.
  if (io.signal.aborted) return 1
  const status = await print(io, json, answer)
  return (await isWritten(io, answer)) ? status : status || 1
}

/** Whether all output was written; output after its reader closed the pipe does not count. */
async function isWritten({ stdout, stderr }: Io, answer: Answer): Promise<boolean> {
  let written = true
  for (const output of [stdout, stderr]) {
    try {
      await output.flush()
    } catch (error) {
      if (!(error instanceof OutputError)) throw error
      // Said where it can still be read, unless it was the answer.
      if (written && !(answer.error instanceof OutputError)) {
        printLine(stderr, `tuffet: ${error.message}`)
      }
      written = false
    }
  }
  return written
}

async function answerTo(args: readonly string[], io: Io): Promise<Answer> {
  const { options, words } = parseCommandLine(args)
  if (options.version === true) {
    const { version } = await import('./version.js')
    return { lines: [version()], json: { version: version() } }
  }
  const found = findCommand(words)
  if (options.help === true || words.length === 0) {
    const { helpOn } = await import('./help-command.js')
    const lines = await helpOn(words, lineWidth(io.stdout))
    return { lines, json: { help: lines } }
  }
  if (!found) {
    const { unknownCommand } = await import('./help-command.js')
    throw new UsageError(unknownCommand(words))
  }
  // Before anything can fail: the error may be that no file can be opened any more.
  await loadReport()
  const command = await found.entry.load()
  refuseOthers(found.name, options, command.options)
  refuseWords(found.name, command, found.rest)
  return command.run({ options, words: found.rest, io })
}

function refuseWords(name: string, command: Command, words: readonly string[]): void {
  const { least, most } = command.words
  if (words.length >= least && words.length <= most) return
  const usage = `usage: tuffet ${name} [options] ${command.parameters}`.trimEnd()
  // One name for each word that is needed; the last may be followed by dots.
  const missing = command.parameters.split(' ').filter((one) => one !== '--')[words.length]
  const extra = words[most]
  if (extra === undefined) throw new UsageError(`${missing ?? 'a word'} is missing; ${usage}`)
  throw new UsageError(`${JSON.stringify(extra)} is one word too many; ${usage}`)
}

async function print(io: Io, json: boolean, answer: Answer): Promise<ExitStatus> {
  const { error, status } = answer
  if (error === undefined) {
    if (json) printJson(io, { ok: (status ?? 0) === 0, ...answer.json })
    else printAnswer(io, answer)
    return status ?? 0
  }
  const { errorLine, reportOf } = await loadReport()
  const report = reportOf(error)
  if (json && !(error instanceof OutputError)) {
    printJson(io, { ok: false, error: report, ...answer.json })
  } else {
    printAnswer(io, answer)
    printLine(io.stderr, [{ text: 'tuffet:', style: 'bad' }, { text: ` ${errorLine(report)}` }])
  }
  return status ?? (error instanceof UsageError ? 2 : 1)
}

function printAnswer({ stdout }: Io, { lines, verbatim }: Answer): void {
  if (verbatim !== undefined) stdout.write(verbatim)
  else for (const line of lines) printLine(stdout, line)
}

/** Where the module cannot be loaded, the error is still told, without hints. */
function loadReport(): Promise<Pick<typeof import('./report.js'), 'errorLine' | 'reportOf'>> {
  return import('./report.js').catch(() => ({
    errorLine: ({ message }) => message,
    reportOf: briefly,
  }))
}

function briefly(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'UNEXPECTED'
  const message = systemWords(error) ?? error.message
  return { code: error instanceof UsageError ? 'USAGE' : code, message }
}

/** Integers that a JSON number does not hold in every reader are text. */
function printJson(io: Io, value: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  )
  printLine(io.stdout, text)
}
