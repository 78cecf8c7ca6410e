/** The chain of trust of one target as a tree. */
import type { Explanation } from 'tuffet'
import { columns, count, duration, paint } from './terminal.js'

export function chainOfTrust({ chain, target, now }: Explanation): string[] {
  const lines = chain.map(({ role, version, expires, signed, threshold }, depth) =>
    columns(
      [branch(depth) + role, 31],
      [`version ${version}`, 10],
      [`${signed} of ${count(threshold, 'key')}`, 12],
      [`valid for ${duration(expires - now)}`],
    ),
  )
  if (!target) return lines
  const [[algorithm, digest] = ['no hash', '']] = target.hashes
  const name = target.path.slice(target.path.lastIndexOf('/') + 1)
  const facts = `${count(target.length, 'byte')}, ${algorithm} ${digest.slice(0, 12)}…`
  return [...lines, `${branch(chain.length)}${paint('bold', name)}  ${facts}`]
}

function branch(depth: number): string {
  return depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `
}
