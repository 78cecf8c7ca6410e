/** Servers of object storage on loopback, for proofs, where they are installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from './redis-server.js'

/** A server that can be started. */
export interface S3Program {
  /** With its version. */
  readonly name: string
  /** Whether it compares when it writes. A store refuses one that does not. */
  readonly heedsConditions: boolean
  /** Starts it on 127.0.0.1, with its files in `folder`, which is empty. It takes the credentials of {@link s3Credentials}. */
  start(folder: string, port: number): Promise<ChildProcess>
}

/** A server that is not here. */
export interface MissingS3 {
  readonly name: string
  readonly reason: string
}

export const s3Credentials = { accessKeyId: 'tuffet', secretAccessKey: 'tuffet-secret' } as const

/**
 * moto, SeaweedFS (`weed`) and rclone are beside the interpreter `PYTHON`; `TUFFET_VERSITYGW` names the program of
 * versitygw, which `go install` makes.
 */
export function s3Programs(): readonly (S3Program | MissingS3)[] {
  return [moto(), seaweed(), versity(), rclone()]
}

function besidePython(name: string): string {
  return join(dirname(process.env['PYTHON'] ?? 'python3'), name)
}

function moto(): S3Program | MissingS3 {
  const path = besidePython('moto_server')
  if (!existsSync(path)) return { name: 'moto', reason: 'moto_server is not beside PYTHON' }
  const code = 'from importlib.metadata import version; print(version("moto"))'
  const { stdout } = spawnSync(besidePython('python'), ['-c', code], { encoding: 'utf8' })
  return {
    name: `moto ${stdout.trim()}`,
    heedsConditions: true,
    start: async (_, port) =>
      spawn(path, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' }),
  }
}

function seaweed(): S3Program | MissingS3 {
  const path = besidePython('weed')
  const { error, stdout } = spawnSync(path, ['version'], { encoding: 'utf8' })
  if (error) return { name: 'seaweedfs', reason: 'weed is not beside PYTHON' }
  return {
    name: `seaweedfs ${/ (\d+\.\d+) /.exec(stdout)?.[1] ?? ''}`,
    heedsConditions: true,
    async start(folder, port) {
      const settings = join(folder, 's3.json')
      const { accessKeyId: accessKey, secretAccessKey: secretKey } = s3Credentials
      const credentials = [{ accessKey, secretKey }]
      const identities = [{ name: 'tuffet', credentials, actions: ['Admin', 'Read', 'Write'] }]
      writeFileSync(settings, JSON.stringify({ identities }))
      const place = [`-dir=${folder}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1']
      for (const part of ['master.port', 'volume.port', 'filer.port', 's3.port']) {
        // Else it takes the port that is 10,000 higher for gRPC.
        place.push(`-${part}.grpc=${await freePort()}`)
        if (part !== 's3.port') place.push(`-${part}=${await freePort()}`)
      }
      const s3 = ['-s3', `-s3.port=${port}`, `-s3.config=${settings}`]
      return spawn(path, ['server', ...place, ...s3], { stdio: 'ignore' })
    },
  }
}

function versity(): S3Program | MissingS3 {
  const path = process.env['TUFFET_VERSITYGW']
  if (path === undefined) return { name: 'versitygw', reason: 'TUFFET_VERSITYGW does not name it' }
  // Its own words for the version are those of a release alone; Go notes the module in the program.
  const built = readFileSync(path)
  const at = built.indexOf('github.com/versity/versitygw\tv')
  const [version = ''] = /v[\d.]+/.exec(built.subarray(at, at + 60).toString('latin1')) ?? []
  return {
    name: `versitygw ${version.replace('v', '')}`,
    heedsConditions: true,
    async start(folder, port) {
      const files = join(folder, 'files')
      mkdirSync(files)
      const { accessKeyId, secretAccessKey } = s3Credentials
      const env = { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey }
      // With `--sidecar` a reader may get the bytes of one object and the ETag of another.
      const args = ['--port', `127.0.0.1:${port}`, 'posix', files]
      return spawn(path, args, { env, stdio: 'ignore' })
    },
  }
}

/** Its `serve s3` ignores the conditions. */
function rclone(): S3Program | MissingS3 {
  const path = besidePython('rclone')
  const { error, stdout } = spawnSync(path, ['version'], { encoding: 'utf8' })
  if (error) return { name: 'rclone', reason: 'rclone is not beside PYTHON' }
  return {
    name: `rclone ${/v([\d.]+)/.exec(stdout)?.[1] ?? ''}`,
    heedsConditions: false,
    async start(folder, port) {
      const { accessKeyId, secretAccessKey } = s3Credentials
      const key = `${accessKeyId},${secretAccessKey}`
      const args = ['serve', 's3', '--addr', `127.0.0.1:${port}`, '--auth-key', key, folder]
      return spawn(path, args, { stdio: 'ignore' })
    },
  }
}
