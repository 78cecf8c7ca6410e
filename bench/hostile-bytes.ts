/** The most expensive files that a client reads by default, one for each kind of cost. */

const encoder = new TextEncoder()
const head = '"expires":"2099-01-01T00:00:00Z","spec_version":"1.0.34"'
const most = 32_000_000

/** An ordinary file of about so many bytes: names in order, one hash for each target. */
export function ordinaryTargets(bytes: number, first = ''): Uint8Array {
  const digest = 'ab'.repeat(32)
  return targetsFile(
    repeated(bytes, (index) => {
      const path = `pkgs/${index.toString(16).padStart(8, '0')}-1.0-py3-none-any.whl`
      return `"${path}":{"hashes":{"sha256":"${digest}"},"length":${index}}`
    }),
    first,
  )
}

export interface WorstCase {
  /** Bytes: the size at which they cost most. */
  readonly size: number
  readonly make: (bytes: number) => Uint8Array
  readonly role?: 'targets' | 'snapshot'
}

/** Name → how to make bytes of about a size. */
export const worstCases: Readonly<Record<string, WorstCase>> = {
  /** For scale: what the exact road takes for a file that a user would accept. */
  'an ordinary file, out of order': {
    size: most,
    make: (bytes) => ordinaryTargets(bytes - 300, '"z":0,'),
  },
  'short names': custom(6_600_000, (index) => `"${index.toString(36).padStart(5, '0')}":0`),
  'names of 12': custom(most, (index) => `"${index.toString(36).padStart(12, '0')}":0`),
  'unordered names': custom(2_500_000, (index) => `"${shuffled(index)}":0`),
  'unordered names of 20': custom(most, (index) => `"${shuffled(index).padStart(20, '0')}":0`),
  'too many unordered names': custom(most, (index) => `"${shuffled(index)}":0`),
  'custom of one target': {
    size: most,
    make: (bytes) => {
      const names = repeated(bytes - 400, (index) => `"${index.toString(36).padStart(20, '0')}":0`)
      // Out of order, so that the table is not proved.
      return targetsFile(`"a":{"length":0,"custom":{${names}},"hashes":{"sha256":"00"}}`)
    },
  },
  'integer names': custom(3_500_000, (index) => `"${1_000_000 + ((index * 7919) % 999_983)}":0`),
  elements: list(53_000, '0'),
  'empty containers': list(36_500, '{}'),
  'empty containers and space': list(most, `{}${' '.repeat(30)}`),
  'large integers': list(10_500_000, '99999999999999999'),
  'long integers': list(most, '9'.repeat(4_300)),
  escapes: {
    size: most,
    make: (bytes) => targetsFile('', '', `,"x":"${String.raw`\n`.repeat((bytes - 300) / 2)}"`),
  },
  'escapes out of order': {
    size: most,
    make: (bytes) => targetsFile('', `"z":0,"x":"${String.raw`\n`.repeat((bytes - 300) / 2)}",`),
  },
  'patterns with a star': patterns(most, `*${'?'.repeat(50)}`),
  'patterns of stars': patterns(most, '*a'.repeat(24)),
  'nested lists': list(53_000, `${'['.repeat(58)}0${']'.repeat(58)}`),
  'small targets': {
    size: most,
    make: (bytes) =>
      targetsFile(
        repeated(
          bytes - 300,
          (index) => `"${index.toString(36).padStart(34, '0')}":{"hashes":{"a":"00"},"length":0}`,
        ),
      ),
  },
  'small roles': {
    size: most,
    make: (bytes) =>
      delegating(
        repeated(
          bytes - 400,
          (index) =>
            `{"keyids":["k"],"name":"${index.toString(36).padStart(40, '0')}","paths":["*"],"terminating":false,"threshold":1}`,
        ),
      ),
  },
  'hash prefixes': {
    size: most,
    make: (bytes) =>
      delegating(
        `{"keyids":["k"],"name":"a","path_hash_prefixes":[${repeated(bytes - 400, (index) => `"${index.toString(16).padStart(16, '0')}"`)}],"terminating":false,"threshold":1}`,
      ),
  },
  'small keys': {
    size: most,
    make: (bytes) =>
      targetsFile(
        '',
        `"delegations":{"keys":{${repeated(
          bytes - 400,
          (index) =>
            `"${index.toString(36).padStart(18, '0')}":{"keytype":"a","keyval":{"public":""},"scheme":"a"}`,
        )}},"roles":[]},`,
      ),
  },
  'large signatures': {
    size: most,
    make: (bytes) =>
      encoder.encode(
        `{"signatures":[${Array.from({ length: 1_024 }, (_, index) => `{"keyid":"${index}","sig":"${'ab'.repeat(bytes / 2_200)}"}`).join()}],"signed":{"_type":"targets",${head},"targets":{},"version":1}}`,
      ),
  },
  'a snapshot of small names': {
    size: 8_000_000,
    role: 'snapshot',
    make: (bytes) =>
      encoder.encode(
        `{"signatures":[],"signed":{"_type":"snapshot",${head},"meta":{${repeated(
          bytes - 300,
          (index) => `"${index.toString(36).padStart(13, '0')}.json":{"version":1}`,
        )}},"version":1}}`,
      ),
  },
  'many keys of one role': {
    size: 100_000,
    make: () =>
      delegating(
        `{"keyids":[${repeated(90_000, (index) => `"${index}"`)}],"name":"a","paths":["*"],"terminating":false,"threshold":1}`,
      ),
  },
}

function custom(size: number, entry: (index: number) => string) {
  return {
    size,
    make: (bytes: number) => targetsFile('', '', `,"x":{${repeated(bytes - 300, entry)}}`),
  }
}

function list(size: number, element: string) {
  return {
    size,
    make: (bytes: number) => targetsFile('', '', `,"x":[${repeated(bytes - 300, () => element)}]`),
  }
}

function patterns(size: number, pattern: string) {
  return {
    size,
    make: (bytes: number) =>
      delegating(
        `{"keyids":["k"],"name":"a","paths":[${repeated(bytes - 400, () => `"${pattern}"`)}],"terminating":false,"threshold":1}`,
      ),
  }
}

function delegating(role: string): Uint8Array {
  return targetsFile('', `"delegations":{"keys":{},"roles":[${role}]},`)
}

/** Names of `signed` in order, unless `first` starts with another. */
function targetsFile(targets: string, first = '', last = ''): Uint8Array {
  const signed = `{"_type":"targets",${first}${head},"targets":{${targets}},"version":1${last}}`
  return encoder.encode(`{"signatures":[],"signed":${signed}}`)
}

function repeated(bytes: number, entry: (index: number) => string): string {
  const entries: string[] = []
  for (let length = 0, index = 0; length < bytes; index++) {
    const next = entry(index)
    entries.push(next)
    length += next.length + 1
  }
  return entries.join()
}

/** Different names in no order, for indexes up to ten million. */
function shuffled(index: number): string {
  return ((index * 7919) % 9_999_991).toString(36)
}
