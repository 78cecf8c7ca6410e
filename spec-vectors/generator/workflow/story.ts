/**
 * A workflow vector is told as a story: a repository publishes, an attacker interferes, the client
 * acts, and the required outcome is written down. Each step serves the files that changed since the
 * last.
 */
import { Buffer } from 'node:buffer'
import {
  createRepository,
  type RepositoryOptions,
  type TestRepository,
} from '../../../src/testing/index.js'
import { nodeEd25519Signer } from '../../../src/testing/node/index.js'
import type {
  VectorBody,
  VectorProfile,
  WorkflowOutcome,
  WorkflowStep,
  WorkflowVector,
} from '../../../src/vectors/format.js'

/** The common fields of the vectors of a group. */
export interface Terms {
  readonly requirements: readonly string[]
  /** Default `spec`. */
  readonly profile?: VectorProfile
  readonly tags?: readonly string[]
  readonly note?: string
}

/** The time of a step unless the story says another: half a day after the repository's start. */
const noon = '2026-01-01T12:00:00Z'

/** The same repository on every run, without any randomness. */
function newRepository(options: RepositoryOptions = {}): TestRepository {
  return createRepository({ makeSigner: nodeEd25519Signer, seed: 'spec-vectors', ...options })
}

/** A vector, from how it goes. */
export function workflow(
  terms: Terms,
  id: string,
  title: string,
  tell: (story: Story) => void,
): WorkflowVector {
  const { requirements, profile = 'spec', tags, note } = terms
  const story = new Story()
  tell(story)
  return {
    id,
    title,
    requirements,
    profile,
    ...(tags?.length && { tags }),
    ...(note !== undefined && { note }),
    anchor: story.anchor,
    steps: requirements.includes(storing) ? story.steps : story.steps.map(withoutStoredRoles),
  }
}

/** The vectors of this requirement are about stored delegated roles. */
const storing = '5.6.6-persist'

/**
 * A client that keeps no delegated role asks for it again: it fails the vectors about keeping it, and
 * no others. That a role must not be stored is asked of every client.
 */
function withoutStoredRoles(step: WorkflowStep): WorkflowStep {
  const { trusted, ...expect } = step.expect
  if (!trusted) return step
  const kept = Object.entries(trusted).filter(
    ([role, version]) => version === null || isTopLevel(role),
  )
  if (kept.length === 0) return { ...step, expect }
  return { ...step, expect: { ...step.expect, trusted: Object.fromEntries(kept) } }
}

function isTopLevel(role: string): boolean {
  return ['root', 'timestamp', 'snapshot', 'targets'].includes(role)
}

/** Collects the steps. */
export class Story {
  readonly steps: WorkflowStep[] = []
  /** When the next step runs. */
  time = noon
  /** The version of the root that the client starts from. */
  anchorVersion = 1
  #anchor: VectorBody | undefined
  #repository: TestRepository | undefined
  readonly #instead = new Map<string, VectorBody | null>()
  #served = new Map<string, VectorBody>()
  readonly #stored = new Map<string, VectorBody | null>()

  /** A new repository, served from now on. */
  repository(options: RepositoryOptions = {}): TestRepository {
    return this.serveFrom(newRepository(options))
  }

  /** Serves the files of this repository from now on, with replacements for some. */
  serveFrom(repository: TestRepository): TestRepository {
    this.#repository = repository
    return repository
  }

  /** Serves a body under a path as in a URL; null takes the file away, undefined ends it. */
  serve(path: string, body: VectorBody | null | undefined): void {
    if (body === undefined) this.#instead.delete(path)
    else this.#instead.set(path, body)
  }

  /** Changes the client's stored files, before the next step. */
  store(name: string, body: VectorBody | null): void {
    this.#stored.set(name, body)
  }

  /** The client comes with something else than a root of the repository. */
  startFrom(anchor: VectorBody): void {
    this.#anchor = anchor
  }

  get anchor(): VectorBody {
    return this.#anchor ?? bodyOf(this.#source.root(this.anchorVersion))
  }

  refresh(expect: WorkflowOutcome): void {
    this.#step('refresh', expect)
  }

  download(path: string, expect: WorkflowOutcome): void {
    this.#step({ download: path }, expect)
  }

  #step(command: WorkflowStep['command'], expect: WorkflowOutcome): void {
    const now = this.#files()
    const serve: Record<string, VectorBody | null> = {}
    for (const [path, body] of now) {
      if (!sameBody(this.#served.get(path), body)) serve[path] = body
    }
    for (const path of this.#served.keys()) if (!now.has(path)) serve[path] = null
    this.#served = now
    const store = Object.fromEntries(this.#stored)
    this.#stored.clear()
    this.steps.push({
      time: this.time,
      ...(Object.keys(serve).length > 0 && { serve }),
      ...(Object.keys(store).length > 0 && { store }),
      command,
      expect,
    })
  }

  get #source(): TestRepository {
    if (!this.#repository) throw new RangeError('the story has no repository')
    return this.#repository
  }

  #files(): Map<string, VectorBody> {
    const files = new Map<string, VectorBody>()
    const repository = this.#source
    for (const kind of ['metadata', 'target'] as const) {
      for (const name of repository.fileNames(kind)) {
        if (kind === 'metadata' && this.#isKnownRoot(name)) continue
        const path = kind === 'metadata' ? metadataPath(name) : targetPath(name)
        files.set(path, bodyOf(repository.file(name, kind)))
      }
    }
    for (const [path, body] of this.#instead) {
      if (body === null) files.delete(path)
      else files.set(path, body)
    }
    return files
  }

  /** No client requests a root that is not newer than the anchor. */
  #isKnownRoot(name: string): boolean {
    const version = /^(\d+)\.root\.json$/.exec(name)?.[1]
    return version !== undefined && Number(version) <= this.anchorVersion
  }
}

/** Where a metadata file is served: `metadata/1.a%2Fb.json`. */
export function metadataPath(name: string): string {
  return `metadata/${encode(name)}`
}

/** Where a target file is served; `/` stays. */
export function targetPath(name: string): string {
  return `targets/${name.split('/').map(encode).join('/')}`
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Bytes as text where they are text. */
export function bodyOf(bytes: Uint8Array): VectorBody {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}

function sameBody(a: VectorBody | undefined, b: VectorBody): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
