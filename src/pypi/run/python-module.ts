/**
 * `python -m pip` without the current folder on the module path. With `-m` Python looks there
 * first: a `pip/`, a `pip.py` or a `tempfile.py` in it would run in place of the real one. Python
 * 3.11 offers `-P` against that; older ones, and Python 2, take this program instead.
 */

/** Nothing is imported before the folder is gone, `sys` is part of the interpreter. */
function program(module: string): string {
  return [
    'import sys',
    "sys.path[:] = [p for p in sys.path if p not in ('', '.')]",
    'import runpy',
    `runpy.run_module('${module}', run_name='__main__', alter_sys=True)`,
  ].join('; ')
}

/** A call of `python [options] -m MODULE …`. */
export interface ModuleCall {
  /** The options of Python in front of `-m`. */
  readonly before: readonly string[]
  readonly name: string
  /** The arguments of the module. */
  readonly args: readonly string[]
}

/** Reads the arguments of Python; undefined when they do not run a module. */
export function readModuleCall(args: readonly string[]): ModuleCall | undefined {
  for (let at = 0; at < args.length; at++) {
    const [, flags = '', letter, value = ''] =
      /^-([bBdEhiIOPqRsSuvVx0-9.]*)([mWX])?(.*)$/s.exec(args[at] ?? '') ?? []
    if (flags === '' && letter === undefined) return undefined
    if (letter === undefined) {
      if (value !== '') return undefined
      continue
    }
    const joined = value !== ''
    if (letter === 'm') {
      const name = joined ? value : (args[at + 1] ?? '')
      const before = [...args.slice(0, at), ...(flags === '' ? [] : [`-${flags}`])]
      return { before, name, args: args.slice(joined ? at + 1 : at + 2) }
    }
    if (!joined) at++
  }
  return undefined
}

/** The same command, without the current folder where it runs a module. Others are as they were. */
export function withoutCurrentFolder(command: readonly string[]): readonly string[] {
  const [python = '', ...args] = command
  if (!isPython(python)) return command
  const call = readModuleCall(args)
  if (call?.name !== 'pip' && call?.name !== 'uv') return command
  return [python, ...call.before, '-c', program(call.name), ...call.args]
}

/** Whether a program is Python, by its name. */
export function isPython(program: string): boolean {
  return /^(?:py|pypy|python)(?:\d+(?:\.\d+)*)?w?$/.test(programName(program))
}

/** Without its folder and `.exe`, in lower case. */
export function programName(program: string): string {
  return program
    .replace(/^.*[/\\]/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase()
}
