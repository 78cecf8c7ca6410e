/**
 * A command line as pip (optparse) and uv (clap) take it apart. Where the two could differ, or
 * versions of them, it is refused.
 */
import type { OptionRule, OptionTable } from './option-table.js'

/** A command line in its parts. */
export interface ReadArguments {
  /** In their order, the subcommand among them. */
  readonly words: readonly string[]
  readonly options: readonly GivenOption[]
  /** Arguments that could not be read, each with the reason as a clause. */
  readonly unread: readonly { readonly argument: string; readonly reason: string }[]
}

/** An option with its value. */
export interface GivenOption {
  /** As written, without the value. */
  readonly argument: string
  readonly rule: OptionRule
  readonly value?: string
}

/** @param parser optparse lets long options be cut short, and keeps `=` after a short one */
export function readArguments(
  args: readonly string[],
  table: OptionTable,
  parser: 'optparse' | 'clap',
): ReadArguments {
  const words: string[] = []
  const options: GivenOption[] = []
  const unread: { argument: string; reason: string }[] = []
  const waiting = [...args]
  const give = (argument: string, rule: OptionRule, joined: string | undefined): void => {
    if (!rule.takesValue) {
      if (joined === undefined) options.push({ argument, rule })
      else unread.push({ argument, reason: 'takes no value' })
      return
    }
    const value = joined ?? waiting.shift()
    if (value === undefined) unread.push({ argument, reason: 'needs a value' })
    else options.push({ argument, rule, value })
  }
  for (let argument = waiting.shift(); argument !== undefined; argument = waiting.shift()) {
    if (argument === '--') words.push(...waiting.splice(0))
    else if (argument === '-' || !argument.startsWith('-')) words.push(argument)
    else if (argument.startsWith('--')) {
      const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(argument) ?? []
      const rule = longRule(name, table, parser === 'optparse')
      if (rule) give(name, rule, value)
      else unread.push({ argument: name, reason: 'is not known here, or stands for several' })
    } else {
      readCluster(argument, table, parser, give, unread)
    }
  }
  return { words, options, unread }
}

/** Several spellings can begin alike: they count when they would do the same. */
function longRule(name: string, table: OptionTable, abbreviates: boolean): OptionRule | undefined {
  const exact = table.get(name)
  if (exact || !abbreviates || name.length < 3) return exact
  const rules = [...table].flatMap(([spelling, rule]) => (spelling.startsWith(name) ? [rule] : []))
  // A possible way around counts as one.
  const first = rules.find(({ use }) => use === 'refused') ?? rules[0]
  if (!first) return undefined
  const alike = rules.every(
    ({ use, takesValue }) => first.takesValue === takesValue && first.use === use,
  )
  return alike || first.use === 'refused' ? first : undefined
}

/**
 * `-qi URL`, `-iURL`: flags, then possibly one that takes the rest, or the next argument, as its
 * value.
 */
function readCluster(
  argument: string,
  table: OptionTable,
  parser: 'optparse' | 'clap',
  give: (argument: string, rule: OptionRule, joined: string | undefined) => void,
  unread: { argument: string; reason: string }[],
): void {
  const letters = [...argument.slice(1)]
  for (const [at, letter] of letters.entries()) {
    const rule = table.get(`-${letter}`)
    if (!rule) {
      unread.push({ argument, reason: `is not known here (-${letter})` })
      return
    }
    const rest = letters.slice(at + 1).join('')
    if (rule.takesValue) {
      const value = parser === 'clap' ? rest.replace(/^=/, '') : rest
      give(`-${letter}`, rule, rest === '' ? undefined : value)
      return
    }
    give(`-${letter}`, rule, undefined)
  }
}
