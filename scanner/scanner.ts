/**
 * The scanner of JSON (AssemblyScript): one pass over the bytes of a metadata file, which proves all
 * of the grammar and of the limits, finds `signed`, and proves the rows of the tables that grow with
 * a repository. It reports no error: 0 means "not proved", and the exact road decides.
 * `src/core/json/fast/scanner.ts` calls it; docs/adr/0025 says why it is written in this way.
 *
 * Memory: results (see `store<u32>` in `scan`), the document at `DOC`, sixteen zero bytes, then rows.
 * No token takes a zero byte, so no loop runs past the end, and words of eight bytes may be read.
 */

/** Where the document is. */
const DOC: usize = 64
/** `budget.jsonDepth` and `budget.jsonContainers`; a test holds them equal. */
const MAX_DEPTH: u32 = 64
const MAX_CONTAINERS: u32 = 1_000_000
/** An integer of so many digits is always a safe one. */
const MAX_DIGITS: usize = 15

const QUOTE: u32 = 0x22
const COMMA: u32 = 0x2c
const MINUS: u32 = 0x2d
const POINT: u32 = 0x2e
const ZERO: u32 = 0x30
const COLON: u32 = 0x3a
const OPEN_ARRAY: u32 = 0x5b
const BACKSLASH: u32 = 0x5c
const CLOSE_ARRAY: u32 = 0x5d
const OPEN_OBJECT: u32 = 0x7b
const CLOSE_OBJECT: u32 = 0x7d

/** What is asked of a file: nothing more than JSON, rows of `meta`, rows of `targets` and `roles`. */
const SNAPSHOT: u32 = 1
const TARGETS: u32 = 2

/** What an object or an array is, where that matters. */
const ANY: u32 = 0
const ENVELOPE: u32 = 1
const SIGNED: u32 = 2
const TABLE: u32 = 3
const ROW: u32 = 4
const HASHES: u32 = 5
const DELEGATIONS: u32 = 6
const ROLES: u32 = 7
const ROLE: u32 = 8
const KEYIDS: u32 = 9
const PREFIXES: u32 = 10

/** Fields that a row has been seen to have. */
const HAS_HASHES: u32 = 1
const HAS_LENGTH: u32 = 2
const HAS_VERSION: u32 = 4
const HAS_NAME: u32 = 8
const HAS_KEYIDS: u32 = 16
const HAS_THRESHOLD: u32 = 32
const HAS_PREFIXES: u32 = 64

let at: usize = 0
let schema: u32 = 0
let entries: u32 = 0
let containers: u32 = 0
/** White space, or an escape that the canonical form writes in another way. */
let changed: u32 = 0

let signedStart: usize = 0
let signedEnd: usize = 0
let signedChanged: u32 = 0

/** The next free word. */
let rows: usize = 0
let seen: u32 = 0
let counted: u32 = 0

let tableStart: usize = 0
let tableEnd: usize = 0
let tableRows: usize = 0
let tableCount: u32 = 0
let tableProved: u32 = 0

let rolesStart: usize = 0
let rolesEnd: usize = 0
let rolesRows: usize = 0
let rolesCount: u32 = 0
let rolesProved: u32 = 0
let roleName: usize = 0
let roleNameEnd: usize = 0
let firstPrefix: usize = 0
let prefix: usize = 0
let prefixEnd: usize = 0

/**
 * Scans the document of `length` bytes at `DOC`, with sixteen zero bytes after it. Rows take less
 * than half as many bytes as the document. 1: it is JSON in UTF-8; names ascend in each object, so
 * that none is there twice, and have no escapes; numbers are safe integers, written in one way;
 * no surrogate is alone; containers and entries are within the limits.
 */
export function scan(length: u32, kind: u32, maxEntries: u32): u32 {
  const end = DOC + <usize>length
  at = DOC
  schema = kind
  entries = containers = changed = signedChanged = 0
  signedStart = signedEnd = 0
  tableStart = tableEnd = tableCount = tableProved = 0
  rolesStart = rolesEnd = rolesCount = rolesProved = 0
  prefix = prefixEnd = roleName = roleNameEnd = 0
  rows = (end + 16 + 7) & ~7
  tableRows = rolesRows = rows

  space()
  const proved = byte() == OPEN_OBJECT ? object(0, ENVELOPE) : value(0)
  if (!proved) return 0
  space()
  if (at != end || entries > maxEntries) return 0

  store<u32>(0, signedStart)
  store<u32>(4, signedEnd)
  store<u32>(8, signedChanged)
  store<u32>(12, tableStart)
  store<u32>(16, tableEnd)
  store<u32>(20, tableRows)
  store<u32>(24, tableProved ? tableCount : 0)
  store<u32>(28, rolesStart)
  store<u32>(32, rolesEnd)
  store<u32>(36, rolesRows)
  store<u32>(40, rolesProved ? rolesCount : 0)
  store<u32>(44, prefixEnd - prefix)
  return 1
}

/**
 * Writes the canonical form of the JSON text from `from` to `to`, which `scan` proved, over that text:
 * it is never longer, because no character takes more bytes than its escape. Returns its end.
 */
export function compact(from: usize, to: usize): usize {
  let out = from
  at = from
  while (at < to) {
    const first = byte()
    at++
    if (first <= 0x20) continue
    store<u8>(out++, first)
    if (first != QUOTE) continue
    while (true) {
      const next = byte()
      if (next == BACKSLASH) {
        out = unescape(out)
        continue
      }
      at++
      store<u8>(out++, next)
      if (next == QUOTE) break
    }
  }
  return out
}

function byte(): u32 {
  return load<u8>(at)
}

function isDigit(unit: u32): bool {
  return unit - ZERO < 10
}

function space(): void {
  if (byte() > 0x20) return
  while (true) {
    const next = byte()
    if (next != 0x20 && next != 0x0a && next != 0x0d && next != 0x09) return
    changed = 1
    at++
  }
}

function value(depth: u32): bool {
  const first = byte()
  if (first == QUOTE) return string()
  if (first == OPEN_OBJECT) return object(depth, ANY)
  if (first == OPEN_ARRAY) return array(depth, ANY)
  if (first == MINUS || isDigit(first)) return number()
  const word = load<u32>(at)
  if (word == 0x65757274 || word == 0x6c6c756e) {
    at += 4 // true, null
    return true
  }
  if (word == 0x736c6166 && load<u8>(at + 4) == 0x65) {
    at += 5 // false
    return true
  }
  return false
}

function open(depth: u32): bool {
  if (depth == MAX_DEPTH || containers == MAX_CONTAINERS) return false
  containers++
  entries++
  at++
  space()
  return true
}

function object(depth: u32, kind: u32): bool {
  if (!open(depth)) return false
  if (byte() == CLOSE_OBJECT) {
    at++
    return true
  }
  let before: usize = 0
  let beforeEnd: usize = 0
  while (true) {
    const start = at + 1
    if (!name()) return false
    const end = at - 1
    if (before != 0 && !ascends(before, beforeEnd, start, end)) return false
    before = start
    beforeEnd = end
    space()
    if (byte() != COLON) return false
    at++
    space()
    if (!(kind == ANY ? value(depth + 1) : field(kind, start, end, depth + 1))) return false
    space()
    const next = byte()
    at++
    if (next == CLOSE_OBJECT) return true
    if (next != COMMA) return false
    entries++
    space()
  }
}

function array(depth: u32, kind: u32): bool {
  if (!open(depth)) return false
  if (byte() == CLOSE_ARRAY) {
    at++
    return true
  }
  while (true) {
    if (!(kind == ANY ? value(depth + 1) : element(kind, depth + 1))) return false
    space()
    const next = byte()
    at++
    if (next == CLOSE_ARRAY) return true
    if (next != COMMA) return false
    entries++
    space()
  }
}

/** UTF-8 keeps the order of code points, so names compare as bytes. */
function ascends(start: usize, end: usize, nextStart: usize, nextEnd: usize): bool {
  const length = end - start
  const nextLength = nextEnd - nextStart
  const common = length < nextLength ? length : nextLength
  let i: usize = 0
  for (; i + 8 <= common; i += 8) {
    const one = load<u64>(start + i)
    const other = load<u64>(nextStart + i)
    if (one != other) return bswap(one) < bswap(other)
  }
  for (; i < common; i++) {
    const one = load<u8>(start + i)
    const other = load<u8>(nextStart + i)
    if (one != other) return one < other
  }
  return length < nextLength
}

/** A string without an escape, from its first quotation mark to after its last. */
function name(): bool {
  if (byte() != QUOTE) return false
  at++
  while (true) {
    plain()
    const stop = byte()
    if (stop == QUOTE) {
      at++
      return true
    }
    if (stop < 0x80 || !character()) return false
  }
}

/** Any string. */
function string(): bool {
  at++
  while (true) {
    plain()
    const stop = byte()
    if (stop == QUOTE) {
      at++
      return true
    }
    if (stop == BACKSLASH) {
      if (!escape()) return false
    } else if (stop < 0x80 || !character()) {
      return false
    }
  }
}

/** To the first byte that is not ASCII, a control character, a quotation mark or a backslash. */
function plain(): void {
  while (true) {
    const word = load<u64>(at)
    const quotes = word ^ 0x2222222222222222
    const slashes = word ^ 0x5c5c5c5c5c5c5c5c
    // The lowest bit that is set is exact; a borrow can only set bits above it.
    const stops =
      (((word - 0x2020202020202020) & ~word) |
        ((quotes - 0x0101010101010101) & ~quotes) |
        ((slashes - 0x0101010101010101) & ~slashes) |
        word) &
      0x8080808080808080
    if (stops != 0) {
      at += <usize>(ctz(stops) >> 3)
      return
    }
    at += 8
  }
}

/** One character of two to four bytes, as RFC 3629 has them: no overlong form, no surrogate. */
function character(): bool {
  const first = byte()
  const second: u32 = load<u8>(at + 1)
  if (first < 0xc2) return false
  if (first < 0xe0) {
    if (!continues(second)) return false
    at += 2
    return true
  }
  if (first < 0xf0) {
    if (second < <u32>(first == 0xe0 ? 0xa0 : 0x80)) return false
    if (second > <u32>(first == 0xed ? 0x9f : 0xbf)) return false
    if (!continues(load<u8>(at + 2))) return false
    at += 3
    return true
  }
  if (first > 0xf4) return false
  if (second < <u32>(first == 0xf0 ? 0x90 : 0x80)) return false
  if (second > <u32>(first == 0xf4 ? 0x8f : 0xbf)) return false
  if (!continues(load<u8>(at + 2)) || !continues(load<u8>(at + 3))) return false
  at += 4
  return true
}

function continues(unit: u32): bool {
  return (unit & 0xc0) == 0x80
}

function escape(): bool {
  const letter: u32 = load<u8>(at + 1)
  // These two are escaped in the canonical form as well.
  if (letter == QUOTE || letter == BACKSLASH) {
    at += 2
    return true
  }
  changed = 1
  if (letter != 0x75) {
    if (unescaped(letter) == 0) return false
    at += 2
    return true
  }
  const unit = hexUnit(at)
  if (unit < 0 || (unit & 0xfc00) == 0xdc00) return false
  at += 6
  if ((unit & 0xfc00) != 0xd800) return true
  const low = hexUnit(at)
  if (low < 0 || (low & 0xfc00) != 0xdc00) return false
  at += 6
  return true
}

/** What a letter after a backslash stands for; 0 for another letter. */
function unescaped(letter: u32): u32 {
  if (letter == 0x2f) return 0x2f
  if (letter == 0x62) return 0x08
  if (letter == 0x66) return 0x0c
  if (letter == 0x6e) return 0x0a
  if (letter == 0x72) return 0x0d
  if (letter == 0x74) return 0x09
  return 0
}

/** The unit that `\uXXXX` at `start` stands for, or -1. */
function hexUnit(start: usize): i32 {
  if (load<u16>(start) != 0x755c) return -1
  let unit: u32 = 0
  for (let i: usize = 2; i < 6; i++) {
    const digit: u32 = load<u8>(start + i)
    const lower = digit | 0x20
    if (isDigit(digit)) unit = (unit << 4) | (digit - ZERO)
    else if (lower - 0x61 < 6) unit = (unit << 4) | (lower - 0x57)
    else return -1
  }
  return unit
}

/** From the escape at `at`, which is right, writes the canonical form; returns its end. */
function unescape(to: usize): usize {
  const letter: u32 = load<u8>(at + 1)
  if (letter == QUOTE || letter == BACKSLASH) {
    store<u16>(to, load<u16>(at))
    at += 2
    return to + 2
  }
  if (letter != 0x75) {
    store<u8>(to, unescaped(letter))
    at += 2
    return to + 1
  }
  let point: u32 = hexUnit(at)
  at += 6
  if ((point & 0xfc00) == 0xd800) {
    point = 0x10000 + ((point & 0x3ff) << 10) + ((<u32>hexUnit(at)) & 0x3ff)
    at += 6
  }
  if (point == QUOTE || point == BACKSLASH) {
    store<u8>(to, BACKSLASH)
    store<u8>(to + 1, point)
    return to + 2
  }
  if (point < 0x80) {
    store<u8>(to, point)
    return to + 1
  }
  if (point < 0x800) {
    store<u8>(to, 0xc0 | (point >> 6))
    return last(to + 1, point)
  }
  if (point < 0x10000) {
    store<u8>(to, 0xe0 | (point >> 12))
    store<u8>(to + 1, 0x80 | ((point >> 6) & 0x3f))
    return last(to + 2, point)
  }
  store<u8>(to, 0xf0 | (point >> 18))
  store<u8>(to + 1, 0x80 | ((point >> 12) & 0x3f))
  store<u8>(to + 2, 0x80 | ((point >> 6) & 0x3f))
  return last(to + 3, point)
}

function last(to: usize, point: u32): usize {
  store<u8>(to, 0x80 | (point & 0x3f))
  return to + 1
}

function number(): bool {
  const negative = byte() == MINUS
  if (negative) at++
  const first = at
  while (isDigit(byte())) at++
  const digits = at - first
  if (digits == 0 || digits > MAX_DIGITS) return false
  // Zero has no sign, and nothing begins with it.
  if (load<u8>(first) == ZERO && (negative || digits > 1)) return false
  const next = byte()
  return next != POINT && (next | 0x20) != 0x65
}

/**
 * The value of a field whose name matters. What is JSON and not a row as section 4 has it makes its
 * table unproved; the readers of single fields then say what it is.
 */
function field(kind: u32, start: usize, end: usize, depth: u32): bool {
  const length = end - start
  const first = byte()
  if (kind == TABLE) return row(start, first, depth)
  if (kind == HASHES) return hash(first, depth)
  if (kind == ROW) return rowField(start, length, first, depth)
  if (kind == ROLE) return roleField(start, length, first, depth)
  if (kind == ENVELOPE) {
    if (length != 6 || word(start, 6) != 0x64656e676973) return value(depth) // signed
    signedStart = at
    changed = 0
    const known = schema != 0 && first == OPEN_OBJECT
    if (!(known ? object(depth, SIGNED) : value(depth))) return false
    signedEnd = at
    signedChanged = changed
    return true
  }
  if (kind == SIGNED) {
    const opens = first == OPEN_OBJECT
    if (schema == SNAPSHOT) {
      // meta
      if (opens && length == 4 && word(start, 4) == 0x6174656d) return table(depth)
    } else if (opens) {
      // targets, delegations
      if (length == 7 && word(start, 7) == 0x73746567726174) return table(depth)
      if (same(start, length, 11, 0x69746167656c6564, 0x736e6f6974616765)) {
        return object(depth, DELEGATIONS)
      }
    }
    return value(depth)
  }
  // In DELEGATIONS: roles
  if (first == OPEN_ARRAY && length == 5 && word(start, 5) == 0x73656c6f72) return roles(depth)
  return value(depth)
}

/** The first bytes of a name, eight at most, as a number. */
function word(start: usize, length: u32): u64 {
  return load<u64>(start) & ((<u64>-1) >> (64 - 8 * <u64>length))
}

/** Whether a name of eight to sixteen bytes has this length, these first and these last eight bytes. */
function same(start: usize, length: usize, wanted: usize, head: u64, tail: u64): bool {
  return length == wanted && load<u64>(start) == head && load<u64>(start + wanted - 8) == tail
}

function table(depth: u32): bool {
  tableStart = at
  tableRows = rows
  tableProved = 1
  if (!object(depth, TABLE)) return false
  tableEnd = at
  return true
}

/** A row takes 16 bytes at least, and two words: where in the table its name starts, and it ends. */
function row(start: usize, first: u32, depth: u32): bool {
  seen = 0
  if (first != OPEN_OBJECT) {
    tableProved = 0
    return value(depth)
  }
  if (!object(depth, ROW)) return false
  const needed = schema == SNAPSHOT ? HAS_VERSION : HAS_HASHES | HAS_LENGTH
  if ((seen & needed) != needed) tableProved = 0
  if (tableProved) {
    store<u32>(rows, start - tableStart)
    store<u32>(rows + 4, at - tableStart)
    rows += 8
    tableCount++
  }
  return true
}

function rowField(start: usize, length: usize, first: u32, depth: u32): bool {
  if (length == 6) {
    const found = word(start, 6)
    if (found == 0x736568736168) {
      seen |= HAS_HASHES
      if (first != OPEN_OBJECT) {
        tableProved = 0
        return value(depth)
      }
      counted = 0
      if (!object(depth, HASHES)) return false
      if (counted == 0) tableProved = 0
      return true
    }
    if (found == 0x6874676e656c) {
      seen |= HAS_LENGTH
      if (!isDigit(first)) tableProved = 0
    } else if (schema == TARGETS && found == 0x6d6f74737563 && first != OPEN_OBJECT) {
      tableProved = 0 // custom
    }
  } else if (schema == SNAPSHOT && length == 7 && word(start, 7) == 0x6e6f6973726576) {
    seen |= HAS_VERSION
    if (!isDigit(first) || first == ZERO) tableProved = 0
  }
  return value(depth)
}

/** A digest: pairs of hexadecimal digits, at least one. */
function hash(first: u32, depth: u32): bool {
  counted++
  if (first != QUOTE) {
    tableProved = 0
    return value(depth)
  }
  const start = at + 1
  if (!string()) return false
  const end = at - 1
  if (end == start || (end - start) & 1) tableProved = 0
  for (let i = start; i < end; i++) {
    const digit: u32 = load<u8>(i)
    if (!isDigit(digit) && (digit | 0x20) - 0x61 >= 6) tableProved = 0
  }
  return true
}

function roles(depth: u32): bool {
  rolesStart = at
  rolesRows = rows
  rolesProved = 1
  if (!array(depth, ROLES)) return false
  rolesEnd = at
  return true
}

function element(kind: u32, depth: u32): bool {
  const first = byte()
  if (kind == ROLES) return role(first, depth)
  counted++
  if (first != QUOTE) {
    rolesProved = 0
    return value(depth)
  }
  if (kind == KEYIDS) return string()
  // Prefixes of one length, which ascend over all roles, so that one of them is found by halving.
  const start = at + 1
  if (!name()) return false
  const end = at - 1
  if (prefix == 0) {
    if (start == end || end - start > 64) rolesProved = 0
  } else if (end - start != prefixEnd - prefix || !ascends(prefix, prefixEnd, start, end)) {
    rolesProved = 0
  }
  if (counted == 1) firstPrefix = start
  prefix = start
  prefixEnd = end
  return true
}

/** A role by prefixes of hashes, with one key. Names ascend, so that none is there twice. */
function role(first: u32, depth: u32): bool {
  const start = at
  const before = roleName
  const beforeEnd = roleNameEnd
  seen = 0
  if (first != OPEN_OBJECT) {
    rolesProved = 0
    return value(depth)
  }
  if (!object(depth, ROLE)) return false
  const needed = HAS_NAME | HAS_KEYIDS | HAS_THRESHOLD | HAS_PREFIXES
  if ((seen & needed) != needed) rolesProved = 0
  if (before != 0 && !ascends(before, beforeEnd, roleName, roleNameEnd)) rolesProved = 0
  if (rolesProved) {
    store<u32>(rows, start - rolesStart)
    store<u32>(rows + 4, at - rolesStart)
    store<u32>(rows + 8, firstPrefix - rolesStart)
    rows += 12
    rolesCount++
  }
  return true
}

function roleField(start: usize, length: usize, first: u32, depth: u32): bool {
  if (length == 4 && word(start, 4) == 0x656d616e) {
    // name
    seen |= HAS_NAME
    if (first != QUOTE) {
      rolesProved = 0
      return value(depth)
    }
    roleName = at + 1
    if (!name()) return false
    roleNameEnd = at - 1
    if (isTopLevel(roleName, roleNameEnd - roleName)) rolesProved = 0
    return true
  }
  if (length == 6 && word(start, 6) == 0x73646979656b) {
    // keyids
    seen |= HAS_KEYIDS
    return strings(KEYIDS, first, depth) && (counted == 1 || unproved())
  }
  if (length == 18 && isPrefixes(start)) {
    seen |= HAS_PREFIXES
    return strings(PREFIXES, first, depth) && (counted > 0 || unproved())
  }
  if (same(start, length, 9, 0x6c6f687365726874, 0x646c6f6873657268)) {
    // threshold
    seen |= HAS_THRESHOLD
    if (!isDigit(first) || first == ZERO) rolesProved = 0
  } else if (same(start, length, 11, 0x74616e696d726574, 0x676e6974616e696d)) {
    // terminating: true or false
    if (first != 0x74 && first != 0x66) rolesProved = 0
  } else if (length == 5 && word(start, 5) == 0x7368746170) {
    rolesProved = 0 // paths
  }
  return value(depth)
}

function unproved(): bool {
  rolesProved = 0
  return true
}

function strings(kind: u32, first: u32, depth: u32): bool {
  counted = 0
  if (first == OPEN_ARRAY) return array(depth, kind)
  return value(depth)
}

function isTopLevel(start: usize, length: usize): bool {
  if (length == 4) return word(start, 4) == 0x746f6f72 // root
  if (length == 7) return word(start, 7) == 0x73746567726174 // targets
  if (length == 8) return load<u64>(start) == 0x746f687370616e73 // snapshot
  return same(start, length, 9, 0x6d617473656d6974, 0x706d617473656d69) // timestamp
}

/** path_hash_prefixes */
function isPrefixes(start: usize): bool {
  return (
    load<u64>(start) == 0x7361685f68746170 &&
    load<u64>(start + 8) == 0x7869666572705f68 &&
    load<u16>(start + 16) == 0x7365
  )
}
