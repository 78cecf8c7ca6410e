/**
 * The Store port: where accepted metadata is kept between runs, and the store that forgets.
 * What comes out of a store is not believed: it passes every check that fetched bytes pass.
 */

/**
 * Names are made by `core/names.ts`: ASCII letters, digits and `_ . - ~ %`, at most one `/`
 * (`timestamp.json`, `root_history/3.root.json`). A failure is a `StoreFailedError`.
 */
export interface Store {
  /** The bytes last set under `name`, or undefined when there are none. */
  get(name: string): Promise<Uint8Array | undefined>
  /** Atomic: a reader, or a crash, sees the old bytes or the new ones, never a part. */
  set(name: string, bytes: Uint8Array): Promise<void>
  /** Deleting what is not there is no error. */
  delete(name: string): Promise<void>
  /**
   * Runs `commit` while no other process runs one on the same store. The commit is short (re-read,
   * keep the newer, write) and never waits for a request. A store that is not shared leaves it out.
   */
  exclusive?<T>(commit: () => Promise<T>): Promise<T>
}
