/** The results of a run of the benchmarks. Plain data: `--json` prints it. */

/** One client in one scenario; medians. */
export interface Row {
  readonly client: string
  /** Milliseconds of CPU, of the whole process unless the scenario says otherwise. */
  readonly cpu: number
  /** Milliseconds. */
  readonly wall: number
  /** CPU as a multiple of the floor's, or of the best of those by hand. */
  readonly ratio?: number
  /** Peak memory of the process, bytes. */
  readonly peak?: number
  readonly requests?: number
  /** Bytes from the server, with headers. */
  readonly received?: number
  /** Bytes to the server. */
  readonly sent?: number
  /** Connections at the same time. */
  readonly connections?: number
  /** How often it was done in one process; then CPU and wall are for one time. */
  readonly calls?: number
}

/** One table. */
export interface Scenario {
  readonly title: string
  readonly note?: string
  readonly rows: readonly Row[]
}

/** A process that lives long, on one Node. */
export interface LongLived {
  readonly node: string
  /** By the names of `long-figures.ts`. */
  readonly figures: Readonly<Record<string, number>>
}

/** Cost against size. */
export interface Curve {
  readonly client: string
  readonly of: 'bins' | 'targets'
  readonly points: readonly { readonly size: number; readonly cpu: number; readonly peak: number }[]
}

/** One line of the table of section 7 of the design. */
export interface Bar {
  readonly bar: string
  readonly figure: number
  readonly limit: number
  readonly met: boolean
  /** Whether it is a ratio to the floor of the same run, which noise hardly moves. */
  readonly ofFloor: boolean
}

/** One measured function. */
export interface Micro {
  readonly name: string
  /** Microseconds a call. */
  readonly median: number
  /** Per cent; how far the mean may be off. */
  readonly margin: number
}

/** Everything. */
export interface Report {
  readonly environment: Readonly<Record<string, string | number>>
  readonly scenarios: readonly Scenario[]
  readonly longLived: readonly LongLived[]
  readonly wire: readonly WireLine[]
  readonly curves: readonly Curve[]
  readonly micro: readonly Micro[]
  readonly bars: readonly Bar[]
}

/** The downloads of one kind of user, beside the expectation of PEP 458. */
export interface WireLine {
  readonly user: string
  readonly requests: number
  /** Bytes from the server, compressed. */
  readonly received: number
  /** The same without compression. */
  readonly plain: number
  /** Per cent of an average distribution (2,184,393 bytes), compressed. */
  readonly overhead: number
  /** The figure of PEP 458, per cent. */
  readonly expected: string
}

/** The scenario of that title. */
export function scenarioOf(scenarios: readonly Scenario[], title: string): Scenario {
  const found = scenarios.find((scenario) => scenario.title === title)
  if (found === undefined) throw new RangeError(`not measured: ${title}`)
  return found
}

/** The row of a client whose name starts so. */
export function rowOf({ rows }: Scenario, client: string): Row | undefined {
  return (
    rows.find((row) => row.client === client) ?? rows.find((row) => row.client.startsWith(client))
  )
}
