/** Compiled programs beside which the clients are measured, built where cargo is. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Client } from './clients.js'

const sources = fileURLToPath(new URL('native/', import.meta.url))
const built = fileURLToPath(new URL('../node_modules/.cache/bench-native/', import.meta.url))

/** What no client can leave out, and a peer. */
const programs = [
  { folder: 'physical', binary: 'physical', name: 'physical floor (Rust)' },
  { folder: 'sigstore-tuf', binary: 'sigstore-tuf-client', name: 'sigstore-tuf 0.15.1 (Rust)' },
] as const

/** Those that can be built; of the others it says why not. */
export function nativeClients(progress: (what: string) => void): Client[] {
  return programs.flatMap(({ folder, binary, name }): Client[] => {
    const program = `${built}${folder}/release/${binary}`
    progress(`building ${name}`)
    const args = ['build', '--release', '--quiet', '--target-dir', `${built}${folder}`]
    const { error, stderr } = spawnSync('cargo', args, {
      cwd: `${sources}${folder}`,
      encoding: 'utf8',
    })
    if (existsSync(program)) return [{ name, program }]
    const reason = error ? error.message : stderr.trim().split('\n').at(-1)
    progress(`skipped ${name}: ${reason ?? 'cargo built nothing'}`)
    return []
  })
}
