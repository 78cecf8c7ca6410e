/**
 * A process that refreshes and downloads until it is killed: `FOLDER FROM`. Its repository is that
 * of every other one, `FROM` publications old, and goes on with each cycle. `FROM TO` as two
 * numbers: it ends by itself.
 */
import { join } from 'node:path'
import { fileStore } from '../../src/node/file-store.js'
import { downloadFile } from '../../src/node/download-file.js'
import { publishedUntil, publishNext } from './killed-repository.js'
import { updaterOf } from './held-cycle.js'

const [folder = '', from = '0', to = 'Infinity'] = process.argv.slice(2)
const repo = publishedUntil(Number(from))
process.stdout.write('ready\n')
for (;;) {
  const view = await updaterOf(repo, fileStore(join(folder, 'store'))).refresh()
  const target = await view.find('a.bin')
  if (target) await downloadFile(view, target, join(folder, 'downloads', 'a.bin'))
  if (repo.publication >= Number(to)) break
  publishNext(repo)
}
