/**
 * Puts the offline bundles of the public suite (sigstore/sigstore-conformance) to its client under test, each
 * with the file and with its SHA-256. The suite is not part of this repository: SIGSTORE_CONFORMANCE is the
 * folder of a checkout. Bundles without a trusted root of their own are of the public-good instance:
 * SIGSTORE_TRUSTED_ROOT names its `trusted_root.json`; without it, its repository is asked.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const client = fileURLToPath(new URL('../test/conformance/sigstore-client', import.meta.url))
const { SIGSTORE_CONFORMANCE: checkout, SIGSTORE_TRUSTED_ROOT: publicGood } = process.env
// As in the suite's test/client.py.
const workflow =
  'sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml'
const defaults = {
  identity: `https://github.com/${workflow}@refs/heads/main`,
  issuer: 'https://token.actions.githubusercontent.com',
}

if (checkout === undefined) {
  console.log(
    'Skipped all of sigstore-conformance: SIGSTORE_CONFORMANCE is not set to a checkout of sigstore/sigstore-conformance.',
  )
  process.exit(0)
}
const folder = resolve(checkout, 'test/assets/bundle-verify')
const names = readdirSync(folder).filter((name) =>
  existsSync(join(folder, name, 'bundle.sigstore.json')),
)
let wrong = 0
for (const name of names) {
  for (const form of ['file', 'digest']) {
    const { status, said } = ask(name, form)
    const expected = name.endsWith('_fail') ? 1 : 0
    if (status === expected) continue
    wrong += 1
    console.log(`${name} (${form}): status ${status}, expected ${expected}\n${said}`)
  }
}
const asked = names.length * 2
console.log(`${asked - wrong} of ${asked} answers as expected, for ${names.length} bundles.`)
process.exit(wrong === 0 && names.length > 0 ? 0 : 1)

function ask(name: string, form: string): { status: number; said: string } {
  const path = (file: string) => join(folder, name, file)
  const text = (file: 'identity' | 'issuer') =>
    existsSync(path(file)) ? readFileSync(path(file), 'utf8').trim() : defaults[file]
  const artifact = existsSync(path('artifact')) ? path('artifact') : join(folder, 'a.txt')
  const trustedRoot = existsSync(path('trusted_root.json'))
    ? path('trusted_root.json')
    : publicGood && resolve(publicGood)
  const digest = createHash('sha256').update(readFileSync(artifact)).digest('hex')
  const args = [
    ...['verify-bundle', '--bundle', path('bundle.sigstore.json')],
    ...(existsSync(path('key.pub'))
      ? ['--key', path('key.pub')]
      : ['--certificate-identity', text('identity'), '--certificate-oidc-issuer', text('issuer')]),
    ...(trustedRoot ? ['--trusted-root', trustedRoot] : []),
    form === 'file' ? artifact : `sha256:${digest}`,
  ]
  try {
    execFileSync(process.execPath, [client, ...args], { stdio: 'pipe', timeout: 60_000 })
    return { status: 0, said: '' }
  } catch (error) {
    const { status, stderr } = error as { status: number | null; stderr: Buffer }
    return { status: status ?? -1, said: String(stderr) }
  }
}
