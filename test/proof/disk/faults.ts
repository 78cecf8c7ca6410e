/** The ways in which a disk fails, each at one call of `node:fs` or from one call on. */
import { join } from 'node:path'
import { type FileCall, type OnCall, plainFs, systemError } from '../file-calls.js'

/** One way to fail, which begins at the call `at`. */
export interface Fault {
  readonly name: string
  /** Whether only calls that change the disk count. */
  readonly ofChanges: boolean
  /** Whether it is tried at each call also where others are at every fourth only. */
  readonly everywhere?: boolean
  /** Whether accepted files may be gone. */
  readonly destroys?: boolean
  /** @param folder that of the store and the downloads */
  begin(at: number, folder: string): OnCall
}

function once(code: string): Fault {
  return {
    name: `${code} once`,
    ofChanges: false,
    everywhere: true,
    begin: (at) => (call) => {
      if (call.number === at) throw systemError(code, call)
    },
  }
}

function fromThen(code: string, fails: (call: FileCall) => boolean): Fault {
  return {
    name: `${code} from then on`,
    ofChanges: true,
    begin(at) {
      let changes = 0
      return (call) => {
        if (call.changes) changes += 1
        if (changes >= at && fails(call)) throw systemError(code, call)
      }
    },
  }
}

/** A full disk still lets files be removed. */
function takesSpace({ name, changes }: FileCall): boolean {
  return changes && !/unlink|rm|truncate/.test(name)
}

function changesDisk({ changes }: FileCall): boolean {
  return changes
}

/** Another process does something between two calls. */
function meanwhile(name: string, act: (folder: string) => void, destroys: boolean): Fault {
  return {
    name,
    ofChanges: false,
    destroys,
    begin: (at, folder) => (call) => {
      if (call.number === at) act(folder)
    },
  }
}

function linkTo(outside: string, path: string): void {
  plainFs.rmSync(path, { recursive: true, force: true })
  if (plainFs.existsSync(join(path, '..'))) plainFs.symlinkSync(outside, path)
}

/** The folder outside that planted links lead to; nothing may be written there. */
export function outsideOf(folder: string): string {
  return join(folder, 'outside')
}

export const faults: readonly Fault[] = [
  once('EIO'),
  fromThen('EIO', changesDisk),
  fromThen('ENOSPC', takesSpace),
  fromThen('EDQUOT', takesSpace),
  fromThen('EROFS', changesDisk),
  fromThen('EACCES', changesDisk),
  meanwhile(
    'the store is removed',
    (folder) => plainFs.rmSync(join(folder, 'store'), { recursive: true, force: true }),
    true,
  ),
  meanwhile(
    'links take the place of entries',
    (folder) => {
      linkTo(outsideOf(folder), join(folder, 'store/root_history'))
      linkTo(join(outsideOf(folder), 'file'), join(folder, 'store/timestamp.json'))
    },
    true,
  ),
]
