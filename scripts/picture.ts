/**
 * Draws docs/demo.svg from the output of `npm run demo`; with `--check` it says instead whether the
 * picture still shows that. Times, counts and bytes may differ.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drawTerminal, textOfPicture, withoutNumbers } from './terminal-picture.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const file = `${root}docs/demo.svg`

const { status, stdout, stderr } = spawnSync('npx', ['tsx', 'demo/main.ts'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1' },
})
if (status !== 0) throw new Error(`the demo ended with ${String(status)}\n${stderr}`)
const picture = drawTerminal(`$ npm run demo\n${stdout}`)

if (!process.argv.includes('--check')) {
  writeFileSync(file, picture)
} else {
  const [now, then] = [picture, readFileSync(file, 'utf8')].map(essence)
  if (now !== then) {
    console.error('docs/demo.svg does not show what the demo prints: npm run picture draws it anew')
    process.exitCode = 1
  }
}

/** Without the part that needs a pip, which is not everywhere. */
function essence(svg: string): string {
  const lines = withoutNumbers(textOfPicture(svg)).split('\n')
  const pip = lines.findIndex((line) => line.startsWith('A real pip'))
  return lines.slice(0, pip < 0 ? undefined : pip).join('\n')
}
