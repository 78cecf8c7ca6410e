/**
 * The picture of imports. The rooms of a folder are its files and folders, those of `src` its
 * layers; an arrow leads from a room to one that it imports, also for a type alone; a room stands
 * one floor above the highest that it imports; the rooms of a circle import each other.
 */
import { posix } from 'node:path'
import { importsOf, type SourceFile } from './source-files.js'

export interface Picture {
  readonly rooms: readonly string[]
  /** Room → rooms that it imports. */
  readonly arrows: ReadonlyMap<string, ReadonlySet<string>>
  /** From the lowest, which imports no other room. */
  readonly floors: readonly (readonly string[])[]
  readonly circles: readonly (readonly string[])[]
}

/** The picture of the layers (`src`), and of each folder that has another below it, by its path. */
export function folderPictures(files: readonly SourceFile[]): Map<string, Picture> {
  const inner = new Set<string>()
  for (const { path } of files) {
    const above = posix.dirname(posix.dirname(path))
    if (above.startsWith('src/')) inner.add(above)
  }
  const pictures = [...inner].sort().map((folder) => {
    return [folder, pictureOf(files, (path) => roomIn(folder, path))] as const
  })
  return new Map([['src', pictureOf(files, layerOf)], ...pictures])
}

/**
 * `core` for `src/core/json/read.ts`, `errors` for `src/errors.ts`; none outside src. Names of files and
 * versions are below attestations, which are about files of any index.
 */
export function layerOf(path: string): string | undefined {
  if (path === '#platform') return 'platform'
  if (path === '#worker' || path === '#thread') return 'worker'
  if (path.startsWith('src/pypi/names/')) return 'names'
  const parts = /^src\/((?:testing|vectors|worker)\/(?:node|web)(?=\/)|[^/]+(?=\/)|[^/]+(?=\.ts$))/
  return parts.exec(path)?.[1]
}

/** The picture with each file as a room. */
export function filePicture(files: readonly SourceFile[]): Picture {
  const paths = new Set(files.map(({ path }) => path))
  return pictureOf(files, (path) => (paths.has(path) ? path : undefined))
}

function roomIn(folder: string, path: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined
  return path
    .slice(folder.length + 1)
    .replace(/\/.*/, '')
    .replace(/\.ts$/, '')
}

function pictureOf(
  files: readonly SourceFile[],
  roomOf: (path: string) => string | undefined,
): Picture {
  const arrows = new Map<string, Set<string>>()
  for (const file of files) {
    const room = roomOf(file.path)
    if (room === undefined) continue
    const others = arrows.get(room) ?? new Set()
    arrows.set(room, others)
    for (const { to } of importsOf(file)) {
      const other = roomOf(to)
      if (other !== undefined && other !== room) others.add(other)
    }
  }
  const rooms = [...arrows.keys()].sort()
  const reached = new Map(rooms.map((room) => [room, reachableFrom(room, arrows)]))
  const inCircle = (a: string, b: string): boolean =>
    reached.get(a)?.has(b) === true && reached.get(b)?.has(a) === true
  const circles = rooms
    .map((room) => rooms.filter((other) => inCircle(room, other)))
    .filter((circle, at) => circle[0] === rooms[at])
  return { rooms, arrows, floors: floorsOf(rooms, arrows, inCircle), circles }
}

function reachableFrom(
  room: string,
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const reached = new Set<string>()
  const waiting = [...(arrows.get(room) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    waiting.push(...(arrows.get(next) ?? []))
  }
  return reached
}

/** A circle counts as one room: its arrows to itself raise none of it. */
function floorsOf(
  rooms: readonly string[],
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
  inCircle: (a: string, b: string) => boolean,
): string[][] {
  const heights = new Map<string, number>()
  const heightOf = (room: string): number => {
    const known = heights.get(room)
    if (known !== undefined) return known
    const circle = [room, ...rooms.filter((other) => other !== room && inCircle(room, other))]
    const below = circle
      .flatMap((one) => [...(arrows.get(one) ?? [])])
      .filter((other) => !circle.includes(other))
    const height = Math.max(-1, ...below.map(heightOf)) + 1
    for (const one of circle) heights.set(one, height)
    return height
  }
  const floors: string[][] = []
  for (const room of rooms) (floors[heightOf(room)] ??= []).push(room)
  return floors
}
