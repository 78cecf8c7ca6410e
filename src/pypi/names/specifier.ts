/** Version specifiers (PEP 440), one comparison at a time. */
import { compareVersions, parseVersion, satisfiesVersion, type Version } from './version.js'

/** A comparison such as `>= 3.9`. */
export interface Specifier {
  readonly operator: string
  /** As written, with or without `.*` at the end. */
  readonly version: string
}

const pattern = /^(===|~=|==|!=|<=|>=|<|>)\s*([^\s,;()]+)$/

/**
 * Reads a list such as `>=1.0, !=1.3`; undefined when it is not one. The empty text gives an empty
 * list.
 */
export function parseSpecifiers(text: string): readonly Specifier[] | undefined {
  const list = text.trim().replace(/,$/, '')
  if (list === '') return text.trim() === '' ? [] : undefined
  const found = list.split(',').map((part) => parseSpecifier(part.trim()))
  return found.every((one) => one !== undefined) ? found : undefined
}

/** The version that a single `==` or `===` allows: pip takes that for pinned. */
export function pinnedVersion(specifiers: readonly Specifier[]): string | undefined {
  const [only, more] = specifiers
  if (only === undefined || more !== undefined) return undefined
  if (only.operator === '===') return only.version
  return only.operator === '==' && !only.version.endsWith('.*') ? only.version : undefined
}

/** Whether a comparison is true; undefined when `text` is not a version that can be compared. */
export function satisfiesSpecifier(text: string, specifier: Specifier): boolean | undefined {
  const { operator, version: bound } = specifier
  if (operator === '===') return text.toLowerCase() === bound.toLowerCase()
  const version = parseVersion(text)
  if (version === undefined) return undefined
  if (bound.endsWith('.*')) {
    const inside = hasPrefix(version, bound.slice(0, -2))
    return operator === '==' ? inside : !inside
  }
  const limit = parseVersion(bound)
  if (limit === undefined) return undefined
  const { local: _, ...withoutLocal } = version
  const order = compareVersions(withoutLocal, limit)
  switch (operator) {
    case '==':
      return satisfiesVersion(text, bound)
    case '!=':
      return !satisfiesVersion(text, bound)
    case '<=':
      return order <= 0
    case '>=':
      return order >= 0
    case '~=':
      return order >= 0 && hasPrefix(version, compatiblePrefix(limit))
    case '<':
      return order < 0 && !(isEarly(version) && !isEarly(limit) && sameRelease(version, limit))
    case '>':
      return order > 0 && !(hasPost(version) && !hasPost(limit) && sameRelease(version, limit))
  }
  return undefined
}

function parseSpecifier(text: string): Specifier | undefined {
  const [, operator, version] = pattern.exec(text) ?? []
  if (operator === undefined || version === undefined) return undefined
  if (operator === '===') return { operator, version }
  const wild = version.endsWith('.*')
  if (wild && operator !== '==' && operator !== '!=') return undefined
  const parsed = parseVersion(wild ? version.slice(0, -2) : version)
  if (parsed === undefined || (operator === '~=' && parsed.release.length < 2)) return undefined
  return { operator, version }
}

/** Missing numbers of the version count as 0. */
function hasPrefix(version: Version, prefix: string): boolean {
  const { epoch, release, ...rest } = parseVersion(prefix) ?? { epoch: '', release: [] }
  return (
    epoch === version.epoch &&
    release.every((number, index) => number === (version.release[index] ?? '0')) &&
    Object.keys(rest).length === 0
  )
}

function compatiblePrefix({ epoch, release }: Version): string {
  return `${epoch}!${release.slice(0, -1).join('.')}`
}

function isEarly({ pre, dev }: Version): boolean {
  return pre !== undefined || dev !== undefined
}

function hasPost({ post }: Version): boolean {
  return post !== undefined
}

function sameRelease(a: Version, b: Version): boolean {
  const [one, other] = [a, b].map(({ epoch, release }): Version => ({ epoch, release }))
  return one !== undefined && other !== undefined && compareVersions(one, other) === 0
}
