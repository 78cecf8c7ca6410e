/** Tests a tool of yours against a repository on loopback that turns hostile when it is told to. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Updater } from 'tuffet'
import { createRepository } from 'tuffet/testing'
import { serve } from 'tuffet/testing/node'

/** The tool: gives the bytes of a package, or throws. */
async function install(path: string, updater: Updater): Promise<Uint8Array> {
  return (await updater.refresh()).read(path)
}

const repo = createRepository({ now: Date.now() })
repo.addTarget('pkgs/a.whl', 'a wheel')
repo.publish()
const served = await serve(repo)
after(() => served.close())

const { metadataUrl, targetsUrl } = served
const updater = new Updater({ metadataUrl, targetsUrl, root: repo.root() })

test('installs what the repository lists', async () => {
  const bytes = await install('pkgs/a.whl', updater)
  assert.equal(new TextDecoder().decode(bytes), 'a wheel')
})

test('refuses other bytes, and works again afterwards', async () => {
  const { code } = repo.attack.arbitraryInstallation('pkgs/a.whl')
  await assert.rejects(install('pkgs/a.whl', updater), { code })

  repo.attack.stop()
  await install('pkgs/a.whl', updater)
})

test('refuses to go back', async () => {
  repo.publish()
  await install('pkgs/a.whl', updater) // sees the newest timestamp

  const { code } = repo.attack.rollbackTimestamp()
  await assert.rejects(install('pkgs/a.whl', updater), { code })
})
