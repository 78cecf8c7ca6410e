/**
 * A day of a fleet on paper: deterministic, with the figures of docs/performance.md and
 * docs/performance-proxy.md. One group of runners behind one proxy is played job by job; the others are like it.
 */
import { Random } from '../../test/proof/random.js'

/** The fleet, and how its repository changes. */
export const fleet = {
  runners: 10_000,
  runnersPerProxy: 100,
  jobsPerRunner: 20,
  filesPerJob: 120,
  /** Projects that the fleet uses; of several, the first is used most (Zipf). */
  projects: 5_000,
  bins: 16_384,
  /** Seconds between two snapshots, and the bins that each changes. */
  publishing: 300,
  binsChanged: 70,
  /** New releases a day among the projects that the fleet uses. */
  releases: 50,
} as const

/** Bytes. */
export const sizes = {
  root: 2_000,
  timestamp: 500,
  snapshot: 500_000,
  targets: 1_000,
  /** The role that names the bins. */
  binsRole: 3_000_000,
  bin: 225_000,
  page: 10_000,
  file: 500_000,
} as const

/** Milliseconds of CPU on the machine of the bench. */
const costs = {
  /** A process with an empty store, up to the first target. */
  coldStart: 155,
  warmStart: 140,
  /** An entry of `pypi check`: 1.5 s for 1,000. */
  entry: 1.5,
  /** A bin that is new to the process. */
  bin: 2.1,
  /** Through the proxy, of two cores: a file for the first time, and once more. */
  newFile: 11,
  knownFile: 2.6,
  /** A static file of 20 kB from a web server, with its client: an upper bound. */
  staticFile: 3,
} as const

/** Sums of a day. */
export interface Load {
  requests: number
  bytes: number
  /** Milliseconds. */
  cpu: number
}

/** The load of each part. */
export interface Day {
  readonly repository: Load
  readonly mirror: Load
  /** All of them. */
  readonly proxies: Load
  readonly runners: Load
}

export type Arrangement = 'alone' | 'kept' | 'proxies' | 'mirror'

const day = 86_400
const proxies = fleet.runners / fleet.runnersPerProxy
const publications = day / fleet.publishing
/** Seconds that a proxy keeps a file after its last use, and its view. */
const [spooled, interval] = [600, 300]

interface Job {
  readonly at: number
  readonly runner: number
  readonly projects: readonly number[]
}

/** Bins and pages as a client has them: the publication that its copy is of. */
interface Client {
  publication: number
  readonly bins: Map<number, number>
  readonly pages: Map<number, number>
}

const nothing = (): Load => ({ requests: 0, bytes: 0, cpu: 0 })
const emptyClient = (): Client => ({ publication: -1, bins: new Map(), pages: new Map() })

function add(load: Load, requests: number, bytes: number, cpu = 0): void {
  load.requests += requests
  load.bytes += bytes
  load.cpu += cpu
}

function scaled({ requests, bytes, cpu }: Load, by: number): Load {
  return { requests: requests * by, bytes: bytes * by, cpu: cpu * by }
}

/** When a bin, and a page, changed last before a publication: the same for every client. */
class Repository {
  readonly #bins = new Map<number, number[]>()
  readonly #pages = new Map<number, number[]>()

  constructor(random: Random) {
    for (let publication = 0; publication < publications; publication++) {
      for (let count = 0; count < fleet.binsChanged; count++) {
        note(this.#bins, random.below(fleet.bins), publication)
      }
    }
    for (let count = 0; count < fleet.releases; count++) {
      const [project, publication] = [random.below(fleet.projects), random.below(publications)]
      note(this.#pages, project, publication)
      note(this.#bins, binOf(project), publication)
    }
  }

  binAt(bin: number, publication: number): number {
    return latest(this.#bins.get(bin), publication)
  }

  pageAt(project: number, publication: number): number {
    return latest(this.#pages.get(project), publication)
  }
}

function note(map: Map<number, number[]>, key: number, publication: number): void {
  const list = map.get(key)
  if (list) list.push(publication)
  else map.set(key, [publication])
}

function latest(changes: readonly number[] = [], publication: number): number {
  return Math.max(-1, ...changes.filter((at) => at <= publication))
}

/** Any spread will do, as long as it is the same. */
function binOf(project: number): number {
  return (project * 7_919) % fleet.bins
}

/** The jobs of one group, in order. */
function jobsOf(random: Random): Job[] {
  const weights = Array.from({ length: fleet.projects }, (_, at) => 1 / (at + 1))
  const sums: number[] = []
  for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight)
  const total = sums.at(-1) ?? 1
  const pick = (): number => {
    const wanted = (random.below(1e9) / 1e9) * total
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
  const jobs: Job[] = []
  for (let runner = 0; runner < fleet.runnersPerProxy; runner++) {
    for (let job = 0; job < fleet.jobsPerRunner; job++) {
      const projects = new Set<number>()
      while (projects.size < fleet.filesPerJob) projects.add(pick())
      jobs.push({ at: random.below(day), runner, projects: [...projects] })
    }
  }
  return jobs.sort((a, b) => a.at - b.at || a.runner - b.runner)
}

/** A refresh: root and timestamp, and what a new snapshot brings. */
function refresh(client: Client, publication: number, load: Load): void {
  add(load, 2, sizes.timestamp)
  if (client.publication === publication) return
  add(load, 1, sizes.snapshot)
  // Bins and the role that names them change with their keys, and not within a day.
  if (client.publication < 0) add(load, 3, sizes.root + sizes.targets + sizes.binsRole)
  client.publication = publication
}

/** @returns the number of bins that were new */
function load(
  client: Client,
  project: number,
  publication: number,
  repository: Repository,
  upstream: Load,
): number {
  const bin = binOf(project)
  const newest = repository.binAt(bin, publication)
  let bins = 0
  if (client.bins.get(bin) !== newest) {
    client.bins.set(bin, newest)
    add(upstream, 1, sizes.bin)
    bins = 1
  }
  const page = repository.pageAt(project, publication)
  if (client.pages.get(project) !== page) {
    client.pages.set(project, page)
    add(upstream, 1, sizes.page)
  }
  return bins
}

/** The same seed, the same day. */
export function playDay(arrangement: Arrangement): Day {
  const random = new Random(20_261_129)
  const repository = new Repository(random)
  const jobs = jobsOf(random)
  const [upstream, runners, proxied] = [nothing(), nothing(), nothing()]
  if (arrangement === 'alone' || arrangement === 'kept') {
    const clients = new Map<number, Client>()
    for (const { at, runner, projects } of jobs) {
      const kept = arrangement === 'kept' ? clients.get(runner) : undefined
      const client = kept ?? emptyClient()
      clients.set(runner, client)
      const publication = Math.floor(at / fleet.publishing)
      runners.cpu += kept ? costs.warmStart : costs.coldStart
      refresh(client, publication, upstream)
      for (const project of projects) {
        runners.cpu += costs.entry
        load(client, project, publication, repository, upstream)
        add(upstream, 1, sizes.file)
      }
    }
    add(runners, upstream.requests, upstream.bytes)
  } else {
    playProxy(jobs, repository, { upstream, runners, proxied })
  }
  const all = scaled(upstream, proxies)
  all.cpu = all.requests * costs.staticFile
  const none = nothing()
  return {
    repository: arrangement === 'mirror' ? mirrorAsks() : all,
    mirror: arrangement === 'mirror' ? all : none,
    proxies: scaled(proxied, proxies),
    runners: scaled(runners, proxies),
  }
}

function playProxy(
  jobs: readonly Job[],
  repository: Repository,
  { upstream, runners, proxied }: { upstream: Load; runners: Load; proxied: Load },
): void {
  const client = emptyClient()
  const files = new Map<number, number>()
  let viewed = -Infinity
  for (const { at, projects } of jobs) {
    const publication = Math.floor(at / fleet.publishing)
    if (at - viewed >= interval) {
      viewed = at
      refresh(client, publication, upstream)
    }
    for (const project of projects) {
      // The view may be older than the newest snapshot.
      proxied.cpu += costs.bin * load(client, project, client.publication, repository, upstream)
      const isKnown = at - (files.get(project) ?? -Infinity) <= spooled
      if (!isKnown) add(upstream, 1, sizes.file)
      files.set(project, at)
      add(runners, 2, sizes.page + sizes.file)
      add(proxied, 2, sizes.page + sizes.file, isKnown ? costs.knownFile : costs.newFile)
    }
  }
}

/** The mirror asks for each file once, and for nothing that did not change. */
function mirrorAsks(): Load {
  const load = nothing()
  add(load, 2 * publications, publications * (sizes.timestamp + sizes.snapshot))
  add(load, publications * fleet.binsChanged, publications * fleet.binsChanged * sizes.bin)
  add(load, 2 * fleet.releases, fleet.releases * (sizes.page + sizes.file))
  load.cpu = load.requests * costs.staticFile
  return load
}

/** What a first run of the mirror takes: all bins, and the files of the projects in use. */
export function firstRun(): Load {
  const load = nothing()
  add(load, 5 + fleet.bins, sizes.snapshot + sizes.binsRole + fleet.bins * sizes.bin)
  add(load, 2 * fleet.projects, fleet.projects * (sizes.page + sizes.file))
  load.cpu = load.requests * costs.staticFile
  return load
}

/** What one proxy with an empty store asks for until it has the bins that its runners use. */
export function newProxy(): Load {
  const load = nothing()
  add(load, 5, sizes.snapshot + sizes.binsRole)
  const bins = new Set(Array.from({ length: fleet.projects }, (_, project) => binOf(project))).size
  add(load, bins, bins * sizes.bin, bins * costs.bin)
  return load
}
