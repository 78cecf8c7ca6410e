/** A target's entry in metadata, for people and for programs. */
import type { TargetFile } from '../index.js'
import { count } from '../words/amounts.js'

/** The first line names it, the others give its hashes. */
export function targetLines(target: TargetFile): string[] {
  return [
    `${target.path}: ${count(target.length, 'byte')}`,
    ...hashLines(target).map((line) => `  ${line}`),
  ]
}

/** `sha256 …` */
export function hashLines(target: TargetFile): string[] {
  return [...target.hashes].map(([name, digest]) => `${name} ${digest}`)
}

/** As in metadata, with the path. */
export function targetJson({ path, length, hashes, custom }: TargetFile): Record<string, unknown> {
  return { path, length, hashes: Object.fromEntries(hashes), ...(custom && { custom }) }
}
