/**
 * A mirror on disk: `metadata/` and `targets/`, for any static server
 * (docs/adr/0046-a-mirror-is-a-tree-of-files.md). Rules:
 * - a file gets its name when all of its bytes are verified, flushed, and in their place;
 * - the files of a snapshot come first, then roots, and the timestamp that leads to them last;
 * - a file of the served snapshot is neither removed nor changed before the next timestamp is there;
 * - one process at a time writes.
 */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { writeWhole } from '../batch-writer.js'
import type { Lock } from '../lock.js'
import { flushFolder } from '../make-folder.js'
import { regularFile, replaceFile, stageFile } from '../replace-file.js'
import { Journal } from './journal.js'
import { linkAs } from './link-as.js'
import { ListedNames } from './listed-names.js'
import { emptyManifest, manifestText, mostListed, readManifest, withFiles } from './manifest.js'
import type { Manifest, MostListed } from './manifest.js'
import { inMirror, MirrorError } from './mirror-error.js'
import type { MirroredTarget } from './mirrored-target.js'
import { readMirrorFile, refuseLinks, refuseSpecial } from './planted-entries.js'
import { lockFolder, makeFolderFor, openFolder, refuseOther } from './refusals.js'
import { StagedFiles } from './staged-files.js'
import { identityOf, stageTarget } from './staged-target.js'
import { sweepTree } from './sweep-tree.js'
import type { TopLevel } from './top-level.js'
import { TurnsOfNames } from './turns-of-names.js'

/** How a tree is opened. */
export interface MirrorTreeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Whether files that earlier runs verified are read and hashed again. Default false. */
  readonly rehash?: boolean | undefined
  /** Bytes of the list of files. */
  readonly mostListed?: MostListed | undefined
}

const manifestName = 'mirror.json'

/** @internal Released by `close`. */
export class MirrorTree {
  readonly folder: string
  readonly #options: MirrorTreeOptions
  readonly #lock: Lock
  #manifest: Manifest
  /** The files of the snapshot that is being written → their content. */
  #needed = new Map<string, string>()
  /** Files that replace others of the served snapshot: they get their names with the timestamp. */
  readonly #staged = new StagedFiles()
  #written = 0
  readonly #journal: Journal
  readonly #listed: ListedNames
  readonly #touched = new Set<string>()
  readonly #turns = new TurnsOfNames()

  private constructor(folder: string, options: MirrorTreeOptions, lock: Lock, manifest: Manifest) {
    this.folder = folder
    this.#options = options
    this.#lock = lock
    this.#journal = new Journal(folder)
    const left = new Map(manifest.left)
    for (const path of this.#journal.names) {
      // Of a file that failed there is only the name, and the list has no room for all of these.
      if (manifest.files.has(path) || left.has(path) || !existsSync(join(folder, path))) continue
      left.set(path, options.now())
    }
    this.#manifest = { ...manifest, left }
    this.#listed = new ListedNames(folder, options.mostListed ?? mostListed)
  }

  /**
   * Opens a new or empty folder, or one that is a mirror.
   *
   * @throws MirrorError for any other folder, and while another process writes it; the errors of the file system
   */
  static async open(given: string, options: MirrorTreeOptions): Promise<MirrorTree> {
    const folder = resolve(given)
    await openFolder(folder, manifestName)
    const lock = lockFolder(folder)
    try {
      const manifest = readManifest(join(folder, manifestName))
      const tree = new MirrorTree(folder, options, lock, manifest ?? emptyManifest)
      if (!manifest) await tree.#writeManifest(emptyManifest)
      return tree
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Whether the last run got as far as the last renames, and the timestamp that it was to serve. */
  get unfinished(): number | undefined {
    return this.#manifest.ready ? this.#manifest.timestamp : undefined
  }

  /** How many files this process wrote. */
  get written(): number {
    return this.#written
  }

  /** Begins the files of a snapshot. */
  begin(): void {
    this.#staged.discard()
    this.#needed = new Map()
    this.#listed.begin(this.#manifest)
  }

  /** Takes the files of an unfinished run for those of the snapshot. */
  resume(): void {
    const { files, left } = this.#manifest
    this.begin()
    for (const [path, content] of files) if (!left.has(path)) this.#needed.set(path, content)
  }

  /** Writes the file of a role, with its version in the name. */
  writeMetadata(name: string, bytes: Uint8Array): Promise<void> {
    return inMirror(() => {
      this.#listed.require('roles', [`metadata/${name}`])
      return this.#writeMetadata(name, bytes)
    })
  }

  async #writeMetadata(name: string, bytes: Uint8Array): Promise<void> {
    const path = await this.#place(`metadata/${name}`, '')
    const there = readMirrorFile(path, bytes.length, 'cut', bytes)
    if (there === bytes) return
    // The same version with other bytes: the served snapshot may list the digest of the old ones.
    if (there !== undefined) return this.#stage(`metadata/${name}`, bytes)
    await replaceFile(path, (file) => writeWhole(file, [bytes]))
    this.#written += 1
  }

  /**
   * Writes a target, unless it is there.
   *
   * @throws MirrorError where two files, or a file and a folder, have the same name; the errors of
   *   `bring`. The mirror goes on without it.
   */
  writeTarget(target: MirroredTarget, signal: AbortSignal): Promise<void> {
    const names = target.paths.map((path) => `targets/${path}`)
    return this.#turns.run(names, () => this.#writeTarget(names, target, signal))
  }

  async #writeTarget(
    names: readonly string[],
    target: MirroredTarget,
    signal: AbortSignal,
  ): Promise<void> {
    const added = names.filter((name) => !this.#needed.has(name))
    const takeBack = this.#listed.require('targets', names)
    try {
      await inMirror(() => this.#bringTarget(names, target, signal))
    } catch (error) {
      for (const name of added) this.#needed.delete(name)
      takeBack()
      throw error
    }
  }

  async #bringTarget(
    names: readonly string[],
    { content, length, bring }: MirroredTarget,
    signal: AbortSignal,
  ): Promise<void> {
    // Another file is served under a name without a digest.
    if (names.some((one) => this.#isAnother(one, content))) {
      const staged = new StagedFiles()
      try {
        for (const one of names) {
          staged.add(one, await stageTarget(await this.#place(one, content), bring, signal))
        }
      } catch (error) {
        staged.discard()
        throw error
      }
      this.#staged.take(staged)
      return
    }
    const [name = '', ...others] = names
    const path = await this.#place(name, content)
    if (!this.#isWhole(name, path, content, length)) {
      const before = identityOf(path)
      await bring(path, signal)
      if (identityOf(path) !== before) this.#written += 1
    }
    for (const other of others) {
      const another = await this.#place(other, content)
      if (!linkAs(path, another)) await bring(another, signal)
    }
  }

  /**
   * Publishes the files that were written since `begin`.
   *
   * @throws MirrorError for the mirror of another repository, one that serves a newer timestamp,
   *   and after another process took it over; the errors of the file system
   */
  publish(top: TopLevel): Promise<void> {
    return inMirror(() => this.#publish(top))
  }

  async #publish(top: TopLevel): Promise<void> {
    const { timestamp } = top
    refuseOther(this.folder, this.#manifest, top)
    for (const [name, bytes] of top.versioned) await this.#writeMetadata(name, bytes)
    const isReady = this.#staged.length === 0
    for (const [version, bytes] of top.roots) {
      const name = `metadata/${version}.root.json`
      if (regularFile(await this.#place(name, '')) === undefined) await this.#stage(name, bytes)
    }
    const last = await this.#place('metadata/timestamp.json', '')
    if (readMirrorFile(last, timestamp.bytes.length, 'cut', timestamp.bytes) !== timestamp.bytes) {
      await this.#stage('metadata/timestamp.json', timestamp.bytes)
    }
    this.#written += this.#staged.length
    // Names outlast a crash only in a folder that was flushed.
    for (const folder of this.#touched) await flushFolder(folder)
    this.#touched.clear()
    const served = { root: top.root, timestamp: timestamp.version }
    const next = withFiles(this.#manifest, this.#needed)
    // Killed on the way, some of them are still the files before: the next run takes none of them for whole.
    const unsure = new Map(this.#staged.names.map((name) => [name, '']))
    const files = new Map([...next.files, ...unsure])
    await this.#writeManifest({ ...next, files, ...served, ready: isReady })
    if (!this.#lock.isHeld()) {
      const hint = 'let one tuffet mirror at a time write the folder'
      throw new MirrorError(this.folder, 'another process took this mirror over', hint)
    }
    this.#staged.commit()
    this.#manifest = { ...this.#manifest, files: next.files }
    await flushFolder(join(this.folder, 'metadata'))
  }

  /**
   * Removes files that left the served snapshot at least `grace` milliseconds ago, and never a root.
   *
   * @returns how many
   */
  async sweep(grace: number): Promise<number> {
    const { manifest, removed } = sweepTree(this.folder, this.#manifest, {
      needed: this.#needed,
      now: this.#options.now(),
      grace,
    })
    await this.#writeManifest({ ...manifest, ready: false })
    this.#journal.clear()
    return removed
  }

  close(): void {
    this.#staged.discard()
    this.#lock.release()
  }

  /** The absolute path of a file of the snapshot, whose folder exists. */
  async #place(name: string, content: string): Promise<string> {
    const before = this.#needed.get(name)
    if (before !== undefined && before !== content) {
      const hint = 'report it to the operators of the repository'
      throw new MirrorError(join(this.folder, name), 'two different files have this name', hint)
    }
    this.#needed.set(name, content)
    const path = join(this.folder, name)
    const folder = dirname(path)
    if (!this.#touched.has(folder)) {
      refuseLinks(this.folder, dirname(name))
      await makeFolderFor(path)
      this.#touched.add(folder)
    }
    refuseSpecial(path)
    // A file that is there already may be the user's.
    if (!this.#manifest.files.has(name) && !existsSync(path)) this.#journal.note(name)
    return path
  }

  async #stage(name: string, bytes: Uint8Array): Promise<void> {
    const receive = (file: Parameters<typeof writeWhole>[0]) => writeWhole(file, [bytes])
    this.#staged.add(name, await stageFile(join(this.folder, name), receive))
  }

  #isAnother(name: string, content: string): boolean {
    const known = this.#manifest.files.get(name)
    return known !== undefined && known !== content && existsSync(join(this.folder, name))
  }

  /** A file that a complete run verified. Its name may lack the digest, so the content counts too. */
  #isWhole(name: string, path: string, content: string, length: number | undefined): boolean {
    if (this.#options.rehash === true || this.#manifest.files.get(name) !== content) return false
    const stat = regularFile(path)
    return stat !== undefined && (length === undefined || stat.size === length)
  }

  async #writeManifest(manifest: Manifest): Promise<void> {
    const file = join(this.folder, manifestName)
    await inMirror(() => replaceFile(file, (open) => writeWhole(open, [manifestText(manifest)])))
    this.#manifest = manifest
  }
}
