/**
 * Target files, asked for or read. A file that is asked for is fetched up to its first bytes: that it is
 * there, and its length where the server states it. A sample is read to the end and verified.
 */
import { createChecker } from '../../core/keys/hash.js'
import { Slots } from '../../client/slots.js'
import { sourceOf } from '../../client/target.js'
import { resolveLimits } from '../../client/limits.js'
import { digestText } from '../../core/keys/hash.js'
import type { Fetcher } from '../../client/fetcher.js'
import type { TargetFile } from '../../core/metadata/model.js'
import { isTufError } from '../../errors.js'
import { keep } from '../budget.js'
import { isVerifiable } from '../checks/hashes.js'
import { messageOf, noteLimit, type Audit } from '../context.js'
import { quoted } from '../findings.js'

interface Sampled {
  readonly order: string
  readonly role: string
  readonly target: TargetFile
}

export class TargetFiles {
  readonly #audit: Audit
  readonly #fetcher: Fetcher
  readonly #hashPrefix: boolean
  readonly #slots: Slots
  readonly #running = new Set<Promise<void>>()
  /** Those with the smallest digests, in order. */
  readonly #sample: Sampled[] = []
  #stopped = false
  #failure: { readonly error: unknown } | undefined

  constructor(audit: Audit, fetcher: Fetcher, hashPrefix: boolean) {
    this.#audit = audit
    this.#fetcher = fetcher
    this.#hashPrefix = hashPrefix
    this.#slots = new Slots(audit.options.concurrency ?? 8)
  }

  /** Returns when there is room for the next. */
  async take(role: string, target: TargetFile): Promise<void> {
    const { targetsUrl, sample } = this.#audit.options
    if (targetsUrl === undefined || this.#stopped) return
    if (sample !== undefined) {
      this.#consider(role, target, sample)
      return
    }
    await this.#start(() => this.#ask(role, target))
  }

  /** Reads the sample, and waits for the last answers. */
  async finish(): Promise<void> {
    for (const { role, target } of this.#sample) await this.#start(() => this.#read(role, target))
    await Promise.all(this.#running)
    if (this.#failure) throw this.#failure.error
  }

  async #start(work: () => Promise<void>): Promise<void> {
    if (this.#failure) throw this.#failure.error
    if (this.#stopped) return
    const leave = await this.#slots.take(this.#audit.source.signal)
    const running = work()
      .catch((error: unknown) => {
        try {
          noteLimit(this.#audit, error)
          this.#stopped = true
        } catch (other) {
          this.#failure ??= { error: other }
        }
      })
      .finally(() => {
        leave()
        this.#running.delete(running)
      })
    this.#running.add(running)
  }

  #consider(role: string, target: TargetFile, most: number): void {
    const { seed = 'tuffet' } = this.#audit.options
    const order = digestText(`${seed}\n${target.path}`, this.#audit.cryptography)
    const last = this.#sample.at(-1)
    if (this.#sample.length >= most && (last === undefined || order >= last.order)) return
    let low = 0
    let high = this.#sample.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sample[middle]?.order ?? '') < order) low = middle + 1
      else high = middle
    }
    if (this.#sample[low]?.order === order) return
    const { path, length, hashes } = target
    const sampled = { order, role, target: { path, length, hashes } }
    keep(this.#audit, sampleWeight(sampled))
    this.#sample.splice(low, 0, sampled)
    if (this.#sample.length <= most) return
    const dropped = this.#sample.pop()
    if (dropped) keep(this.#audit, -sampleWeight(dropped))
  }

  /** Undefined where no name can be asked for: the check of names noted it. */
  #urlsOf(target: TargetFile, hashPrefix: boolean): readonly string[] | undefined {
    const { cryptography, options } = this.#audit
    const { targetsUrl } = options
    const context = { fetcher: this.#fetcher, limits, cryptography, targetsUrl, hashPrefix }
    try {
      return sourceOf(target, context).urls
    } catch (error) {
      if (!isTufError(error)) throw error
      return undefined
    }
  }

  async #ask(role: string, target: TargetFile): Promise<void> {
    const urls = this.#urlsOf(target, this.#hashPrefix)
    // No client accepts a file without a hash of a known kind: whether it is there does not matter.
    if (!urls || !isVerifiable(this.#audit, target.hashes)) return
    this.#audit.counters.asked += 1
    const missing: string[] = []
    for (const url of urls) {
      try {
        const found = await this.#audit.source.ask(url, target.length)
        if (found === undefined) missing.push(url)
        else if (found.length !== undefined && found.length !== target.length) {
          this.#note(
            'target-altered',
            role,
            target,
            `has ${found.length} bytes by its server, and ${target.length} by its entry`,
          )
          return
        }
      } catch (error) {
        this.#note('target-unreachable', role, target, `cannot be fetched: ${messageOf(error)}`)
        return
      }
    }
    await this.#noteMissing(role, target, urls, missing)
  }

  async #noteMissing(
    role: string,
    target: TargetFile,
    urls: readonly string[],
    missing: readonly string[],
  ): Promise<void> {
    const [first = ''] = missing
    if (missing.length === 0) return
    if (missing.length < urls.length) {
      const number = `${missing.length} of its ${urls.length} names`
      this.#note(
        'target-copy-missing',
        role,
        target,
        `is not there under ${number}, such as ${first}`,
      )
      return
    }
    const [other] = this.#urlsOf(target, !this.#hashPrefix) ?? []
    const elsewhere = other !== undefined && (await this.#isThere(other, target.length))
    const form = this.#hashPrefix ? 'plain' : 'hash-prefixed'
    const note = elsewhere ? `; it is there under its ${form} name` : ''
    this.#note('target-missing', role, target, `is not there: ${first}${note}`)
  }

  async #isThere(url: string, length: number): Promise<boolean> {
    try {
      return (await this.#audit.source.ask(url, length)) !== undefined
    } catch (error) {
      messageOf(error)
      return false
    }
  }

  async #read(role: string, target: TargetFile): Promise<void> {
    const urls = this.#urlsOf(target, this.#hashPrefix)
    // The table of targets noted a file that cannot be verified.
    if (!urls || !isVerifiable(this.#audit, target.hashes)) return
    this.#audit.counters.read += 1
    const missing: string[] = []
    for (const url of urls) {
      const place = { role: target.path, step: '5.7.3' }
      try {
        const { source, cryptography } = this.#audit
        const checker = createChecker(target, place, cryptography)
        const take = checker.update.bind(checker)
        if (await source.read(url, target.length, take)) checker.end()
        else missing.push(url)
      } catch (error) {
        const differs = isTufError(error) && altered.has(error.code)
        const code = differs ? 'target-altered' : 'target-unreachable'
        const words = differs ? 'is not as listed' : 'cannot be fetched'
        this.#note(code, role, target, `${words}: ${messageOf(error)}`)
        return
      }
    }
    await this.#noteMissing(role, target, urls, missing)
  }

  #note(
    code: 'target-missing' | 'target-copy-missing' | 'target-altered' | 'target-unreachable',
    role: string,
    { path }: TargetFile,
    words: string,
  ): void {
    this.#audit.findings.add({ code, role, subject: path, message: `${quoted(path)} ${words}.` })
  }
}

/** Bytes, roughly. */
function sampleWeight({ target: { path, hashes } }: Sampled): number {
  let weight = 400 + path.length
  for (const [name, digest] of hashes) weight += 100 + name.length + digest.length
  return weight
}

const limits = resolveLimits()

const altered: ReadonlySet<string> = new Set([
  'ERR_TUF_LENGTH_MISMATCH',
  'ERR_TUF_HASH_MISMATCH',
  'ERR_TUF_FETCH_TOO_LONG',
])
