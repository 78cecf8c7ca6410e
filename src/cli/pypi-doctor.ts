/** `tuffet pypi doctor PROJECT` */
import { diagnose, type DiagnosisStep } from '../pypi/diagnose.js'
import { tryNormalizeName } from '../pypi/names/names.js'
import { listProjects } from '../pypi/proxy/project-list.js'
import type { Command } from './command.js'
import { layoutOf } from './layout-settings.js'
import { NotVerifiedError } from './not-verified-error.js'
import { attestationOptions } from './option-groups.js'
import { pypiOptions } from './pypi-session.js'
import { openSession } from './session.js'
import { requireSetting } from './settings.js'
import { UsageError } from './usage-error.js'

export const pypiDoctor: Command = {
  parameters: '[PROJECT]',
  words: { least: 0, most: 1 },
  options: pypiOptions.filter((name) => name !== 'offline' && !attestationOptions.includes(name)),
  about: [
    'Tries the layout on one project: its page as a target, the page itself, one of its files as a',
    'target, the file itself. Prints the path or URL of each step. Where a step fails, it tries other',
    'paths and names that are common among indexes, and names the setting for one that works.',
    'Without PROJECT: the first that the repository lists. Status 1 when a step fails.',
  ],
  examples: ['tuffet pypi doctor requests'],
  async run(call) {
    const { io, words } = call
    const session = await openSession(call)
    const layout = layoutOf(session.settings.layout, call.options)
    requireSetting(session.settings, 'targetsUrl')
    const [given] = words
    if (given !== undefined && tryNormalizeName(given) === undefined) {
      throw new UsageError(`${JSON.stringify(given)} is not the name of a project`)
    }
    const { project, steps } = await session.ask(async (repository) => {
      const listed = given === undefined ? listProjects(repository, layout) : [given]
      const [name] = listed ?? []
      if (name === undefined) throw new UsageError('give PROJECT: the repository does not list any')
      const all: DiagnosisStep[] = []
      const context = { repository, layout, project: name, signal: io.signal }
      for await (const step of diagnose(context)) all.push(step)
      return { project: name, steps: all }
    })
    const wrong = steps.find(({ ok }) => !ok)
    return {
      lines: steps.flatMap(stepLines),
      json: { project, steps },
      ...(wrong && {
        error: new NotVerifiedError(`${wrong.step}: ${wrong.subject}: ${wrong.reason}`),
      }),
    }
  },
}

function stepLines({ step, ok, subject, reason, setting }: DiagnosisStep): string[] {
  const line = `${ok ? 'ok' : 'failed'}  ${step}: ${subject}: ${reason}`
  if (!setting) return [line]
  const { name, value } = setting
  const [group, field] = name.split('.')
  const json = field === undefined ? { [name]: value } : { [group ?? '']: { [field]: value } }
  return [line, `  this works: ${JSON.stringify(json).slice(1, -1)} in tuffet.json`]
}
