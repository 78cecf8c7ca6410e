/** Runs one attack and says whether it ended as it must: refused, no byte kept, and no harm. */
import { isTufError } from 'tuffet'
import { RepositoryError } from 'tuffet/errors'
import type { Refusal } from 'tuffet/testing'
import { recover, type Attack } from './attacks.js'
import type { World } from './world.js'

export interface Outcome {
  readonly expected: Refusal
  /** The faults; empty when all is well. */
  readonly faults: readonly string[]
}

/** Afterwards the repository is honest again, as {@link recover} says. */
export async function attempt(attack: Attack, world: World, again: string): Promise<Outcome> {
  const early = await errorOf(async () => attack.before?.(world))
  const before = world.files()
  const expected = attack.begin(world)
  const error = await errorOf(() => attack.ask(world))
  const { role = 'timestamp' } = expected
  const faults = [
    ...(early ? [`before the attack: ${early.message}`] : []),
    ...judge(error, expected),
    ...written(before, world.files(), role),
  ]

  recover(attack, world, role, again)
  const late = await errorOf(async () => {
    const repository = await world.updater().refresh()
    if (!(await repository.find(world.path))) throw new Error(`${world.path} is not found`)
  })
  if (late) faults.push(`afterwards: ${late.message}`)
  return { expected, faults }
}

async function errorOf(work: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function judge(error: Error | undefined, { code, role, step }: Refusal): string[] {
  if (error === undefined) return ['it was not refused']
  if (!isTufError(error) || error.code !== code) return [`refused otherwise: ${error.message}`]
  if (!(error instanceof RepositoryError)) return []
  const elsewhere = error.step !== step || (role !== undefined && error.role !== role)
  return elsewhere ? [`refused elsewhere: ${error.message}`] : []
}

/** Files of the refused role that changed, and files that should not exist. */
function written(before: Map<string, string>, after: Map<string, string>, role: string): string[] {
  const names = [...after.keys()].filter((name) => after.get(name) !== before.get(name))
  return names
    .filter((name) => /\.(whl|part|tmp)$/.test(name) || isOf(role, name))
    .map((name) => `it was written: ${name}`)
}

function isOf(role: string, name: string): boolean {
  return name === `${role}.json` || (role === 'root' && name.startsWith('root_history/'))
}
