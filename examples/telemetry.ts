/** Traces a refresh with OpenTelemetry: one span, and in it the requests and decisions. */
import { subscribe } from 'node:diagnostics_channel'
import { readFile } from 'node:fs/promises'
import { trace } from '@opentelemetry/api'
import { Updater } from 'tuffet'

for (const type of ['request', 'response', 'absent', 'retry', 'decision']) {
  subscribe(`tuffet:${type}`, (event) => {
    const plain = Object.entries(event as object).filter(([, value]) => typeof value !== 'object')
    trace.getActiveSpan()?.addEvent(`tuffet.${type}`, Object.fromEntries(plain))
  })
}

const updater = new Updater({
  metadataUrl: 'https://tuf.example.com/metadata/',
  root: await readFile('root.json'),
})
await trace.getTracer('example').startActiveSpan('tuf.refresh', async (span) => {
  await updater.refresh().finally(() => span.end())
})
