/**
 * `pypi-attestations`, the reference verifier, in an environment of its own, and the real attestations
 * that come with its source distribution. This repository contains no part of them.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { basePython, lastWords, runProgram, toolEnvironment, toolFolder } from '../lock-machine.js'

const version = '0.0.30'

/** Where it is installed. */
export interface AttestationPeer {
  readonly python: string
  readonly samples: readonly Sample[]
  /** The `trusted_root.json` of the public-good instance that its dependency comes with. */
  readonly trustedRoot: string
}

/** A real attestation or provenance object, and the file it is about. */
export interface Sample {
  readonly name: string
  readonly kind: 'attestation' | 'provenance'
  readonly text: string
  readonly filename: string
  readonly sha256: string
}

/** Installs it once; a reason where that is not possible. */
export async function findPeer(): Promise<AttestationPeer | { readonly reason: string }> {
  const folder = join(toolFolder(), `pypi-attestations-${version}`)
  const python = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python')
  const source = join(folder, 'source')
  const mark = join(folder, 'installed.json')
  if (!existsSync(mark)) {
    mkdirSync(source, { recursive: true })
    const requirement = `pypi-attestations==${version}`
    const archive = join(source, `pypi_attestations-${version}.tar.gz`)
    const download = ['--no-binary', ':all:', '--no-deps', '--dest', source, requirement]
    for (const [program, ...args] of [
      [basePython(), '-m', 'venv', folder],
      [python, '-m', 'pip', 'install', '--quiet', requirement],
      [python, '-m', 'pip', 'download', '--quiet', ...download],
      [python, '-m', 'tarfile', '-e', archive, source],
    ] as const) {
      const { status, output } = await runProgram(program, args, { env: toolEnvironment() })
      if (status !== 0) return { reason: lastWords(output) }
    }
    writeFileSync(mark, JSON.stringify({ version }))
  }
  const assets = join(source, `pypi_attestations-${version}`, 'test', 'assets')
  return { python, samples: samplesIn(assets), trustedRoot: embeddedTrustedRoot(python) }
}

/** Whether it verifies each of these, with that trusted root and without a network. */
export function secondOpinions(
  python: string,
  trustedRoot: string,
  questions: readonly { readonly sample: Sample; readonly text: string }[],
): readonly boolean[] {
  const script = fileURLToPath(new URL('verify.py', import.meta.url))
  const lines = questions.map(({ sample: { kind, filename, sha256 }, text }) =>
    JSON.stringify({ [kind]: text, filename, sha256 }),
  )
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    env: { ...process.env, TRUSTED_ROOT: trustedRoot },
    maxBuffer: 1e8,
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { verified }: { verified: boolean } = JSON.parse(line)
      return verified
    })
}

function samplesIn(folder: string): readonly Sample[] {
  return readdirSync(folder)
    .filter((name) => /\.(attestation|provenance)$/.test(name))
    .flatMap((name): Sample[] => {
      const filename = name.replace(/(\.(publish|slsa))?\.(attestation|provenance)$/, '')
      const text = readFileSync(join(folder, name), 'utf8')
      // The file of one sample is not there: that sample is of the staging instance.
      const sha256 = existsSync(join(folder, filename))
        ? createHash('sha256')
            .update(readFileSync(join(folder, filename)))
            .digest('hex')
        : '0'.repeat(64)
      const kind = name.endsWith('.provenance') ? 'provenance' : 'attestation'
      return [{ name, kind, text, filename, sha256 }]
    })
}

function embeddedTrustedRoot(python: string): string {
  const script =
    'import sigstore, pathlib; print(pathlib.Path(sigstore.__file__).parent / "_store")'
  const { stdout } = spawnSync(python, ['-c', script], { encoding: 'utf8' })
  return join(stdout.trim(), 'https%3A%2F%2Ftuf-repo-cdn.sigstore.dev', 'trusted_root.json')
}
