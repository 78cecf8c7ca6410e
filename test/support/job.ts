/** A job of CI: a folder with settings, wheels and a lock file, and their repository on loopback. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { wheels, world } from '../../examples/runner/world.js'
import { serve } from '../../src/testing/node/index.js'
import { temporaryFolder } from './temporary-folder.js'

export interface Job {
  readonly folder: string
  close(): Promise<void>
}

/**
 * `good/` has what the repository vouches for, `bad/` another wheel too; so have `requirements.txt`
 * and `bad.txt`.
 */
export async function openJob(): Promise<Job> {
  const repo = world()
  const served = await serve(repo)
  const { metadataUrl, targetsUrl } = served
  const parent = temporaryFolder('job')
  const folder = join(parent, 'workspace')
  for (const name of ['good', 'bad']) mkdirSync(join(folder, name), { recursive: true })
  const locked = { good: '', bad: '' }
  for (const { project, filename, listed, found } of wheels) {
    writeFileSync(join(folder, 'good', filename), listed)
    writeFileSync(join(folder, 'bad', filename), found)
    const version = filename.split('-')[1] ?? ''
    locked.good += `${project}==${version} --hash=sha256:${sha256(listed)}\n`
    locked.bad += `${project}==${version} --hash=sha256:${sha256(found)}\n`
  }
  writeFileSync(join(folder, 'requirements.txt'), locked.good)
  writeFileSync(join(folder, 'bad.txt'), locked.bad)
  writeFileSync(join(folder, 'root.json'), repo.root(1))
  const settings = { metadataUrl, targetsUrl, root: 'root.json', store: '.tuf', layout: 'pages' }
  writeFileSync(join(folder, 'tuffet.json'), JSON.stringify(settings))
  return {
    folder,
    async close() {
      await served.close()
    },
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
