/** A repository that is the same in every process: each publication has its own file and keys. */
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { nodeEd25519Signer } from '../../src/testing/node/index.js'

/** Bytes that say which publication they are of. */
export function contentOf(publication: number): Uint8Array {
  return new Uint8Array(60_000).fill(publication % 251)
}

export function publishedUntil(publication: number): TestRepository {
  const repo = createRepository({ seed: 'killed', makeSigner: nodeEd25519Signer })
  while (repo.publication < Math.max(1, publication)) publishNext(repo)
  return repo
}

/** The next state; now and then with new keys. */
export function publishNext(repo: TestRepository): void {
  const next = repo.publication + 1
  repo.addTarget('a.bin', contentOf(next))
  const role = ['timestamp', 'root', 'snapshot', 'targets'][next % 12]
  if (role === undefined || next === 1) repo.publish()
  else repo.rotate(role)
}
