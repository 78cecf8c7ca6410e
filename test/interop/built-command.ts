/** The command as it is published: `dist/`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The program that Node runs. */
export const builtCommand = resolve('dist/cli/main.cjs')

/** Builds it where a source is newer. That takes a minute. */
export function buildCommand(): void {
  if (isBuilt()) return
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

function isBuilt(): boolean {
  if (!existsSync(builtCommand)) return false
  const { mtimeMs } = statSync(builtCommand)
  return readdirSync('src', { recursive: true, encoding: 'utf8' }).every(
    (name) => statSync(join('src', name)).mtimeMs <= mtimeMs,
  )
}
