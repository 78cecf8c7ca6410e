/** The reference clients that the vectors are asked of, where they can be had. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeForPeers, nodeProgram } from '../../scripts/node-programs.mjs'
import { findProgram } from '../../src/testing/node/vectors/run-command.js'
import { processClient } from '../../src/testing/node/vectors/process-client.js'
import type { VectorClient } from '../../src/testing/vectors/client.js'
import { QuestionProcess } from './question-process.js'

/** A client that is there. */
export interface Peer {
  readonly client: VectorClient
  close(): void
}

/** Why a client is not there. */
export interface MissingPeer {
  readonly reason: string
}

/** By the name in reports, without a version. */
export const peers: Readonly<Record<string, (families: readonly string[]) => Peer | MissingPeer>> =
  {
    'python-tuf': pythonTuf,
    'tuf-js': tufJs,
  }

/** The interpreter that has python-tuf: PYTHON, or that of `.venv`, or `python3`. */
export function pythonWithTuf(): { readonly path: string } | MissingPeer {
  const named = process.env['PYTHON']
  const candidates =
    named === undefined
      ? [here('../../.venv/bin/python'), findProgram('python3') ?? 'python3']
      : [named.includes('/') ? resolve(named) : (findProgram(named) ?? named)]
  const path = candidates.find((one) => output(one, [here('python_tuf_adapter.py'), '--version']))
  if (path !== undefined) return { path }
  const what = "pip install 'tuf==7.0.*' securesystemslib cryptography"
  return { reason: `${candidates.join(' and ')} cannot import what it takes (${what})` }
}

function pythonTuf(families: readonly string[]): Peer | MissingPeer {
  const python = pythonWithTuf()
  if ('reason' in python) return python
  const adapter = [python.path, here('python_tuf_adapter.py')] as const
  const name = output(python.path, [adapter[1], '--version']) ?? ''
  return peer(name, adapter, families, [python.path, here('python_tuf_client.py')])
}

function tufJs(families: readonly string[]): Peer | MissingPeer {
  const node = nodeProgram(nodeForPeers)
  if ('reason' in node) return node
  const { version } = createRequire(import.meta.url)('tuf-js/package.json')
  const adapter = [node.path, here('tuf-js-adapter.ts')] as const
  return peer(`tuf-js ${version}`, adapter, families, [node.path, here('tuf-js-client.ts')])
}

function peer(
  name: string,
  adapter: readonly [string, ...string[]],
  families: readonly string[],
  command: readonly string[],
): Peer {
  const questions = new QuestionProcess(adapter)
  const { startWorkflow } = processClient(command.map(quoted).join(' '), {
    timeLimit: 60_000,
  })
  return {
    client: {
      name,
      functions: Object.fromEntries(families.map((one) => [one, questions.function(one)])),
      ...(startWorkflow && { startWorkflow }),
    },
    close: () => questions.close(),
  }
}

function output(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** For the shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
