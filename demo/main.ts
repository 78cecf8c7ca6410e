/**
 * `npm run demo`: a wheel is verified against a repository of PyPI's shape, and then the repository
 * is attacked; then a real pip installs, if there is one. Ends with status 0 when everything came
 * out as it must.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeEd25519Signer } from 'tuffet/testing/node'
import { attacks } from './attacks.js'
import { attempt } from './attempt.js'
import { chainOfTrust } from './chain.js'
import { pipInstall } from './pip.js'
import { crossedDelegations } from './crossed-delegations.js'
import { pypiShaped, wheel, wheelPath } from './repositories.js'
import { columns, count, duration, heading, paint, print } from './terminal.js'
import { Verdicts } from './verdicts.js'
import { bytesOnWire, watchWire } from './wire.js'
import { World } from './world.js'

const verdicts = new Verdicts()
const folder = mkdtempSync(join(tmpdir(), 'tuffet-demo-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

watchWire()
const pypi = await World.start(pypiShaped(16_384), wheelPath, folder)
const smaller = await World.start(pypiShaped(1_024), wheelPath, folder)
const crossing = crossedDelegations(wheel, { makeSigner: nodeEd25519Signer })
const crossed = await World.start(crossing, 'alice/tool.whl', folder)
try {
  await newUser(pypi)
  await nextProcess(pypi)
  await underAttack()
  heading('A real pip, with nothing but a verifying proxy to ask')
  await pipInstall(folder, verdicts)
} finally {
  await Promise.all([pypi, smaller, crossed].map(({ served }) => served.close()))
}
print(`\n${paint('bold', verdicts.summary)}`)
process.exitCode = verdicts.allGood ? 0 : 1

async function newUser(world: World): Promise<void> {
  heading("A new user, and a repository of PyPI's shape: 16,384 hash bins (PEP 458)")
  const cost = startCost(world)
  const repository = await world.updater().refresh()
  const file = await world.download(repository)
  const spent = cost()
  print(`  ${paint('dim', wheelPath)}\n`)
  const explanation = await repository.explain(wheelPath)
  for (const line of chainOfTrust(explanation)) print(`  ${line}`)
  print()
  const roles = explanation.chain.map(({ role }) => role).join(' → ')
  const wanted = /^root → timestamp → snapshot → targets → bins → [0-9a-f]{4}-[0-9a-f]{4}$/
  verdicts.add('believed link by link', wanted.test(roles) ? [] : [roles])
  const right = wheel.equals(readFileSync(file))
  verdicts.add(`downloaded and verified: ${spent}`, right ? [] : ['these are other bytes'])
}

async function nextProcess(world: World): Promise<void> {
  heading('The next process, with the same folder')
  const { requests } = world.served
  const cost = startCost(world)
  const repository = await world.updater().refresh()
  const names = requests.map(({ url }) => url.slice(url.lastIndexOf('/') + 1)).join(', ')
  verdicts.add(`nothing changed: ${cost()} (${names})`, same(requests.length, 2))
  const target = await repository.find(wheelPath)
  const faults = [...same(requests.length, 2), ...same(target?.length, wheel.length)]
  verdicts.add('the same wheel again: its bin is stored, no further request', faults)
}

async function underAttack(): Promise<void> {
  heading(
    'Under attack, with 1,024 bins: each is refused, leaves nothing behind, does no lasting harm',
  )
  const explanation = await (await smaller.updater().refresh()).explain(wheelPath)
  const bin = explanation.chain.at(-1)?.role ?? ''
  await crossed.updater().refresh()
  for (const attack of attacks(bin)) {
    const [world, again] = attack.crossed ? [crossed, 'root'] : [smaller, bin]
    const { expected, faults } = await attempt(attack, world, again)
    const { code = '', step } = expected
    verdicts.add(columns([attack.title, 59], [code, 26], [step]), faults)
  }
}

/** Starts to count; the function returns the count up to its call. */
function startCost({ served }: World): () => string {
  served.requests.length = 0
  const [bytes, time] = [bytesOnWire(), performance.now()]
  return () => {
    const took = duration(performance.now() - time)
    const sent = count(bytesOnWire() - bytes, 'byte')
    return `${count(served.requests.length, 'request')}, ${sent} on the wire, ${took}`
  }
}

function same(actual: unknown, expected: unknown): string[] {
  return actual === expected ? [] : [`${String(actual)} instead of ${String(expected)}`]
}
