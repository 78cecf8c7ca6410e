/** How often each outcome was seen. */
export class Tally {
  readonly counts = new Map<string, number>()

  add(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1)
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0)
  }

  toString(): string {
    const rows = [...this.counts].toSorted(([, a], [, b]) => b - a)
    return rows.map(([outcome, count]) => `${outcome} ${count}`).join(', ')
  }
}
