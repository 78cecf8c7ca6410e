/** The process of a server, and the requests to it. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Order, Ready, Shape, Traffic } from './shape.js'
import type { Workshop } from './workshop.js'

/** A repository that is being served. */
export interface Served {
  readonly shape: Shape
  readonly ready: Ready
  /** The file with the first root. */
  readonly root: string
  /** The traffic since the last call. */
  traffic(): Promise<Traffic>
  /** Every daily role gets its next version. */
  nextDay(): Promise<void>
  end(): Promise<void>
}

/** Starts a server and waits until its repository is ready. */
export async function serveShape(workshop: Workshop, shape: Shape): Promise<Served> {
  const root = `${workshop.newFolder()}/root.json`
  const server = fork(workshop.program('server'), [JSON.stringify(shape)], {
    // One of 65,536 bins takes more than the default.
    execArgv: ['--max-old-space-size=8192'],
  })
  const ready: Ready = await answerOf(server)
  mkdirSync(dirname(root))
  writeFileSync(root, Buffer.from(ready.root, 'base64'))
  const ask = <T>(order: Order): Promise<T> => {
    server.send(order)
    return answerOf(server)
  }
  return {
    shape,
    ready,
    root,
    traffic: () => ask<Traffic>('traffic'),
    async nextDay() {
      await ask('next-day')
    },
    async end() {
      const ended = once(server, 'exit')
      server.send('end' satisfies Order)
      await ended
    },
  }
}

function answerOf<T>(server: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the server ended'))
    server.once('exit', onExit)
    server.once('message', (answer: T) => {
      server.off('exit', onExit)
      resolve(answer)
    })
  })
}
