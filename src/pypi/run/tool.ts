/** The installer that a command runs. tuffet does not know where another program would look. */
import { pipOptions } from './pip-options.js'
import type { OptionTable } from './option-table.js'
import { isPython, programName, readModuleCall } from './python-module.js'
import { readArguments, type ReadArguments } from './read-arguments.js'
import { uvOptions } from './uv-options.js'

/** A command that is understood. */
export interface ToolCommand {
  readonly tool: 'pip' | 'uv'
  /** `install`, … */
  readonly subcommand: string
  /** The kind of its words: requirements, or files with requirements. */
  readonly wordsAre: 'requirement' | 'file'
  readonly arguments: ReadArguments
}

/** Subcommand → the kind of its words. */
const subcommands: Readonly<Record<'pip' | 'uv', ReadonlyMap<string, ToolCommand['wordsAre']>>> = {
  pip: new Map([
    ['install', 'requirement'],
    ['download', 'requirement'],
    ['wheel', 'requirement'],
    // It is known here so that it is refused with its reason.
    ['lock', 'requirement'],
  ]),
  uv: new Map([
    ['install', 'requirement'],
    ['sync', 'file'],
    ['compile', 'file'],
  ]),
}

const tables: Readonly<Record<'pip' | 'uv', OptionTable>> = { pip: pipOptions, uv: uvOptions }

/** The commands to name when another one is refused. */
export const knownCommands: string =
  'pip install, download and wheel, and uv pip install, sync and compile'

/** The installer that a command is, or undefined. */
export function readCommand(command: readonly string[]): ToolCommand | undefined {
  const [program = '', ...args] = command
  const called = toolOf(program, args)
  if (!called) return undefined
  const { tool } = called
  const read = readArguments(called.args, tables[tool], tool === 'pip' ? 'optparse' : 'clap')
  const [first = '', second = '', ...more] = read.words
  if (tool === 'uv' && first !== 'pip') return undefined
  const subcommand = tool === 'uv' ? second : first
  const wordsAre = subcommands[tool].get(subcommand)
  if (!wordsAre) return undefined
  const words = tool === 'uv' ? more : read.words.slice(1)
  return { tool, subcommand, wordsAre, arguments: { ...read, words } }
}

interface CalledTool {
  readonly tool: 'pip' | 'uv'
  readonly args: readonly string[]
}

function toolOf(program: string, args: readonly string[]): CalledTool | undefined {
  const name = programName(program)
  if (/^pip(?:\d+(?:\.\d+)*)?$/.test(name)) return { tool: 'pip', args }
  if (name === 'uv') return { tool: 'uv', args }
  if (!isPython(program)) return undefined
  const module = readModuleCall(args)
  return module?.name === 'pip' || module?.name === 'uv'
    ? { tool: module.name, args: module.args }
    : undefined
}
