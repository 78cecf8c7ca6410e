/** The instances of Sigstore that this package knows: where their repositories are, and a first root. */
import { publicGoodRoot } from './roots/public-good.js'
import { stagingRoot } from './roots/staging.js'
import type { FirstRoot } from './roots/first-root.js'

/** An instance of Sigstore. */
export interface SigstoreInstance {
  /** Where `timestamp.json` of its TUF repository is. Targets are below `targets/`. */
  readonly metadataUrl: string
  /** The root that the chain of roots starts from. */
  readonly root: FirstRoot
}

/**
 * - `public-good`: signs the packages of PyPI, npm and others
 * - `staging`: for tests of Sigstore itself; do not trust its signatures
 */
export type SigstoreInstanceName = 'public-good' | 'staging'

/** Every instance by its name. */
export const sigstoreInstances: Readonly<Record<SigstoreInstanceName, SigstoreInstance>> = {
  'public-good': { metadataUrl: 'https://tuf-repo-cdn.sigstore.dev/', root: publicGoodRoot },
  staging: { metadataUrl: 'https://tuf-repo-cdn.sigstage.dev/', root: stagingRoot },
}
