import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { world } from '../../examples/runner/world.js'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'
import { runProgram } from '../support/composite-action.js'
import { documentBlocks, limitRows } from '../support/migrating.js'
import { pythonWithTuf } from './peers.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const python = pythonWithTuf()
const go = spawnSync('go', ['version'], { encoding: 'utf8' }).status === 0
if ('reason' in python) console.warn(`python-tuf is skipped: ${python.reason}`)
if (!go) console.warn('go-tuf is skipped: there is no go')

let folder: string
let served: ServedRepository

beforeEach(async () => {
  const repo = world()
  served = await serve(repo)
  folder = temporaryFolder('migrating')
  mkdirSync(join(folder, 'tuf'))
  writeFileSync(join(folder, 'root.json'), repo.root(1))
})

afterEach(async () => {
  await served.close()
})

function here(text: string): string {
  return text.replaceAll('https://tuf.example.com', new URL(served.metadataUrl).origin)
}

describe('the guide to migrating', () => {
  test('has a program for python-tuf that downloads the target, and refuses a second refresh', async () => {
    if ('reason' in python) return
    const [program = ''] = documentBlocks('python')
    const defaults = limitRows().map(({ there, defaultThere }) => `${there}=${defaultThere}`)
    writeFileSync(
      join(folder, 'program.py'),
      `${here(program)}
from tuf.ngclient import UpdaterConfig
assert UpdaterConfig() == UpdaterConfig(${defaults.join(', ')})
try:
    updater.refresh()
    print("refreshed again")
except RuntimeError:
    print("refused")
`,
    )
    const ended = await runProgram(python.path, ['program.py'], { cwd: folder })
    expect(ended).toEqual({ status: 0, stdout: 'refused\n', stderr: '' })
    expect(readFileSync(join(folder, 'a.whl'), 'utf8')).toBe('a wheel')
  })

  test('has a program for go-tuf that downloads the target, and refuses a second refresh', async () => {
    if (!go) return
    const [program = ''] = documentBlocks('go')
    const packages = ['config', 'updater'].map(
      (name) => `"github.com/theupdateframework/go-tuf/v2/metadata/${name}"`,
    )
    const module = join(folder, 'module')
    mkdirSync(module)
    for (const name of ['go.mod', 'go.sum'])
      cpSync(resolve('test/interop/go-tuf', name), join(module, name))
    writeFileSync(
      join(module, 'main.go'),
      `package main
import (
	"fmt"
	"os"
	${packages.join('\n\t')}
)
func main() {
${here(program)}
	fmt.Println(cfg.MaxRootRotations, cfg.MaxDelegations, cfg.RootMaxLength, cfg.TimestampMaxLength, cfg.SnapshotMaxLength, cfg.TargetsMaxLength)
	if err := up.Refresh(); err != nil { fmt.Println("refused") }
}
`,
    )
    const built = await runProgram('go', ['build', '-mod=mod', '-o', 'program', '.'], {
      cwd: module,
    })
    expect([built.status, built.stderr]).toEqual([0, expect.anything()])
    const { stdout } = await runProgram(join(module, 'program'), [], { cwd: folder })
    const defaults = limitRows().map(({ defaultThere }) => defaultThere)
    expect(stdout).toBe(`${defaults.join(' ')}\nrefused\n`)
    expect(readFileSync(join(folder, 'a.whl'), 'utf8')).toBe('a wheel')
  })
})
