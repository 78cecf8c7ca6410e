/** Compiled programs beside which the clients are measured, built where cargo and go are. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bench } from './bench.js'
import type { Client } from './clients.js'

const sources = fileURLToPath(new URL('native/', import.meta.url))
const built = fileURLToPath(new URL('../node_modules/.cache/bench-native/', import.meta.url))

/** Client, how it is built, and where its sources are. */
interface Program extends Omit<Client, 'program'> {
  readonly folder: string
  readonly tool: 'cargo' | 'go'
}

/** The work that no client can leave out, and peers. */
const programs: readonly Program[] = [
  {
    folder: 'physical',
    tool: 'cargo',
    name: 'physical floor (Rust)',
    layouts: ['path-hash-prefixes'],
    finds: true,
    downloads: true,
  },
  {
    folder: 'sigstore-tuf',
    tool: 'cargo',
    name: 'sigstore-tuf 0.15.1 (Rust)',
    layouts: ['path-hash-prefixes', 'one-role'],
    downloads: true,
  },
  // It compares path_hash_prefixes with another encoding of the digest, and so finds nothing there.
  { folder: 'go-tuf', tool: 'go', name: 'go-tuf 2.4.2 (Go)', layouts: ['succinct', 'one-role'] },
]

/** Those that can be built; of the others it says why not. */
export function nativeClients({ progress, skip }: Pick<Bench, 'progress' | 'skip'>): Client[] {
  return programs.flatMap(({ folder, tool, ...client }): Client[] => {
    const { program, args } = recipe(folder, tool)
    progress(`building ${client.name}`)
    mkdirSync(`${built}${folder}`, { recursive: true })
    const { error, status, stderr } = spawnSync(tool, args, {
      cwd: `${sources}${folder}`,
      encoding: 'utf8',
    })
    if (status === 0 && existsSync(program)) return [{ ...client, program }]
    const reason = error ? error.message : stderr.trim().split('\n').at(-1)
    skip(`${client.name}: ${reason ?? `${tool} built nothing`}`)
    return []
  })
}

function recipe(folder: string, tool: Program['tool']): { program: string; args: string[] } {
  const target = `${built}${folder}`
  if (tool === 'go') {
    const program = `${target}/client`
    return { program, args: ['build', '-mod=readonly', '-o', program, '.'] }
  }
  const args = ['build', '--release', '--quiet', '--target-dir', target]
  return { program: `${target}/release/${folder}-client`, args }
}
