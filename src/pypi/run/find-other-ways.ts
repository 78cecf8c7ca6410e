/**
 * Every way to files that are not the proxy's, in the command, in its environment, and in the files
 * that both name. A file that cannot be read counts as one.
 */
import { isTufError } from '../../errors.js'
import type { LockEntry, LockOption } from '../lock/entry.js'
import { RequirementLine } from '../lock/requirement-lines.js'
import { parseRequirement } from '../lock/requirement.js'
import { pathProblem } from '../lock/requirements-path.js'
import { parseRequirements } from '../lock/requirements.js'
import { decodeText, whiteSpace } from '../lock/text.js'
import { tryNormalizeName } from '../names/names.js'
import { variableUse, type Environment } from './child-environment.js'
import { type OptionRule, writesAddress } from './option-table.js'
import type { ToolCommand } from './tool.js'

/** One way around the proxy. */
export interface OtherWay {
  /** Its place: an argument, a variable, or `file:line`. */
  readonly source: string
  /** A clause that continues after the source. */
  readonly reason: string
}

/** The inputs of the search. */
export interface LookContext {
  readonly environment: Environment
  /**
   * Projects that may come from elsewhere: by a URL, a version control system or a path. Where the
   * project is unknown, that URL or path itself.
   */
  readonly allowUnverified: readonly string[]
  /** The bytes of a file, by its name as it is given. */
  read(path: string): Promise<Uint8Array>
}

/** Options in requirements files that say how, not from where. */
const harmless: ReadonlySet<string> = new Set([
  '--all-releases',
  '--no-binary',
  '--no-require-hashes',
  '--only-binary',
  '--only-final',
  '--pre',
  '--prefer-binary',
  '--require-hashes',
  '--use-feature',
])

/** Why the others are refused. */
const reasons: Readonly<Record<string, string>> = {
  '--index-url': 'names another index',
  '--extra-index-url': 'names another index',
  '--find-links': 'brings files that no index lists',
  '--trusted-host': 'trusts another host',
  '--no-index': 'takes the index away',
}

/** Files in other formats than that of requirements.txt. */
const otherFormat = /\.(?:toml|py|pyw|cfg|lock|json|ya?ml)$/i

/** A name that uv offers to read as a file; `web.py` is a project. */
const likeFile = /\.(?:txt|in)$|^(?:pyproject\.toml|pylock(?:\..+)?\.toml|setup\.(?:py|cfg))$/i

/** In their order; empty: the command can be run. */
export async function findOtherWays(
  command: ToolCommand,
  context: LookContext,
): Promise<OtherWay[]> {
  const look = new Look(context)
  const { options, unread, words } = command.arguments
  if (command.subcommand === 'lock')
    look.add('pip lock', `${writesAddress}; see pypi pin and check`)
  for (const { argument, reason } of unread) look.add(argument, reason)
  for (const { argument, rule, value = '' } of options) {
    if (rule.use === 'refused') look.add(nameOf(argument, rule.name), rule.reason ?? '')
    else if (isPylock(rule, value)) look.add(`${argument} ${value}`, writesAddress)
    else if (rule.use === 'file' && command.tool === 'uv' && splitsAtSpaces(rule, value)) {
      look.add(`${argument} ${value}`, 'is several files for some releases of uv')
    } else if (rule.use === 'file') await look.atFile(value, argument)
    else if (rule.name === '--editable') look.atEditable(value, argument)
    else if (rule.use === 'requirement') look.atRequirement(value, argument)
  }
  for (const word of words) {
    if (command.wordsAre === 'file') await look.atFile(word, command.subcommand)
    else look.atRequirement(word, command.subcommand)
  }
  for (const [name, value = ''] of Object.entries(context.environment)) {
    const use = variableUse(name)
    for (const part of value.split(separatorOf(name)).filter((text) => text !== '')) {
      if (use === 'file') await look.atFile(part, name)
      else if (use === 'requirement') look.atEditable(part, name)
    }
  }
  return look.found
}

/** The option, or the name of the file, tells the output format of `uv pip compile`. */
function isPylock({ name }: OptionRule, value: string): boolean {
  const format = name === '--format' || name === '--output-format'
  return (format || name === '--output-file') && /\.toml$/i.test(value)
}

/** An included file that cannot be read says why only in its cause. */
function withCause({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}

/** uv splits the values of all such options but `-r`; its newer releases only in variables. */
function splitsAtSpaces({ name }: OptionRule, value: string): boolean {
  return name !== '--requirements' && value.includes(' ')
}

/** pip splits the value of a variable as Python does, uv at spaces. */
function separatorOf(name: string): RegExp {
  return /^UV_/i.test(name) ? / / : new RegExp(`[${whiteSpace}]+`)
}

/** An option as written, and its full form. */
function nameOf(argument: string, name: string): string {
  return argument === name || !argument.startsWith('--') ? argument : `${argument} (${name})`
}

class Look {
  readonly found: OtherWay[] = []
  readonly #context: LookContext
  readonly #allowed: ReadonlySet<string>

  constructor(context: LookContext) {
    this.#context = context
    this.#allowed = new Set(
      context.allowUnverified.flatMap((name) => [name, tryNormalizeName(name) ?? name]),
    )
  }

  add(source: string, reason: string): void {
    this.found.push({ source, reason })
  }

  atRequirement(text: string, from: string): void {
    if (likeFile.test(text.trim())) {
      this.add(`${from} ${text}`, 'looks like a file; -r reads one')
      return
    }
    this.#atText(new RequirementLine(from, 1, { requirement: text }), text, from)
  }

  atEditable(text: string, from: string): void {
    const options = [{ name: '--editable', value: text }]
    this.#atText(new RequirementLine(from, 1, { options }), text, from)
  }

  async atFile(path: string, from: string): Promise<void> {
    const other = otherFormat.test(path) ? 'is not a requirements file by its name' : undefined
    const problem = pathProblem(path) ?? other
    if (problem !== undefined) {
      this.add(`${from} ${path}`, problem)
      return
    }
    const { environment: variables } = this.#context
    const read = this.#context.read.bind(this.#context)
    try {
      const text = decodeText(await read(path), path)
      const file = await parseRequirements(text, path, { read, variables })
      for (const option of file.options ?? []) this.#atOption(option)
      for (const entry of [...file.entries, ...(file.constraints ?? [])]) {
        this.#atEntry(entry, `${entry.source ?? path}:${entry.line ?? 1}`)
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.add(`${from} ${path}`, `cannot be looked at: ${withCause(error)}`)
    }
  }

  #atText(line: RequirementLine, text: string, from: string): void {
    try {
      this.#atEntry(parseRequirement(line), `${from} ${text}`)
    } catch (error) {
      if (!isTufError(error)) throw error
      if (!this.#allowed.has(text)) this.add(`${from} ${text}`, 'is not understood')
    }
  }

  #atOption({ name, source, line }: LockOption): void {
    if (harmless.has(name)) return
    this.add(`${source}:${line}: ${name}`, reasons[name] ?? 'is not known here')
  }

  #atEntry({ name, origin, location = '', buildOptions }: LockEntry, source: string): void {
    if (this.#allowed.has(location) || (name !== '' && this.#allowed.has(name))) return
    if (buildOptions === true) {
      this.add(source, 'gives options to a build, which can name files that no hash covers')
    }
    if (origin === undefined) return
    const what = { url: 'a URL', vcs: 'a version control system', path: 'a path' }[origin]
    const how = name === '' ? location : name
    this.add(source, `comes from ${what}; --allow-unverified ${how} lets it`)
  }
}
