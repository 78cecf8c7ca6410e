/**
 * The cryptography of the command: the platform's, and ML-DSA by noble where the platform lacks it and
 * somebody installed the package beside tuffet.
 */
import { defaultCryptography } from '#platform'
import type { Cryptography } from '../core/keys/cryptography.js'
import { verifiesMlDsa } from '../core/keys/verifies-ml-dsa.js'

type Load = () => Promise<{ withCheckedMlDsa(cryptography: Cryptography): Cryptography }>

const load: Load = () => import('./checked-ml-dsa.js')

/** @param loadMlDsa for tests: a module that is missing is not there for all of a process */
export async function commandCryptography(
  platform: Cryptography = defaultCryptography,
  loadMlDsa: Load = load,
): Promise<Cryptography> {
  if (verifiesMlDsa(platform)) return platform
  try {
    return (await loadMlDsa()).withCheckedMlDsa(platform)
  } catch {
    // It is missing, or another version. A call that meets such a key names the version that it needs.
    return platform
  }
}
