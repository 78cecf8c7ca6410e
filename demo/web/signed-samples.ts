/**
 * The attestations of the page's distributions, by a Sigstore in memory. They are made while the page
 * is built: `bundle.ts` puts these values into it, and not the keys.
 */
import { attest, provenance } from '../../test/support/sigstore/attest.js'
import { TestSigstore, type Claims } from '../../test/support/sigstore/instance.js'
import { demo, foreign, sha256, turtle } from './samples.js'
import type { Listed } from './world.js'

/** The publishers that the page pins: project → repository. */
const pinned = { demo: 'demo/demo', turtle: 'demo/turtle' }

const sigstore = new TestSigstore()

export const signedSamples: {
  /** JSON. */
  readonly trustedRoot: string
  /** As `parsePublisherPins` takes them. */
  readonly pins: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
  /** Name of a file → JSON. */
  readonly provenance: Readonly<Record<string, string>>
} = {
  trustedRoot: sigstore.trustedRoot().toString(),
  pins: Object.fromEntries(
    Object.entries(pinned).map(([project, repository]) => [project, [publisherOf(repository)]]),
  ),
  provenance: Object.fromEntries([
    await signed(demo, pinned.demo),
    await signed(turtle, pinned.turtle),
    await signed(foreign, 'stranger/turtle'),
  ]),
}

async function signed(file: Listed, repository: string): Promise<[string, string]> {
  const { filename, bytes, version } = file
  const sha = await sha256(bytes)
  const attestation = attest(sigstore, {
    leaf: { claims: claimsOf(repository, version) },
    statement: (one) => (one.subject = [{ name: filename, digest: { sha256: sha } }]),
  })
  return [filename, provenance([attestation], publisherOf(repository)).toString()]
}

function publisherOf(repository: string) {
  return { kind: 'GitHub', repository, workflow: 'publish.yml' }
}

/** Of a certificate of Fulcio for a workflow of GitHub, by the numbers of its extensions. */
function claimsOf(repository: string, version: string): Claims {
  const url = `https://github.com/${repository}`
  const [reference, commit] = [`refs/tags/v${version}`, '0123456789abcdef0123456789abcdef01234567']
  const workflow = `${url}/.github/workflows/publish.yml@${reference}`
  return {
    8: 'https://token.actions.githubusercontent.com',
    9: workflow,
    12: url,
    13: commit,
    14: reference,
    18: workflow,
  }
}
