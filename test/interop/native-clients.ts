/** Reference clients in Go and Rust: adapters over them, built where their tools are installed. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A program that is built. */
interface NativeClient {
  /** With the version: `tough 0.24.0`. */
  readonly name: string
  readonly path: string
}

/** Long enough to compile everything on a busy machine. */
const timeLimit = 30 * 60_000

/** go-tuf's client, in Go. */
export function goTuf(): NativeClient | { readonly reason: string } {
  const folder = here('go-tuf')
  const built = build('go', ['build', '-mod=readonly', '-o', 'build/client', '.'], folder)
  if (built !== undefined) return { reason: built }
  const [, version = ''] = /go-tuf\/v2 v(\S+)/.exec(readFileSync(`${folder}/go.mod`, 'utf8')) ?? []
  return { name: `go-tuf ${version}`, path: `${folder}/build/client` }
}

/** tough's client, in Rust. */
export function tough(): NativeClient | { readonly reason: string } {
  const folder = here('tough')
  const built = build('cargo', ['build', '--locked', '--quiet'], folder)
  if (built !== undefined) return { reason: built }
  const lock = readFileSync(`${folder}/Cargo.lock`, 'utf8')
  const [, version = ''] = /name = "tough"\nversion = "([^"]+)"/.exec(lock) ?? []
  return { name: `tough ${version}`, path: `${folder}/target/debug/tough-client` }
}

/** Why it is not built. */
function build(program: string, args: readonly string[], folder: string): string | undefined {
  const { CARGO_TARGET_DIR: _, ...env } = process.env
  const options = { cwd: folder, encoding: 'utf8', env, timeout: timeLimit } as const
  const { error, status, stderr } = spawnSync(program, args, options)
  if (error && 'code' in error && error.code === 'ENOENT') return `${program} is not installed`
  if (error) return `${program} cannot be run: ${error.message}`
  if (status === 0) return undefined
  return `${program} ${args.join(' ')} fails: ${stderr.trim().split('\n').at(-1) ?? ''}`
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
