/**
 * Measures in a browser, and reports to the program that opened the page: cycles with a table whose
 * calls are timed, and the same signatures and digests by noble and by WebCrypto.
 */
import type { Cryptography } from 'tuffet'
import type { HashName, PublicKey } from 'tuffet/core'
import { Updater } from 'tuffet'
import { nobleCryptography } from 'tuffet/web'
import { WorkerUpdater } from 'tuffet/worker'
import type { Both, CycleFigures, CycleTask, SignatureTask, Task, Watched } from './task.js'

/** The longest time without a turn of the event loop, and all time. */
async function watched(work: () => Promise<unknown>): Promise<Watched> {
  const { port1, port2 } = new MessageChannel()
  let longest = 0
  let last = performance.now()
  let done = false
  port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!done) port2.postMessage(0)
  }
  port2.postMessage(0)
  const start = performance.now()
  await work()
  const all = performance.now() - start
  await new Promise((resolve) => setTimeout(resolve, 30))
  done = true
  return { blocked: longest, all }
}

/** noble's table, which notes how long its signatures and digests take. */
function timedTable() {
  const spent = { verify: 0, hash: 0, signatures: 0 }
  function timed<T>(kind: 'verify' | 'hash', work: () => T): T {
    const start = performance.now()
    try {
      return work()
    } finally {
      spent[kind] += performance.now() - start
    }
  }
  const cryptography: Cryptography = {
    ...nobleCryptography,
    hash: (name, bytes) => timed('hash', () => nobleCryptography.hash(name, bytes)),
    createHasher(name) {
      const hasher = nobleCryptography.createHasher(name)
      return {
        update: (bytes) => timed('hash', () => hasher.update(bytes)),
        digest: () => timed('hash', () => hasher.digest()),
      }
    },
    importKey(key) {
      const verify = timed('verify', () => nobleCryptography.importKey(key))
      const { steps } = verify
      return Object.assign(
        (message: Uint8Array, signature: Uint8Array) => {
          spent.signatures += 1
          return timed('verify', () => verify(message, signature))
        },
        steps && {
          steps: {
            ...steps,
            verify(digest: Uint8Array, signature: Uint8Array) {
              spent.signatures += 1
              return timed('verify', () => steps.verify(digest, signature))
            },
          },
        },
      )
    },
  }
  return { spent, cryptography }
}

/** A first refresh, and one target: in the page, and in a worker. */
async function cycle({ metadataUrl, root, now, path }: CycleTask): Promise<CycleFigures> {
  const { spent, cryptography } = timedTable()
  const options = { metadataUrl, root: Uint8Array.from(root), now: () => now }
  const ask = async (updater: Pick<WorkerUpdater, 'refresh'> | Updater) => {
    const view = await updater.refresh()
    if (!(await view.find(path))) throw new Error('the target is not listed')
  }
  const here = await watched(() => ask(new Updater({ ...options, cryptography })))
  const updater = new WorkerUpdater(options)
  const there = await watched(() => ask(updater))
  await updater.close()
  return { here, there, spent }
}

const imported = {
  ed25519: { name: 'Ed25519' },
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256' },
  rsa: { name: 'RSA-PSS', hash: 'SHA-256' },
}

const verified = {
  ed25519: { name: 'Ed25519' },
  ecdsa: { name: 'ECDSA', hash: 'SHA-256' },
  rsa: { name: 'RSA-PSS', saltLength: 32 },
}

/** One signature, checked by both. The key's import counts. */
async function signature({ jwk, length, signature: given }: SignatureTask): Promise<Both> {
  const bytes = new Uint8Array(length).fill(97)
  const signed = Uint8Array.from(given)
  const key = keyOf(jwk)
  const noble = await least(() => nobleCryptography.importKey(key)(bytes, signed))
  const web = await least(async () => {
    const { subtle } = crypto
    const usable = await subtle.importKey('jwk', jwk, imported[key.kind], false, ['verify'])
    return subtle.verify(verified[key.kind], usable, signed, bytes)
  })
  return { noble, web }
}

function keyOf(jwk: JsonWebKey): Exclude<PublicKey, { kind: 'ml-dsa' }> {
  const bytes = (text = '') =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.charCodeAt(0),
    )
  if (jwk.kty === 'OKP') return { kind: 'ed25519', point: bytes(jwk.x) }
  if (jwk.kty === 'RSA') {
    const numbers = { modulus: bytes(jwk.n), exponent: bytes(jwk.e) }
    return { kind: 'rsa', padding: 'pss', hash: 'sha256', ...numbers }
  }
  const point = Uint8Array.from([4, ...bytes(jwk.x), ...bytes(jwk.y)])
  return { kind: 'ecdsa', curve: 'P-256', hash: 'sha256', point }
}

async function digest(name: HashName, length: number): Promise<Both> {
  const bytes = new Uint8Array(length).fill(97)
  const noble = await least(() => nobleCryptography.hash(name, bytes).length > 0)
  const long = name.replace('sha', 'SHA-')
  const web = await least(async () => (await crypto.subtle.digest(long, bytes)).byteLength > 0)
  return { noble, web }
}

/** The least of five means. */
async function least(work: () => boolean | Promise<boolean>): Promise<number> {
  let best = Infinity
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now()
    // A browser's clock shows tenths of a millisecond.
    let calls = 0
    do {
      if (!(await work())) throw new Error('a good signature was refused')
      calls += 1
    } while (performance.now() - start < 20)
    best = Math.min(best, (performance.now() - start) / calls)
  }
  return best
}

async function measure(): Promise<object> {
  const task = (await (await fetch('/setup')).json()) as Task
  if ('cycle' in task) return cycle(task.cycle)
  if ('signature' in task) return signature(task.signature)
  return digest(task.digest.name, task.digest.length)
}

const outcome = await measure().catch((error: unknown) => ({ failed: String(error) }))
await fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) })
// The next task begins with code that is not warm.
location.reload()
