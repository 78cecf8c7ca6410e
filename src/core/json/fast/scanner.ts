/**
 * Calls the scanner (`scanner/scanner.ts`, in WebAssembly): what it proves of a file, and where the
 * tables of the file are. One instance serves all documents, one at a time: what is given out is a
 * copy, or a part of a document that never changes, and never a part of the scanner's memory.
 */
import { budget, mostEntries } from '../../budget.js'
import { decodeHex } from '../../bytes.js'
import { scannerCode } from './scanner-code.js'

/** Which tables are looked for: `meta`; `targets` and `delegations.roles`; none. */
export type Schema = 'none' | 'snapshot' | 'targets'

/** A table that has been proved: every row is as section 4 has it, and rows ascend. */
export interface Slice {
  /** Where its value starts and ends in the document. */
  readonly start: number
  readonly end: number
  /** The table itself: a part of the document, or a copy. */
  readonly bytes: Uint8Array
  /** Two or three numbers for each row: positions in `bytes`. */
  readonly rows: Uint32Array
}

/** What was proved of a document. */
export interface Scanned {
  /** The canonical form of `signed`. */
  readonly signedBytes: Uint8Array | undefined
  /** Two numbers a row: where its name starts, and where it ends. */
  readonly table: Slice | undefined
  /** Three numbers a role: where it starts and ends, and where its first prefix starts. */
  readonly roles: Slice | undefined
  /** How many digits each prefix has. */
  readonly prefixLength: number
}

/**
 * Proves of `bytes` that they are JSON in UTF-8; that the names in each object ascend by code point,
 * so that none is there twice, and have no escapes; that numbers are safe integers, written in one
 * way; that containers are neither too deep nor too many and no surrogate is alone. `undefined`: not
 * proved, or there is no WebAssembly here.
 *
 * @param mayChange whether the caller may write to `bytes` later: then tables are copies
 */
export function scan(
  bytes: Uint8Array,
  schema: Schema,
  mayChange: boolean = true,
): Scanned | undefined {
  const { length } = bytes
  const code = instanceFor(length)
  if (code === undefined) return undefined
  const { memory } = code
  const view = new Uint8Array(memory.buffer)
  view.set(bytes, documentStart)
  view.fill(0, documentStart + length, documentStart + length + padding)
  const proved = code.scan(length, schemas[schema], mostEntries(budget.jsonEntries, length)) === 1
  const scanned = proved ? resultOf(code, bytes, mayChange) : undefined
  if (memory.buffer.byteLength > keptMemory) instance = undefined
  return scanned
}

/** As in `scanner/scanner.ts`. */
const schemas: Readonly<Record<Schema, number>> = { none: 0, snapshot: 1, targets: 2 }
const documentStart = 64
const padding = 16
const pageLength = 65_536
/** Memory never shrinks: a larger one goes with its instance. */
const keptMemory = 8_388_608

interface Code {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  scan(length: number, schema: number, maxEntries: number): number
  compact(from: number, to: number): number
}

interface Platform {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Code }
}

declare const WebAssembly: Platform | undefined

let module: object | undefined
let refused = false
let instance: Code | undefined

/** Undefined where WebAssembly does not exist or is not allowed, and where memory is short. */
function instanceFor(length: number): Code | undefined {
  if (refused || typeof WebAssembly === 'undefined') return undefined
  try {
    module ??= new WebAssembly.Module(decodeHex(scannerCode) ?? new Uint8Array())
  } catch {
    // A content security policy. It is asked once, because it reports each time.
    refused = true
    return undefined
  }
  // Rows take less than half as many bytes as their text.
  const needed = documentStart + 1.5 * length + 4 * padding
  try {
    instance ??= new WebAssembly.Instance(module).exports
    const missing = needed - instance.memory.buffer.byteLength
    if (missing > 0) instance.memory.grow(Math.ceil(missing / pageLength))
  } catch {
    return undefined
  }
  return instance
}

function resultOf(code: Code, bytes: Uint8Array, mayChange: boolean): Scanned {
  const [
    signedStart = 0,
    signedEnd = 0,
    signedChanged = 0,
    tableStart = 0,
    tableEnd = 0,
    tableRows = 0,
    tableCount = 0,
    rolesStart = 0,
    rolesEnd = 0,
    rolesRows = 0,
    rolesCount = 0,
    prefixLength = 0,
  ] = new Uint32Array(code.memory.buffer, 0, 12)
  const { buffer } = code.memory
  const slice = (from: number, to: number, rows: number, numbers: number): Slice | undefined => {
    if (numbers === 0) return undefined
    const [start, end] = [from - documentStart, to - documentStart]
    const part = bytes.subarray(start, end)
    return {
      start,
      end,
      // Not `slice`: a Buffer's does not copy.
      bytes: mayChange ? new Uint8Array(part) : part,
      rows: new Uint32Array(buffer.slice(rows, rows + 4 * numbers)),
    }
  }
  const table = slice(tableStart, tableEnd, tableRows, 2 * tableCount)
  const roles = slice(rolesStart, rolesEnd, rolesRows, 3 * rolesCount)
  let signedBytes: Uint8Array | undefined
  if (signedEnd > 0 && signedChanged === 0 && !mayChange) {
    signedBytes = bytes.subarray(signedStart - documentStart, signedEnd - documentStart)
  } else if (signedEnd > 0) {
    // In place: nothing else is read there any more.
    const end = signedChanged === 0 ? signedEnd : code.compact(signedStart, signedEnd)
    signedBytes = new Uint8Array(buffer.slice(signedStart, end))
  }
  return { signedBytes, table, roles, prefixLength }
}
