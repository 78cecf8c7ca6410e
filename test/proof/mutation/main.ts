/**
 * `npm run test:mutation -- [--group NAME] [--file TEXT] [--tests TEXT] [--sample N] [--seed N] [--seconds N] [--each N]
 * [--fresh] [--write]`: changes the sources at one place after the other and asks the tests that reach the place.
 * Prints the changes that no test noticed. Verdicts are kept in node_modules/.cache. `--each`: milliseconds of
 * tests for one change. `--sample`: so many changes of a group, drawn by lot.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { groups, sourcesOf, testsOf } from './groups.js'
import { cache, fellTrees, plantTrees } from './tree.js'
import { look } from './look.js'
import { tryAll } from './try.js'
import { drawn } from './sample.js'
import { changeOf } from './survivors.js'
import { digestsOf, Verdicts, type Tally } from './verdicts.js'
import { record, recordedProofs } from '../record.js'
import { findings } from './findings.js'

type Counted = Tally & { readonly all: number }

const eachOfAWholeRun = '3000'

const { values } = parseArgs({
  options: {
    group: { type: 'string', multiple: true, default: Object.keys(groups) },
    file: { type: 'string', default: '' },
    tests: { type: 'string', default: '' },
    seconds: { type: 'string', default: '100000' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: eachOfAWholeRun },
    fresh: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

// A part of the files is no figure of a group.
if (values.write && values.file !== '') throw new RangeError('--write takes no --file')

const tallies = new Map<string, Counted>()
const began = performance.now()
const end = performance.now() + 1000 * Number(values.seconds)
for (const name of values.group) {
  const group = groups[name]
  if (!group)
    throw new RangeError(`${name} is not a group; there are ${Object.keys(groups).join(', ')}`)
  const started = performance.now()
  const mutants = await plantTrees(sourcesOf(group))
  const tests = testsOf(group).filter((path) => new RegExp(values.tests).test(path))
  const each = Number(values.each)
  const verdicts = new Verdicts(join(cache, `${name}.json`), {
    ...{ tests: digestsOf(tests), most: each, fresh: values.fresh },
  })
  const all = mutants.filter(({ file }) => new RegExp(values.file).test(file))
  const isWhole = verdicts.tally(all).tried === all.length
  const most = isWhole ? Infinity : Number(values.sample)
  const wanted = drawn(all, { most, seed: values.seed })
  for (const question of verdicts.questions(wanted)) {
    if (performance.now() > end) break
    console.log(
      `${name}: ${question.mutants.length} of ${wanted.length} mutants, ${question.tests.length} test files`,
    )
    const seen = await look(question.tests, each)
    const failed = seen.failed.map(({ id, why = 'slow' }) => `${id}: ${why.split('\n')[0]}`)
    console.log(
      `${seen.tests.size} tests in ${Math.round((performance.now() - started) / 1000)} s; not used:`,
      failed.slice(0, 100).join('\n  '),
    )
    await tryAll(question.mutants, seen, question.tests, verdicts, { end, most: each })
  }
  const tally = verdicts.tally(wanted)
  tallies.set(name, { ...tally, all: all.length })
  for (const { mutant, outcome, reason } of tally.survivors) {
    if (reason === undefined) {
      console.log(`${mutant.file}:${mutant.line} ${outcome} ${changeOf(mutant)}`)
    }
  }
  fellTrees()
}

const earlier = recordedProofs().find(({ proof }) => proof === 'mutation')?.figures ?? {}
const figures = Object.keys(groups).map((name) => {
  const tally = tallies.get(name)
  return [name, tally ? figureOf(tally) + optionsOf(tally) : (earlier[name] ?? 'not measured')]
})

await record({
  proof: 'mutation',
  about:
    'Each small change of the sources must be noticed by a test, or the list below says why no test can. A change that was not reached, or for which tests were left out for time, counts as survived. Kept verdicts count as long as the source is the same, so the seconds are those of the last run alone. Options in brackets are those of the group.',
  command: 'npm run test:mutation -- --group NAME',
  seed: values.seed,
  seconds: Math.round((performance.now() - began) / 1000),
  date: new Date().toISOString().slice(0, 10),
  figures: Object.fromEntries(figures),
  found: findings,
})

/** Those that another run needs for the same figures. */
function optionsOf({ all, mutants, tried }: Counted): string {
  const used = [
    ...(all > mutants ? [`--sample ${values.sample}`] : []),
    ...(values.tests === '' ? [] : [`--tests '${values.tests}'`]),
    ...(values.each === eachOfAWholeRun ? [] : [`--each ${values.each}`]),
    ...(tried < mutants ? [`--seconds ${values.seconds}`] : []),
  ]
  return used.length > 0 ? ` (${used.join(' ')})` : ''
}

function figureOf({ all, mutants, tried, killed, survivors }: Counted): string {
  const explained = survivors.filter(({ reason }) => reason !== undefined).length
  return [
    `${all > mutants ? `${mutants} of ${all}` : all} changes: ${killed} noticed`,
    ...(explained > 0 ? [`${explained} survive with a reason`] : []),
    ...(survivors.length > explained ? [`${survivors.length - explained} survive`] : []),
    ...(tried < mutants ? [`${mutants - tried} not tried`] : []),
  ].join(' + ')
}
