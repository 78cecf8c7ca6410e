/** Work on files: calls that share a name run one after another, in the order in which they came. */

/** @internal */
export class TurnsOfNames {
  readonly #latest = new Map<string, Promise<void>>()

  /** @throws the errors of `work` */
  run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const earlier = names.map((name) => this.#latest.get(name) ?? Promise.resolve())
    const result = Promise.all(earlier).then(work)
    const end = (): void => {
      for (const name of names) if (this.#latest.get(name) === settled) this.#latest.delete(name)
    }
    const settled = result.then(end, end)
    for (const name of names) this.#latest.set(name, settled)
    return result
  }
}
