/** One run of `tuffet`: finds the command, runs it, and prints its answer or what went wrong. */
import type { Answer, Command } from './command.js'
import { commands, findCommand } from './commands.js'
import { printLine, type ExitStatus, type Io } from './io.js'
import { parseCommandLine, refuseOthers, wantsJson } from './options.js'
import { UsageError } from './usage-error.js'

/** Runs a command line, without the name of the program. Throws nothing. */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  const json = wantsJson(args)
  let answer: Answer
  try {
    answer = await answerTo(args, io)
  } catch (error) {
    answer = { lines: [], json: {}, error }
  }
  // Whoever interrupted knows, and is not told of what came of it.
  if (io.signal.aborted) return 1
  return print(io, json, answer)
}

async function answerTo(args: readonly string[], io: Io): Promise<Answer> {
  const { options, words } = parseCommandLine(args)
  if (options.version === true) {
    const { version } = await import('./version.js')
    return { lines: [version()], json: { version: version() } }
  }
  const found = findCommand(words)
  if (options.help === true) {
    const lines = await helpOn(words)
    return { lines, json: { help: lines } }
  }
  if (!found) throw new UsageError(unknownCommand(words))
  const command = await found.entry.load()
  refuseOthers(found.name, options, command.options)
  refuseWords(found.name, command, found.rest)
  return command.run({ options, words: found.rest, io })
}

async function helpOn(words: readonly string[]): Promise<string[]> {
  const { commandHelp, generalHelp, groupHelp } = await import('./help.js')
  const found = findCommand(words)
  if (found) return commandHelp(found.name, await found.entry.load())
  const [first, second] = words
  if (first === undefined) return generalHelp()
  if (second === undefined && namesIn(first).length > 0) return groupHelp(first)
  throw new UsageError(unknownCommand(words))
}

/** The commands of a group, without its name. */
function namesIn(group: string): string[] {
  return [...commands.keys()]
    .filter((name) => name.startsWith(`${group} `))
    .map((name) => name.slice(group.length + 1))
}

function unknownCommand([first, second]: readonly string[]): string {
  if (first === undefined) return 'no command; tuffet --help lists them'
  const inGroup = namesIn(first)
  const given = JSON.stringify(inGroup.length > 0 && second !== undefined ? second : first)
  if (inGroup.length === 0) return `no command ${given}; tuffet --help lists them`
  const says = second === undefined ? `${given} alone is no command` : `no command ${given}`
  return `${says}; tuffet ${first} has ${inGroup.join(', ')}`
}

function refuseWords(name: string, command: Command, words: readonly string[]): void {
  const { least, most } = command.words
  if (words.length >= least && words.length <= most) return
  throw new UsageError(`usage: tuffet ${name} [options] ${command.parameters}`.trimEnd())
}

async function print(io: Io, json: boolean, answer: Answer): Promise<ExitStatus> {
  const { lines, error, status } = answer
  if (error === undefined) {
    if (json) printJson(io, { ok: (status ?? 0) === 0, ...answer.json })
    else for (const line of lines) printLine(io.stdout, line)
    return status ?? 0
  }
  const { errorLine, reportOf } = await import('./report.js')
  const report = reportOf(error)
  if (json) {
    printJson(io, { ok: false, error: report, ...answer.json })
  } else {
    for (const line of lines) printLine(io.stdout, line)
    printLine(io.stderr, `tuffet: ${errorLine(report)}`)
  }
  return status ?? (error instanceof UsageError ? 2 : 1)
}

/** Integers that a JSON number does not hold in every reader are text. */
function printJson(io: Io, value: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  )
  printLine(io.stdout, text)
}
