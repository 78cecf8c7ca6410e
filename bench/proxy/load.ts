/**
 * Clients in a process of their own: each takes the next file, over a connection that it keeps. The
 * paths of one file are asked for one after the other.
 */
import { Agent, get } from 'node:http'

export interface Load {
  readonly filesPerSecond: number
  /** Milliseconds. */
  readonly median: number
  readonly p99: number
}

const [origin = '', clients = '1', paths = '', count = '0'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(clients) })
const taken: number[] = []
let next = 0

function fetchOne(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${origin}${path}`, { agent }, (response) => {
      response.resume()
      response.once('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${path}: ${response.statusCode} ${response.statusMessage}`))
      })
    }).once('error', reject)
  })
}

async function client(): Promise<void> {
  while (next < Number(count)) {
    const number = String(next++)
    const began = performance.now()
    for (const path of paths.split(' ')) await fetchOne(path.replaceAll('{}', number))
    taken.push(performance.now() - began)
  }
}

const began = performance.now()
await Promise.all(Array.from({ length: Number(clients) }, client))
const seconds = (performance.now() - began) / 1_000
agent.destroy()
taken.sort((a, b) => a - b)
const load: Load = {
  filesPerSecond: taken.length / seconds,
  median: taken[taken.length >> 1] ?? NaN,
  p99: taken[Math.floor(taken.length * 0.99)] ?? NaN,
}
console.log(JSON.stringify(load))
