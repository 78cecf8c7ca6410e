/** The verdict on each mutant, kept between runs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './instrument.js'
import type { Outcome } from './messages.js'
import { knownSurvivors, reasonOf } from './survivors.js'
import { cache } from './tree.js'

export interface Verdict {
  /** `not reached`: by no test; `unfinished`: tests were left out for time. */
  readonly outcome: Outcome | 'not reached' | 'unfinished'
  readonly by?: string
  readonly why?: string
}

interface Kept extends Verdict {
  /** Of the file at that time. */
  readonly text: string
  /** Of sources and tests, where no test noticed. */
  readonly tests?: string
}

/** A kill holds as long as its file is the same; a survivor is asked again when any test is another. */
export class Verdicts {
  readonly #path: string
  readonly #tests: string
  readonly #known: Map<string, Kept>
  #unsaved = 0

  constructor(group: string, tests: string, fresh: boolean) {
    this.#path = join(cache, `${group}.json`)
    this.#tests = tests
    const parse: (text: string) => Record<string, Kept> = JSON.parse
    const there = !fresh && existsSync(this.#path)
    this.#known = new Map(there ? Object.entries(parse(readFileSync(this.#path, 'utf8'))) : [])
  }

  of(mutant: Mutant): Verdict | undefined {
    const kept = this.#lastOf(mutant)
    return kept && (isKill(kept) || kept.tests === this.#tests) ? kept : undefined
  }

  /** Whatever the tests were. */
  #lastOf(mutant: Mutant): Kept | undefined {
    const kept = this.#known.get(mutant.key)
    return kept?.text === mutant.text ? kept : undefined
  }

  set(mutant: Mutant, verdict: Verdict): void {
    const tests = isKill(verdict) ? {} : { tests: this.#tests }
    this.#known.set(mutant.key, { ...verdict, text: mutant.text, ...tests })
    if (++this.#unsaved >= 50) this.save()
  }

  save(): void {
    this.#unsaved = 0
    mkdirSync(cache, { recursive: true })
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#known)))
  }

  /** Keeps the verdicts, and counts them: a survivor counts until it is asked again and noticed. */
  tally(mutants: readonly Mutant[], known = knownSurvivors()): Tally {
    this.save()
    const verdicts = mutants.map((mutant) => ({ mutant, verdict: this.#lastOf(mutant) }))
    const tried = verdicts.flatMap(({ mutant, verdict }) => (verdict ? [{ mutant, verdict }] : []))
    return {
      mutants: mutants.length,
      tried: tried.length,
      killed: tried.filter(({ verdict }) => isKill(verdict)).length,
      survivors: tried
        .filter(({ verdict }) => !isKill(verdict))
        .map(({ mutant, verdict: { outcome } }) => {
          const reason = reasonOf(mutant, known)
          return { mutant, outcome, ...(reason !== undefined && { reason }) }
        }),
    }
  }
}

/** The mutants of one group. */
export interface Tally {
  readonly mutants: number
  readonly tried: number
  readonly killed: number
  readonly survivors: readonly Survivor[]
}

export interface Survivor {
  readonly mutant: Mutant
  readonly outcome: string
  /** From the list of known survivors. */
  readonly reason?: string
}

export function isKill({ outcome }: Verdict): boolean {
  return outcome === 'killed' || outcome === 'timeout'
}
