/**
 * Draws docs/chain.svg: a bin of a repository of PyPI's shape is signed with a stranger's key. With
 * `--check` it says instead whether the picture is still that.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isTufError, memoryStore, Updater } from 'tuffet'
import { drawChain, TrustedRoles } from 'tuffet/picture'
import { createPep458Repository, defaultMetadataUrl } from 'tuffet/testing'
import { nodeEd25519Signer } from 'tuffet/testing/node'

const file = fileURLToPath(new URL('../docs/chain.svg', import.meta.url))
const path = '4b/1d/0c5e8a7f/demo-1.0-py3-none-any.whl'

const repo = createPep458Repository({ makeSigner: nodeEd25519Signer })
repo.addTarget(path, 'a wheel')
repo.publish()
const bin = (await (await updater().refresh()).explain(path)).chain.at(-1)?.role ?? ''
repo.attack.forged(bin)
const picture = await refused()

if (!process.argv.includes('--check')) {
  writeFileSync(file, picture)
} else if (readFileSync(file, 'utf8') !== picture) {
  console.error('docs/chain.svg is not what the package draws: npm run picture draws it anew')
  process.exitCode = 1
}

async function refused(): Promise<string> {
  const trusted = new TrustedRoles()
  try {
    await (await updater(trusted).refresh()).explain(path)
  } catch (error) {
    if (isTufError(error)) return drawChain(trusted.until(error, path, repo.now))
    throw error
  }
  throw new Error('the forged bin was not refused')
}

function updater(trusted = new TrustedRoles()): Updater {
  return new Updater({
    metadataUrl: defaultMetadataUrl,
    root: repo.root(),
    store: memoryStore(),
    fetcher: repo.fetcher(),
    now: () => repo.now,
    onEvent: (event) => trusted.note(event),
  })
}
