/** The repositories that the demo uses. */
import { createHash } from 'node:crypto'
import { createPep458Repository, type TestRepository } from 'tuffet/testing'
import { nodeEd25519Signer } from 'tuffet/testing/node'

export const wheel = Buffer.alloc(48_000, 'the bytes of a wheel ')

/** As PyPI does it: two folders and a name made of a digest, then the file. */
export const wheelPath = `0b/de/${digest(wheel).slice(0, 60)}/demo-1.0-py3-none-any.whl`

/** PEP 458: targets → bins → hash bins of about 85 KB, made on request. */
export function pypiShaped(bins: number): TestRepository {
  const repo = createPep458Repository({ bins, makeSigner: nodeEd25519Signer, fillers: 400 })
  repo.publish()
  repo.advance(0.25)
  repo.addTarget(wheelPath, wheel)
  repo.publish()
  return repo
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
