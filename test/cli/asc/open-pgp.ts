/** Keys and signatures that the machine's gpg makes, in a home of its own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Folders of the programs, by name; without those that are missing. */
const programs: ReadonlyMap<string, string> = new Map(
  ['gpgv', 'gpg'].flatMap((name) => {
    const [path] = (process.env['PATH'] ?? '')
      .split(':')
      .map((folder) => join(folder, name))
      .filter((one) => existsSync(one))
    return path === undefined ? [] : [[name, path] as const]
  }),
)

/** With both, every test can run. */
export const isInstalled = programs.size === 2

const homes: string[] = []

afterAll(() => {
  for (const home of homes) spawnSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'])
})

export class KeyMaker {
  readonly home = join(temporaryFolder('gpg'), 'home')

  constructor() {
    mkdirSync(this.home, { mode: 0o700 })
    homes.push(this.home)
  }

  /** Its output. A time is one that gpg believes it is. */
  gpg(args: readonly string[], input: string | Uint8Array = '', time?: string): Buffer {
    const faked = time === undefined ? [] : ['--faked-system-time', time]
    const quiet = ['--homedir', this.home, '--batch', '--quiet', '--no-tty', ...faked]
    return execFileSync('gpg', [...quiet, ...args], { input, stdio: ['pipe', 'pipe', 'ignore'] })
  }

  /** The address of a new key. */
  make(name: string, { time, lasts = 'never' }: { time?: string; lasts?: string } = {}): string {
    const address = `${name}@example.com`
    const id = `${name} <${address}>`
    this.gpg(['--passphrase', '', '--quick-gen-key', id, 'ed25519', 'sign', lasts], '', time)
    return address
  }

  sign(address: string, content: string, options: readonly string[] = [], time?: string): Buffer {
    const how = options.length === 0 ? ['--armor'] : options
    return this.gpg(['--local-user', address, ...how, '--detach-sign'], content, time)
  }

  keyring(...addresses: readonly string[]): Buffer {
    return this.gpg(['--export', ...addresses])
  }

  fingerprint(address: string): string {
    const rows = this.gpg(['--with-colons', '--list-keys', address]).toString()
    return /^fpr:+([0-9A-F]+):/m.exec(rows)?.[1] ?? ''
  }

  revoke(address: string): void {
    const file = join(this.home, 'openpgp-revocs.d', `${this.fingerprint(address)}.rev`)
    this.gpg(['--import'], readFileSync(file, 'utf8').replace(/^:---/m, '---'))
  }
}

/** A folder for the path, with links to these programs and nothing else. */
export function pathWith(...names: readonly string[]): string {
  const folder = temporaryFolder('path')
  for (const name of names) symlinkSync(programs.get(name) ?? '', join(folder, name))
  return folder
}

/** A folder for the path, with a program that runs a script of Node. */
export function pathWithFake(script: string, name = 'gpgv'): string {
  const folder = temporaryFolder('path')
  writeFileSync(join(folder, name), `#!${process.execPath}\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
  return folder
}
