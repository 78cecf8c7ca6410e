/**
 * A checkout of this project as CI has it: the script that runs the command from a checkout, and the
 * vectors. The command that is built there runs the sources, so that no test depends on an old build.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { temporaryFolder } from './temporary-folder.js'

/** Its folder, which the test removes. */
export function makeCheckout(): string {
  const folder = temporaryFolder('checkout')
  for (const path of ['scripts/from-checkout.mjs', 'spec-vectors']) {
    cpSync(path, join(folder, path), { recursive: true })
  }
  mkdirSync(join(folder, 'dist', 'cli'), { recursive: true })
  const url = (path: string): string => JSON.stringify(pathToFileURL(resolve(path)).href)
  writeFileSync(
    join(folder, 'dist', 'cli', 'main.cjs'),
    [
      `void import(${url('node_modules/tsx/dist/esm/api/index.mjs')}).then(({ register }) => {`,
      `  register({ tsconfig: ${JSON.stringify(resolve('tsconfig/test.json'))} })`,
      `  return import(${url('src/cli/main.ts')})`,
      `})`,
    ].join('\n'),
  )
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  return folder
}
