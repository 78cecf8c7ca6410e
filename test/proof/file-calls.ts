/**
 * Counts the calls of `node:fs` below a folder, and lets one of them end badly. It must be installed
 * before a module takes a function out of `node:fs`.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** One call. */
export interface FileCall {
  /** From 1. */
  readonly number: number
  /** `renameSync`, `promises.open`, `FileHandle.write` */
  readonly name: string
  readonly args: readonly unknown[]
  /** Whether it can change the disk. */
  readonly changes: boolean
}

/** Called before each call; it may throw the error that the call then ends with. */
export type OnCall = (call: FileCall) => void

const changing = [
  'writeFileSync',
  'writeSync',
  'write',
  'writev',
  'fsync',
  'fdatasync',
  'ftruncate',
  'renameSync',
  'linkSync',
  'rmSync',
  'unlinkSync',
  'mkdirSync',
  'rmdirSync',
  'fchmodSync',
] as const
const reading = [
  'openSync',
  'open',
  'readSync',
  'read',
  'fstatSync',
  'lstatSync',
  'readdirSync',
  'readFileSync',
] as const
const promised = ['open', 'mkdtemp', 'unlink', 'rmdir', 'rm', 'readdir', 'lstat', 'mkdir'] as const
const handled = ['write', 'writev', 'read', 'sync', 'datasync', 'truncate', 'stat'] as const

type Method = (...args: unknown[]) => unknown
type Methods = Record<string, unknown>

const original = { ...fs }
let onCall: OnCall | undefined
let count = 0

/** Wraps the functions, once for the process. */
export function installFileCalls(): void {
  const methods = fs as unknown as Methods
  for (const name of [...changing, ...reading]) wrap(methods, name, name)
  const promises = fs.promises as unknown as Methods
  for (const name of promised) wrap(promises, name, `promises.${name}`)
  syncBuiltinESMExports()
}

/** Calls `watcher` before each call from now on, counted anew from 1; undefined: no more. */
export function watchFileCalls(watcher: OnCall | undefined): void {
  onCall = watcher
  count = 0
}

/** How many calls there were since `watchFileCalls`. */
export function fileCalls(): number {
  return count
}

/** The functions as they were, for code that acts on the disk between two calls. */
export const plainFs: typeof fs = original

function wrap(methods: Methods, key: string, name: string): void {
  const plain = methods[key] as Method
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const failure = failureOf(name, args)
    if (failure === undefined) return handleOf(plain.apply(this, args))
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      setImmediate(() => (callback as Method)(failure.error))
      return undefined
    }
    if (/^(?:promises|FileHandle)\./.test(name)) return Promise.reject(failure.error)
    throw failure.error
  }
  // `promisify` reads a symbol of some of them.
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(plain))
  methods[key] = wrapped
}

function failureOf(
  name: string,
  args: readonly unknown[],
): { readonly error: unknown } | undefined {
  const watcher = onCall
  if (watcher === undefined) return undefined
  count += 1
  try {
    watcher({ number: count, name, args, changes: doesChange(name, args) })
    return undefined
  } catch (error) {
    return { error }
  }
}

/** The methods of an opened `FileHandle` are calls too. */
function handleOf(result: unknown): unknown {
  if (!(result instanceof Promise)) return result
  return result.then((value: unknown) => {
    if (typeof value === 'object' && value !== null && 'datasync' in value) {
      for (const name of handled) wrap(value, name, `FileHandle.${name}`)
    }
    return value
  })
}

function doesChange(name: string, args: readonly unknown[]): boolean {
  const plain = name.replace(/^.*\./, '')
  if (plain === 'open' || plain === 'openSync') {
    const flags = args[1]
    return typeof flags === 'number'
      ? (flags & (1 | 2 | fs.constants.O_CREAT)) !== 0
      : flags !== 'r'
  }
  const reads: readonly string[] = [...reading, 'read', 'stat', 'readdir', 'lstat']
  return !reads.includes(plain)
}

/** An error as the system reports it. */
export function systemError(code: string, call: FileCall): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`${code}: injected, ${call.name}`)
  error.code = code
  error.syscall = call.name
  return error
}
