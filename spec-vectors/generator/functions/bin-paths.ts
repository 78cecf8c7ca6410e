/** Paths with known digests, and roles by pattern and by hash prefix. */
import type { Json } from './sample-files.js'

/** Start of the SHA-256 of a path, by whatever tool: `printf %s file.txt | sha256sum`. */
export const digests = {
  '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  a: 'ca978112ca1b',
  'file.txt': 'aadf327c8267c09d',
  '/file.txt': '95743e40eac77718',
  'dir/file.txt': '781336c84b85ce9d',
  'dir//file.txt': '2e7786df4c483168',
  'DIR/FILE.TXT': '1fcccbcf1ce2f9c1',
  'packages/\u00e9.txt': '4b2445eb9e0fc999',
  'packages/e\u0301.txt': 'b2ef71d0aebc47e2',
  'file name.txt': '99677643a842bed8',
  'file%20name.txt': '8db3fddc8dbf7eeb',
  'file-607352.txt': '00000b66b48414d5',
  'file-1148962.txt': 'fffffaca45ee4f15',
  'file-961525.txt': '800004e4e44c9668',
  'file-1701483.txt': '7ffff8abade7e5cb',
  t8: 'd5fa38a1f8a14002',
  t25: '110cda456202f5ac',
} as const

export type Path = keyof typeof digests

export function byHash(name: string, ...path_hash_prefixes: string[]): Json {
  return { name, keyids: [], threshold: 1, terminating: false, path_hash_prefixes }
}

export function byPath(name: string, ...paths: string[]): Json {
  return { name, keyids: [], threshold: 1, terminating: false, paths }
}
