/**
 * `tuffet completion SHELL`: the script that completes commands and options, made from their tables.
 * Where neither fits, the shell completes file names.
 */
import type { Command } from './command.js'
import { commands } from './commands.js'
import { commonOptions } from './option-groups.js'
import { declarations, type OptionName } from './options.js'
import { UsageError } from './usage-error.js'

export const completion: Command = {
  parameters: 'SHELL',
  words: { least: 1, most: 1 },
  options: [],
  about: ['Prints the script that completes command lines of tuffet in bash, fish or zsh.'],
  examples: [
    'source <(tuffet completion bash)',
    'source <(tuffet completion zsh)',
    'tuffet completion fish | source',
  ],
  async run({ words: [shell = ''] }) {
    const lines = linesFor(shell, await optionsByCommand())
    return { lines, json: { script: lines.join('\n') } }
  },
}

type Table = ReadonlyMap<string, readonly OptionName[]>

async function optionsByCommand(): Promise<Table> {
  const table = new Map<string, readonly OptionName[]>()
  for (const [name, { load }] of commands) {
    table.set(name, [...(await load()).options, ...commonOptions])
  }
  return table
}

function linesFor(shell: string, table: Table): string[] {
  if (shell === 'bash') return bash(table)
  // zsh runs the script for bash.
  if (shell === 'zsh') return ['autoload -U +X bashcompinit && bashcompinit', ...bash(table)]
  if (shell === 'fish') return fish(table)
  throw new UsageError('SHELL is bash, fish or zsh')
}

/** A group, or the empty text → the words that may follow it. */
function groupsOf(table: Table): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>([['', []]])
  for (const name of table.keys()) {
    const [first = '', second] = name.split(' ')
    if (second !== undefined && !groups.has(first)) {
      groups.set(first, [])
      groups.get('')?.push(first)
    }
    groups.get(second === undefined ? '' : first)?.push(second ?? first)
  }
  return groups
}

function bash(table: Table): string[] {
  const groups = groupsOf(table)
  const valued = Object.entries(declarations)
    .filter(([, { type }]) => type === 'string')
    .flatMap(([name, declaration]) => [
      `--${name}`,
      ...('short' in declaration ? [`-${declaration.short}`] : []),
    ])
    .join('|')
  const groupNames = [...groups.keys()].filter((name) => name !== '').join('|')
  return [
    '_tuffet() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" command= words= options= skip= word i',
    '  COMPREPLY=()',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    word="${COMP_WORDS[i]}"',
    '    if [ -n "$skip" ]; then skip=; continue; fi',
    '    case "$word" in',
    `      ${valued}) skip=1 ;;`,
    '      -*) ;;',
    '      *) case "$command" in',
    '        \'\') command="$word" ;;',
    `        ${groupNames}) command="$command $word" ;;`,
    '      esac ;;',
    '    esac',
    '  done',
    '  if [ -n "$skip" ]; then return; fi',
    '  case "$command" in',
    ...[...groups].map(
      ([name, words]) => `    '${name}') words='${words.join(' ')}' options='--help' ;;`,
    ),
    ...[...table].map(
      ([name, options]) =>
        `    '${name}') options='${options.map((option) => `--${option}`).join(' ')}' ;;`,
    ),
    '  esac',
    '  case "$current" in -*) words="$options" ;; esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _tuffet tuffet',
  ]
}

function fish(table: Table): string[] {
  const words = [...groupsOf(table)].flatMap(([group, names]) => {
    const when = group === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${group}`
    return names.map((name) => {
      const { summary } = commands.get(group === '' ? name : `${group} ${name}`) ?? {}
      const about = summary === undefined ? '' : ` -d ${quoted(summary)}`
      return `complete -c tuffet -n '${when}' -a ${name}${about}`
    })
  })
  const options = Object.entries(declarations).map(([name, declaration]) => {
    const takers = [...table].filter(([, taken]) => taken.some((one) => one === name))
    const last = takers.map(([command]) => command.split(' ').at(-1) ?? command)
    const value = declaration.type === 'string' ? ' -r' : ''
    const short = 'short' in declaration ? ` -s ${declaration.short}` : ''
    const when = last.length === 0 ? '' : ` -n '__fish_seen_subcommand_from ${last.join(' ')}'`
    return `complete -c tuffet${when} -l ${name}${short}${value} -d ${quoted(declaration.about)}`
  })
  return [...words, ...options]
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}
