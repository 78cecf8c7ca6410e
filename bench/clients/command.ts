/** Runs a command line several times; the measured section is the CPU of its processes. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeSync } from 'node:fs'
import type { CommandTask } from '../task.js'
import type { Usage } from '../usage.js'

const task: CommandTask = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const [program = '', ...args] = task.command
// Certificates of one's own would make each start of Node read them.
const { SSL_CERT_FILE: _, NODE_EXTRA_CA_CERTS: __, ...env } = process.env
const before = childrenCpu()
const start = performance.now()
for (let i = 0; i < task.times; i++) {
  const { status, stderr } = spawnSync(program, args, { cwd: task.folder, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${task.command.join(' ')}: status ${status}: ${stderr}`)
}
const wall = performance.now() - start
const cpu = childrenCpu() - before
const usage: Usage = { cpu, peak: 0, section: { cpu, wall, calls: task.times } }
writeSync(1, `${JSON.stringify(usage)}\n`)

/** Milliseconds of all children that ended; on Linux alone, in steps of 10. */
function childrenCpu(): number {
  const text = readFileSync('/proc/self/stat', 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[13]) + Number(fields[14]))
}
