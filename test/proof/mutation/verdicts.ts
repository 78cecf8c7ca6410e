/**
 * The verdict on each mutant, kept between runs. A kill holds as long as its file is the same. A survivor is
 * asked again with the tests in files that have changed: one that stays a survivor is at most
 * a change that a test would notice by now.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mutant } from './instrument.js'
import type { Outcome } from './messages.js'
import { knownSurvivors, reasonOf } from './survivors.js'
import { digestOfVectors, project } from './tree.js'

export interface Verdict {
  /** `not reached`: by no test; `unfinished`: tests were left out for time. */
  readonly outcome: Outcome | 'not reached' | 'unfinished'
  readonly by?: string
  readonly why?: string
}

interface Kept extends Verdict {
  /** Of the file at that time. */
  readonly text: string
  /** Where no test noticed: the test files that were asked, as a key of `asked`. */
  readonly asked?: string
  /** Milliseconds of tests that were allowed. */
  readonly most?: number
}

/** Digests of test files, by path. */
export type Asked = Readonly<Record<string, string>>

interface File {
  asked: Record<string, Asked>
  verdicts: Record<string, Kept>
}

/** A run. */
export interface Asking {
  readonly tests: Asked
  /** Milliseconds of tests for one mutant. */
  readonly most: number
  /** Whether earlier verdicts are forgotten. */
  readonly fresh?: boolean
}

/** Mutants, and the test files to ask about them. */
export interface Question {
  readonly mutants: readonly Mutant[]
  readonly tests: readonly string[]
}

export class Verdicts {
  readonly #path: string
  readonly #tests: Asked
  readonly #most: number
  readonly #kept: File
  #unsaved = 0

  constructor(path: string, { tests, most, fresh = false }: Asking) {
    this.#path = path
    this.#tests = tests
    this.#most = most
    const parse: (text: string) => File = JSON.parse
    const there = !fresh && existsSync(this.#path)
    this.#kept = there ? parse(readFileSync(this.#path, 'utf8')) : { asked: {}, verdicts: {} }
  }

  /** First the mutants that no test was asked about, then the survivors that other tests may notice. */
  questions(mutants: readonly Mutant[]): readonly Question[] {
    const open = mutants.filter((mutant) => {
      const kept = this.#lastOf(mutant)
      return kept === undefined || !isKill(kept)
    })
    const known = open.filter((mutant) => this.#isAsked(mutant))
    const others = new Map(known.map((mutant) => [mutant, this.#notAsked(mutant)]))
    const again = known.filter((mutant) => others.get(mutant)?.length !== 0)
    return [
      {
        mutants: open.filter((mutant) => !known.includes(mutant)),
        tests: Object.keys(this.#tests),
      },
      { mutants: again, tests: [...new Set(again.flatMap((one) => others.get(one) ?? []))] },
    ].filter((question) => question.mutants.length > 0)
  }

  /** Whether the last verdict took as much time as there is now. */
  #isAsked(mutant: Mutant): boolean {
    const kept = this.#lastOf(mutant)
    return kept !== undefined && (kept.outcome !== 'unfinished' || (kept.most ?? 0) >= this.#most)
  }

  #notAsked(mutant: Mutant): readonly string[] {
    const asked = this.#askedOf(this.#lastOf(mutant))
    return Object.keys(this.#tests).filter((path) => asked[path] !== this.#tests[path])
  }

  #askedOf(kept: Kept | undefined): Asked {
    return this.#kept.asked[kept?.asked ?? ''] ?? {}
  }

  #lastOf(mutant: Mutant): Kept | undefined {
    const kept = this.#kept.verdicts[mutant.key]
    return kept?.text === mutant.text ? kept : undefined
  }

  set(mutant: Mutant, verdict: Verdict): void {
    this.#kept.verdicts[mutant.key] = { ...this.#with(mutant, verdict), text: mutant.text }
    if (++this.#unsaved >= 50) this.save()
  }

  #with(mutant: Mutant, verdict: Verdict): Omit<Kept, 'text'> {
    if (isKill(verdict)) return verdict
    const before = this.#isAsked(mutant) ? this.#lastOf(mutant) : undefined
    const all = { ...this.#askedOf(before), ...this.#tests }
    const asked = digest(JSON.stringify(all))
    this.#kept.asked[asked] = all
    const outcomes = [before?.outcome, verdict.outcome]
    const outcome = (['unfinished', 'survived', 'not reached'] as const).find((one) =>
      outcomes.includes(one),
    )
    return { ...verdict, outcome: outcome ?? verdict.outcome, asked, most: this.#most }
  }

  save(): void {
    this.#unsaved = 0
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(this.#path, JSON.stringify(this.#kept))
  }

  /** Keeps the verdicts, and counts them. */
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

export function digestsOf(tests: readonly string[]): Asked {
  return Object.fromEntries(tests.map((path) => [path, digestOf(path)]))
}

/** Of a test file, and of the vectors if it plays them. */
function digestOf(path: string): string {
  const text = readFileSync(join(project, path), 'utf8')
  return digest(text.includes('spec-vectors/') ? text + digestOfVectors() : text)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
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
