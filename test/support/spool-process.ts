/**
 * A process that spools a file and is killed on the way: `downloading` says so on standard output
 * and waits for it; `naming` kills itself when the temporary file is made and still bears its name.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { Spool } from '../../src/pypi/proxy/spool.js'

const [, , folder = '', when = ''] = process.argv
if (when === 'naming') {
  fs.promises.unlink = () => {
    process.kill(process.pid, 'SIGKILL')
    return setTimeout(60_000)
  }
  syncBuiltinESMExports()
}
const spool = new Spool({ folder })
const source = {
  key: 'x',
  filename: 'x',
  length: 4_000_000,
  async *download() {
    for (let piece = 0; piece < 3; piece++) yield Buffer.alloc(1_000_000, 'x')
    process.stdout.write('downloading\n')
    await setTimeout(60_000)
  },
}
await spool.use(source, () => Promise.resolve())
