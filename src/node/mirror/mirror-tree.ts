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
import { regularFile, replaceFile, stageFile, type StagedFile } from '../replace-file.js'
import { Journal } from './journal.js'
import { linkAs } from './link-as.js'
import { ListedNames } from './listed-names.js'
import { emptyManifest, manifestText, mostListed, readManifest } from './manifest.js'
import type { Manifest, MostListed } from './manifest.js'
import { inMirror, MirrorError } from './mirror-error.js'
import type { MirroredTarget } from './mirrored-target.js'
import { readMirrorFile, refuseLinks, refuseSpecial } from './planted-entries.js'
import { lockFolder, makeFolderFor, openFolder, refuseOther } from './refusals.js'
import { identityOf, stageTarget } from './staged-target.js'
import { sweepTree } from './sweep-tree.js'
import type { TopLevel } from './top-level.js'

/** How a tree is opened. */
export interface MirrorTreeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Whether files that earlier runs verified are read and hashed again. Default false. */
  readonly rehash?: boolean | undefined
  /** Characters of the list of files. */
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
  #staged: StagedFile[] = []
  #written = 0
  readonly #journal: Journal
  readonly #listed: ListedNames
  readonly #touched = new Set<string>()

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
    this.#discard()
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
    const receive = (file: Parameters<typeof writeWhole>[0]) => writeWhole(file, [bytes])
    // The same version with other bytes: the served snapshot may list the digest of the old ones.
    if (there !== undefined) {
      this.#staged.push(await stageFile(path, receive))
      return
    }
    await replaceFile(path, receive)
    this.#written += 1
  }

  /**
   * Writes a target, unless it is there.
   *
   * @throws MirrorError where two files, or a file and a folder, have the same name; the errors of
   *   `bring`. The mirror goes on without it.
   */
  async writeTarget(target: MirroredTarget, signal: AbortSignal): Promise<void> {
    const names = target.paths.map((path) => `targets/${path}`)
    const added = names.filter((name) => !this.#needed.has(name))
    const takeBack = this.#listed.require('targets', names)
    try {
      await inMirror(() => this.#bringTarget(target, signal))
    } catch (error) {
      for (const name of added) this.#needed.delete(name)
      takeBack()
      throw error
    }
  }

  async #bringTarget(
    { paths, content, length, bring }: MirroredTarget,
    signal: AbortSignal,
  ): Promise<void> {
    const [first = '', ...others] = paths
    const name = `targets/${first}`
    const path = await this.#place(name, content)
    const known = this.#manifest.files.get(name)
    if (known !== undefined && known !== content && regularFile(path) !== undefined) {
      // Another file, under a name without a digest.
      for (const one of paths)
        this.#staged.push(
          await stageTarget(await this.#place(`targets/${one}`, content), bring, signal),
        )
      return
    }
    if (!this.#isWhole(name, path, content, length)) {
      const before = identityOf(path)
      await bring(path, signal)
      if (identityOf(path) !== before) this.#written += 1
    }
    for (const other of others) {
      const another = await this.#place(`targets/${other}`, content)
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
    const staged = this.#staged
    for (const [version, bytes] of top.roots) {
      const path = await this.#place(`metadata/${version}.root.json`, '')
      if (regularFile(path) !== undefined) continue
      staged.push(await stageFile(path, (file) => writeWhole(file, [bytes])))
    }
    const last = await this.#place('metadata/timestamp.json', '')
    if (readMirrorFile(last, timestamp.bytes.length, 'cut', timestamp.bytes) !== timestamp.bytes) {
      staged.push(await stageFile(last, (file) => writeWhole(file, [timestamp.bytes])))
    }
    this.#written += staged.length
    // Names outlast a crash only in a folder that was flushed.
    for (const folder of this.#touched) await flushFolder(folder)
    this.#touched.clear()
    const served = { root: top.root, timestamp: timestamp.version }
    await this.#writeManifest({ ...this.#next(), ...served, ready: isReady })
    if (!this.#lock.isHeld()) {
      const hint = 'let one tuffet mirror at a time write the folder'
      throw new MirrorError(this.folder, 'another process took this mirror over', hint)
    }
    for (const file of staged) file.commit()
    this.#staged = []
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
    this.#discard()
    this.#lock.release()
  }

  #discard(): void {
    for (const file of this.#staged) file.discard()
    this.#staged = []
  }

  /** The absolute path of a file of the snapshot, whose folder exists. */
  async #place(name: string, content: string): Promise<string> {
    const before = this.#needed.get(name)
    if (before !== undefined && before !== content) {
      const hint = 'report it to the operators of the repository'
      throw new MirrorError(join(this.folder, name), 'two different files have this name', hint)
    }
    const path = join(this.folder, name)
    const folder = dirname(path)
    if (!this.#touched.has(folder)) {
      refuseLinks(this.folder, dirname(name))
      await makeFolderFor(path)
      this.#touched.add(folder)
    }
    refuseSpecial(path)
    if (!this.#manifest.files.has(name)) this.#journal.note(name)
    this.#needed.set(name, content)
    return path
  }

  /** A file that a complete run verified. Its name may lack the digest, so the content counts too. */
  #isWhole(name: string, path: string, content: string, length: number | undefined): boolean {
    if (this.#options.rehash === true || this.#manifest.files.get(name) !== content) return false
    const stat = regularFile(path)
    return stat !== undefined && (length === undefined || stat.size === length)
  }

  /** Files that are needed again did not leave. */
  #next(): Manifest {
    const files = new Map([...this.#manifest.files, ...this.#needed])
    const left = new Map(this.#manifest.left)
    for (const path of this.#needed.keys()) left.delete(path)
    return { ...this.#manifest, files, left }
  }

  async #writeManifest(manifest: Manifest): Promise<void> {
    const file = join(this.folder, manifestName)
    await inMirror(() => replaceFile(file, (open) => writeWhole(open, [manifestText(manifest)])))
    this.#manifest = manifest
  }
}
