/**
 * The command line of tuf-conformance over tuf-js. Run as it is by a Node that tuf-js supports, so
 * it imports packages only.
 */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string' },
    'metadata-url': { type: 'string' },
    'target-name': { type: 'string', multiple: true },
    'target-dir': { type: 'string' },
    'target-base-url': { type: 'string' },
  },
})
const [command, root = ''] = positionals
const metadataDir = values['metadata-dir'] ?? ''

try {
  if (command === 'init') copyFileSync(root, join(metadataDir, 'root.json'))
  else await update()
} catch (error) {
  console.error(error)
  process.exitCode = 1
}

async function update(): Promise<void> {
  // Slow to import, and init does not need it.
  const { Updater } = await import('tuf-js')
  const targetDir = values['target-dir']
  const targetBaseUrl = values['target-base-url']
  const updater = new Updater({
    metadataDir,
    metadataBaseUrl: values['metadata-url'] ?? '',
    // A server that fails is asked once: vectors count requests.
    config: { fetchRetry: false },
    ...(targetDir !== undefined && { targetDir }),
    ...(targetBaseUrl !== undefined && { targetBaseUrl }),
  })
  await updater.refresh()
  for (const name of values['target-name'] ?? []) {
    const target = await updater.getTargetInfo(name)
    if (!target) throw new Error('there is no such target')
    if ((await updater.findCachedTarget(target)) === undefined) await updater.downloadTarget(target)
  }
}
