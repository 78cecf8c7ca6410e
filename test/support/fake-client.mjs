/**
 * Speaks the conformance command line and believes everything. The first argument says how it
 * misbehaves: `crash`, `hang`, `litter`, `deny`, or not at all: `plain`.
 */
import { spawn } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string', default: '' },
    'metadata-url': { type: 'string', default: '' },
    'target-name': { type: 'string', default: '' },
    'target-dir': { type: 'string', default: '' },
    'target-base-url': { type: 'string', default: '' },
  },
})
const [manner, command, root] = positionals
const folder = values['metadata-dir']

if (command === 'init') {
  if (manner === 'deny') process.exit(1)
  copyFileSync(String(root), join(folder, 'root.json'))
} else if (manner === 'crash') {
  console.error('out of luck')
  process.exit(3)
} else if (manner === 'hang') {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
  console.error(`my child is ${String(child.pid)}`)
} else {
  console.error(folder)
  await save(`${values['metadata-url']}timestamp.json`, join(folder, 'timestamp.json'))
  // The time as it sees it, as a version.
  writeFileSync(join(folder, 'a%2Fb.json'), JSON.stringify({ signed: { version: Date.now() } }))
  if (command === 'download') {
    const target = values['target-dir']
    await save(values['target-base-url'] + values['target-name'], join(target, 'file'))
    if (manner === 'litter') writeFileSync(join(target, 'file.part'), '')
  }
}

/** @param {string} url @param {string} file */
async function save(url, file) {
  const response = await fetch(url)
  if (!response.ok) process.exit(1)
  writeFileSync(file, Buffer.from(await response.arrayBuffer()))
}
