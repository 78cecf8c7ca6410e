/**
 * The cases for each runtime, the same in all of them. Starters bring the parts that differ: the cryptographies,
 * the store, the thread. It is JavaScript: each runtime loads it as it is.
 */
import { Updater } from 'tuffet'
import { parseVectorFile, runVectors, tuffetClient } from 'tuffet/vectors'

/**
 * @typedef {import('tuffet').Cryptography} Cryptography
 * @typedef {import('tuffet').Repository} Repository
 * @typedef {import('tuffet').Store} Store
 * @typedef {import('tuffet').UpdaterOptions} UpdaterOptions
 * @typedef {{ metadataUrl: string, targetsUrl: string, root: number[] }} Place one served repository
 * @typedef {object} Setup
 * @property {string[]} vectors names of files below `/vectors/`
 * @property {number} now
 * @property {string} path of a small target
 * @property {string} big path of a target of `bigLength` bytes
 * @property {number} bigLength
 * @property {Record<string, Place>} places
 * @property {{ url: string, proxy: string, certificate: string, pin: string }} tls
 * @typedef {object} Parts brought by a starter
 * @property {Readonly<Record<string, Cryptography>>} cryptographies the tables to try, by name
 * @property {(name: string) => Store} store the same name is the same store
 * @property {Readonly<Record<string, string>>} absent id of a case → why this runtime lacks it
 * @property {((repository: Repository, path: string) => Promise<Uint8Array>) | undefined} [save]
 *   a target as a file
 * @property {((options: UpdaterOptions) => ThreadUpdater) | undefined} [thread]
 * @property {((tls: Setup['tls']) => Promise<void>) | undefined} [pins]
 * @typedef {{ refresh(): Promise<{ read(path: string): Promise<Uint8Array> }>, close(): Promise<void> }} ThreadUpdater
 * @typedef {object} Context
 * @property {Setup} setup
 * @property {Parts} parts
 * @property {(path: string) => Promise<Response>} ask a path of the site
 * @typedef {object} Result
 * @property {string} id
 * @property {'holds' | 'fails' | 'absent'} outcome
 * @property {string} detail
 */

/**
 * The head of a row of the table, and its condition; it throws otherwise.
 *
 * @type {readonly { id: string, title: string, run: (context: Context) => Promise<void> }[]}
 */
export const cases = [
  { id: 'functions', title: 'function vectors', run: (context) => vectors(context, 'function') },
  { id: 'workflows', title: 'workflow vectors', run: (context) => vectors(context, 'workflow') },
  { id: 'cycle', title: 'update cycle', run: cycle },
  { id: 'download', title: 'download', run: download },
  { id: 'refusals', title: 'attacks', run: refusals },
  ...['Ed25519', 'P-256', 'P-384', 'P-521', 'RSA'].map((title) => ({
    id: title.toLowerCase(),
    title,
    run: (/** @type {Context} */ context) => key(context, title.toLowerCase()),
  })),
  { id: 'store', title: 'store', run: store },
  { id: 'thread', title: 'thread', run: thread },
  { id: 'pins', title: 'proxy, pins', run: pins },
]

/**
 * Runs every case, and reports to the site.
 *
 * @param {string} site its origin
 * @param {Parts} parts
 * @param {string} [only] the id of one case
 */
export async function runCases(site, parts, only) {
  /** @param {string} path */
  const ask = (path) => fetch(site + path)
  /** @type {unknown} */
  const told = await (await ask('/setup')).json()
  const setup = /** @type {Setup} */ (told)
  /** @type {Result[]} */
  const results = []
  for (const { id, run } of cases) {
    if (only !== undefined && id !== only) continue
    results.push(await resultOf(id, parts, () => run({ setup, parts, ask })))
  }
  await fetch(`${site}/outcome`, { method: 'POST', body: JSON.stringify(results) })
}

/**
 * @param {string} id
 * @param {Parts} parts
 * @param {() => Promise<void>} run
 * @returns {Promise<Result>}
 */
async function resultOf(id, { absent }, run) {
  const reason = absent[id]
  if (reason !== undefined) return { id, outcome: 'absent', detail: reason }
  try {
    await run()
    return { id, outcome: 'holds', detail: '' }
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { id, outcome: 'fails', detail: `${String(error)}\n${detail}` }
  }
}

/**
 * Every vector of a kind, with every table, gets the verdict that it expects.
 *
 * @param {Context} context
 * @param {'function' | 'workflow'} kind
 */
async function vectors({ setup, parts, ask }, kind) {
  const all = await Promise.all(
    setup.vectors.map(async (name) =>
      parseVectorFile(await (await ask(`/vectors/${name}`)).text()),
    ),
  )
  const files = all.filter((file) => file.kind === kind)
  const tables = Object.entries(parts.cryptographies)
  if (files.length === 0 || tables.length === 0) throw new Error('nothing was asked')
  for (const [name, cryptography] of tables) {
    const client = tuffetClient({ createUpdater: (options) => new Updater(options), cryptography })
    const { failures, skips, passed } = await runVectors(files, client)
    const wrong = [
      ...failures.map(({ id, message }) => `${id} ${message}`),
      ...skips.map(({ id, reason }) => `${id} was not asked: ${reason}`),
    ]
    if (wrong.length > 0 || passed === 0) throw new Error(`${name}: ${wrong.join('; ')}`)
  }
}

/**
 * An updater with the defaults of the platform.
 *
 * @param {Setup} setup
 * @param {string} name of a place
 * @param {Partial<UpdaterOptions>} [options]
 * @returns {UpdaterOptions}
 */
function optionsFor({ places, now }, name, options = {}) {
  const { root, ...urls } = placeOf(places, name)
  return { ...urls, root: Uint8Array.from(root), now: () => now, ...options }
}

/**
 * @param {Setup['places']} places
 * @param {string} name
 */
function placeOf(places, name) {
  const place = places[name]
  if (!place) throw new Error(`${name} is not served`)
  return place
}

/** A cold cycle makes the requests of its chain, the next one two. @param {Context} context */
async function cycle({ setup, ask }) {
  const updater = new Updater(optionsFor(setup, 'good'))
  await ask('/requests')
  const repository = await updater.refresh()
  if ((await repository.find(setup.path)) === undefined) throw new Error('the target is not found')
  if ((await repository.find('not/there.whl')) !== undefined) throw new Error('a target is found')
  same(await requests(ask), 7, 'requests of a cold cycle and two searches in one bin')
  await updater.refresh()
  same(await requests(ask), 2, 'requests of a warm cycle')
}

/** @param {Context['ask']} ask */
async function requests(ask) {
  /** @type {unknown} */
  const urls = await (await ask('/requests')).json()
  return /** @type {string[]} */ (urls).length
}

/** Whole, after redirects, and after the connection broke. @param {Context} context */
async function download({ setup, parts }) {
  for (const name of ['good', 'moved', 'cut']) {
    const repository = await new Updater(optionsFor(setup, name)).refresh()
    same(text(await repository.read(setup.path)), 'a wheel', `${name}: the target`)
    same((await repository.read(setup.big)).length, setup.bigLength, `${name}: the length`)
    const saved = await parts.save?.(repository, setup.big)
    if (saved) same(saved.length, setup.bigLength, `${name}: the length of the file`)
  }
}

/** Each with its code, and the right file afterwards. @param {Context} context */
async function refusals({ setup }) {
  const wrong = await new Updater(optionsFor(setup, 'wrong bytes')).refresh()
  same(await codeOf(wrong.read(setup.path)), 'ERR_TUF_HASH_MISMATCH', 'other bytes')
  for (const [name, code] of [
    ['endless', 'ERR_TUF_FETCH_TOO_LONG'],
    ['forged', 'ERR_TUF_THRESHOLD_NOT_MET'],
    ['mixed', 'ERR_TUF_VERSION_MISMATCH'],
    ['silent', 'ERR_TUF_FETCH_TOO_SLOW'],
    ['closed', 'ERR_TUF_FETCH_FAILED'],
  ]) {
    if (name === undefined) continue
    const limits = name === 'silent' ? { limits: { rateWindow: 500 } } : {}
    const updater = new Updater(optionsFor(setup, name, limits))
    same(await codeOf(updater.refresh()), code, name)
  }
}

/**
 * A repository signed by keys of one type is believed, and one with a changed signature is not.
 *
 * @param {Context} context
 * @param {string} id
 */
async function key({ setup }, id) {
  const repository = await new Updater(optionsFor(setup, id)).refresh()
  same(text(await repository.read(setup.path)), 'a wheel', 'the target')
  const spoiled = new Updater(optionsFor(setup, `${id}, spoiled`))
  same(await codeOf(spoiled.refresh()), 'ERR_TUF_THRESHOLD_NOT_MET', 'a changed signature')
}

/** The runtime's own store keeps accepted files, and the floor. @param {Context} context */
async function store({ setup, parts, ask }) {
  const of = (/** @type {string} */ name) => optionsFor(setup, name, { store: parts.store('kept') })
  const first = await new Updater(of('good')).refresh()
  await first.find(setup.path)
  await ask('/requests')
  const offline = await new Updater(of('good')).refresh({ mode: 'offline' })
  if ((await offline.find(setup.path)) === undefined) throw new Error('the target is not found')
  same(await requests(ask), 0, 'requests offline')
  same(await codeOf(new Updater(of('older')).refresh()), 'ERR_TUF_ROLLBACK', 'an older mirror')
  const both = [new Updater(of('good')).refresh(), new Updater(of('good')).refresh()]
  for (const repository of await Promise.all(both)) await repository.find(setup.path)
}

/** An updater in a thread of its own. @param {Context} context */
async function thread({ setup, parts }) {
  if (!parts.thread) throw new Error('the starter brings no thread')
  const updater = parts.thread(optionsFor(setup, 'good'))
  try {
    const repository = await updater.refresh()
    same(text(await repository.read(setup.path)), 'a wheel', 'the target')
  } finally {
    await updater.close()
  }
}

/** A proxy is asked, and a server with another key is refused. @param {Context} context */
async function pins({ setup, parts }) {
  if (!parts.pins) throw new Error('the starter brings no pins')
  await parts.pins(setup.tls)
}

/**
 * The code of the error that a promise must end with.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<string>}
 */
async function codeOf(promise) {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
  return 'accepted'
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} what
 */
export function same(actual, expected, what) {
  if (actual === expected) return
  throw new Error(`${what}: ${String(actual)} instead of ${String(expected)}`)
}

/** @param {Uint8Array} bytes */
export function text(bytes) {
  return new TextDecoder().decode(bytes)
}
