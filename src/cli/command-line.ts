/** A command line, taken apart by `parseArgs` and the table of options. */
import { parseArgs, types } from 'node:util'
import { didYouMean } from './nearest.js'
import { commonOptions } from './option-groups.js'
import {
  declarations,
  type OptionDeclaration,
  type OptionName,
  type OptionValues,
} from './options.js'
import { UsageError } from './usage-error.js'

/** A command line, taken apart. */
export interface CommandLine {
  readonly options: OptionValues
  /** The words other than options, the command among them. */
  readonly words: readonly string[]
}

/** @throws UsageError */
export function parseCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: declarations,
      allowPositionals: true,
      allowNegative: true,
    })
    return { options: values, words: positionals }
  } catch (error) {
    if (!isParseArgsError(error)) throw error
    throw new UsageError(unknownOption(args) ?? missingValue(args) ?? firstSentence(error), {
      cause: error,
    })
  }
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

function optionsIn(args: readonly string[]): OptionToken[] {
  const { tokens } = parseArgs({
    args: [...args],
    options: declarations,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  return tokens.filter((token) => token.kind === 'option')
}

function declarationOf(name: string): OptionDeclaration | undefined {
  return new Map<string, OptionDeclaration>(Object.entries(declarations)).get(name)
}

function unknownOption(args: readonly string[]): string | undefined {
  const unknown = optionsIn(args).find(
    ({ name, rawName }) =>
      !declarationOf(name) &&
      !(rawName.startsWith('--no-') && declarationOf(name.slice('no-'.length))?.type === 'boolean'),
  )
  if (!unknown) return undefined
  const { name, rawName } = unknown
  const near = rawName.startsWith('--') ? didYouMean(name, Object.keys(declarations), '--') : ''
  return `unknown option ${rawName}${near}`
}

function missingValue(args: readonly string[]): string | undefined {
  for (const { name, value, inlineValue, rawName } of optionsIn(args)) {
    const { type, value: needed } = declarationOf(name) ?? {}
    if (type !== 'string' || inlineValue === true) continue
    if (value === undefined) return `${rawName} needs ${needed ?? 'a value'}`
    if (!value.startsWith('-') || value === '-') continue
    return `${rawName} needs ${needed ?? 'a value'}; one that begins with - is written ${rawName}=${value}`
  }
  return undefined
}

/** The rest of the message is advice about quoting. */
function firstSentence({ message }: Error): string {
  const [sentence = ''] = message.split(/\.\s/)
  return sentence
}

function isParseArgsError(error: unknown): error is Error {
  if (!types.isNativeError(error) || !('code' in error)) return false
  return typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS_')
}

/** Whether the answer must be JSON, even if the command line cannot be understood. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? undefined : end).includes('--json')
}

/** @throws UsageError for the first option that is not among `taken` */
export function refuseOthers(
  command: string,
  options: OptionValues,
  taken: readonly OptionName[],
): void {
  const names: readonly string[] = [...taken, ...commonOptions]
  const other = Object.keys(options).find((name) => !names.includes(name))
  if (other === undefined) return
  const near = didYouMean(other, taken, '--')
  throw new UsageError(`tuffet ${command} has no option --${other}${near}`)
}
