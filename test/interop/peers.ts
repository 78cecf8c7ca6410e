/** The reference clients that answer the vectors, where they are available. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeForPeers, nodeProgram } from '../../scripts/runtimes/programs.js'
import { findProgram } from '../../src/vectors/node/run-command.js'
import { processClient } from '../../src/vectors/node/process-client.js'
import type { VectorClient } from '../../src/vectors/client.js'
import { goTuf, tough } from './native-clients.js'
import { peerPackage } from './peer-packages.js'
import { QuestionProcess } from './question-process.js'

/** An available client. */
export interface Peer {
  readonly client: VectorClient
  close(): void
}

/** Why a client is missing. */
export interface MissingPeer {
  readonly reason: string
}

type OpenPeer = (families: readonly string[]) => Peer | MissingPeer

/** By the name in reports, without a version: the clients whose answers are described one by one. */
export const peers: Readonly<Record<string, OpenPeer>> = {
  'python-tuf': pythonTuf,
  'tuf-js': tufJs,
}

/** Clients whose answers are counted. */
export const countedPeers: Readonly<Record<string, OpenPeer>> = {
  'go-tuf': (families) => {
    const client = goTuf()
    if ('reason' in client) return client
    const { name, path } = client
    // faketime does not reach Go programs; it reaches `date`.
    const command = `${quoted(path)} --now "$(date +%s)"`
    return peer(name, [path, 'questions'], families, command)
  },
  tough: () => {
    const client = tough()
    // It lacks public functions for the families of function vectors.
    return 'reason' in client ? client : peer(client.name, undefined, [], quoted(client.path))
  },
}

/** The interpreter that can import python-tuf: PYTHON, or that of `.venv`, or `python3`. */
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
  const client = [python.path, here('python_tuf_client.py')]
  return peer(name, adapter, families, client.map(quoted).join(' '))
}

/** A Node that tuf-js supports, with tuf-js beside these programs. */
export function nodeWithTufJs(): { readonly path: string; readonly version: string } | MissingPeer {
  const node = nodeProgram(nodeForPeers)
  if ('reason' in node) return node
  const installed = peerPackage('tuf-js')
  return 'reason' in installed ? installed : { path: node.path, version: installed.version }
}

function tufJs(families: readonly string[]): Peer | MissingPeer {
  const node = nodeWithTufJs()
  if ('reason' in node) return node
  const adapter = [node.path, here('tuf-js-adapter.ts')] as const
  const client = [node.path, here('tuf-js-client.ts')]
  return peer(`tuf-js ${node.version}`, adapter, families, client.map(quoted).join(' '))
}

/** @param command for the shell */
function peer(
  name: string,
  adapter: readonly [string, ...string[]] | undefined,
  families: readonly string[],
  command: string,
): Peer {
  const questions = adapter && new QuestionProcess(adapter)
  const { startWorkflow } = processClient(command, { timeLimit: 120_000 })
  return {
    client: {
      name,
      ...(questions && {
        functions: Object.fromEntries(families.map((one) => [one, questions.function(one)])),
      }),
      ...(startWorkflow && { startWorkflow }),
    },
    close: () => questions?.close(),
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
