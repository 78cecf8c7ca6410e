/** Every family there is, in the order of the specification. */
import type { VectorFile } from '../../src/vectors/format.js'
import { functionFamilies } from './functions/index.js'
import { workflowFamilies } from './workflow/index.js'

/** Makes all vectors, without any randomness. */
export async function allFamilies(): Promise<readonly VectorFile[]> {
  return [...functionFamilies(), ...(await workflowFamilies())]
}
