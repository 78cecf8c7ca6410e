/**
 * Writes docs/spec-map.md: each step of section 5, the functions that do it, and the tests whose
 * titles name it. The steps are in spec-steps.json; `test/spec-map.test.ts` holds the three together.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { requirementLines } from './spec-requirements.js'

/**
 * A heading (`title`), or a step: a sentence (`says`), and the `code` that does it, as
 * `file#function` or `file#Class.method`.
 */
type Row = { step: string; title: string } | { step: string; says: string; code: string[] }
/** Step → the tests that name it. */
type Titles = Map<string, { path: string; title: string }[]>
/** Step → family of vectors → how many. */
type Counts = Map<string, Map<string, number>>

const root = fileURLToPath(new URL('../', import.meta.url))
const target = 'docs/spec-map.md'

export function steps(): readonly Row[] {
  return parse(readFileSync(`${root}scripts/spec-steps.json`, 'utf8')) as Row[]
}

/** The document. */
export function specMap(tests: Titles, vectors: Counts): string {
  const lines = [
    '# The specification, step by step',
    '',
    'Each step of section 5 of [TUF 1.0.34](https://theupdateframework.github.io/specification/v1.0.34/)',
    'in one sentence, the code that does it, the vectors that bear on it, and the tests whose title names',
    'it. Differences on purpose are in [compatibility.md](compatibility.md). This page is generated:',
    '`npx tsx scripts/spec-map.ts`.',
  ]
  for (const row of steps()) {
    lines.push('')
    if ('title' in row) {
      const depth = row.step.split('.').length
      lines.push(`${'#'.repeat(depth)} ${row.step} ${row.title}`)
      continue
    }
    lines.push(`**${row.step}** ${row.says}`, '')
    lines.push(`- Code: ${row.code.map(codeLink).join(', ')}`)
    const families = [...(vectors.get(row.step) ?? [])].map(
      ([family, count]) => `${count} in [${family}](../spec-vectors/${family}.json)`,
    )
    if (families.length > 0) lines.push(`- Vectors: ${families.join(', ')}`)
    lines.push(...listed(row.step, tests.get(row.step) ?? []))
  }
  lines.push(...requirementLines())
  return `${lines.join('\n')}\n`
}

/**
 * The faults of the map: missing code, steps that no test names, tests that name an unknown step. A
 * test of a sub-step is one of the step too.
 */
export function faults(tests: Titles): string[] {
  const rows = steps()
  const named = [...tests.keys()]
  const wrong = []
  for (const row of rows) {
    if ('title' in row) continue
    wrong.push(
      ...row.code.filter((code) => !isDeclared(code)).map((code) => `${row.step}: no ${code}`),
    )
    const proved = named.some((step) => step === row.step || step.startsWith(`${row.step}.`))
    if (!proved) wrong.push(`${row.step}: no test has it in its title`)
  }
  const known = new Set(rows.map(({ step }) => step))
  for (const [step, titles] of tests) {
    if (!known.has(step))
      wrong.push(`there is no step ${step}: ${titles.map(({ title }) => title).join(', ')}`)
  }
  return wrong
}

/** The steps in the titles of all tests. */
export function titlesByStep(): Titles {
  const found: Titles = new Map()
  const names = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  for (const name of names.map((path) => path.replaceAll('\\', '/')).sort()) {
    if (!name.endsWith('.test.ts')) continue
    const path = `test/${name}`
    for (const title of titlesOf(path, readFileSync(root + path, 'utf8'))) {
      const named = title.match(/(?<![\d.])5\.[1-7](?:\.\d+)*(?!\.?\d)/g) ?? []
      for (const step of new Set(named)) {
        found.set(step, [...(found.get(step) ?? []), { path, title }])
      }
    }
  }
  return found
}

/** How many vectors of each family bear on a step: their requirements begin with it. */
export function vectorsByStep(): Counts {
  const counts: Counts = new Map()
  const folder = `${root}spec-vectors`
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  for (const name of names.filter((file) => file.endsWith('.json'))) {
    const { family, vectors = [] } = parse(readFileSync(`${folder}/${name}`, 'utf8')) as {
      family?: string
      vectors?: { requirements: string[] }[]
    }
    if (family === undefined) continue
    for (const { requirements } of vectors) {
      const named = requirements.map((id) => /^5(?:\.\d+)+/.exec(id)?.[0])
      for (const step of new Set(named.filter((one) => one !== undefined))) {
        const families = counts.get(step) ?? new Map<string, number>()
        counts.set(step, families.set(family, (families.get(family) ?? 0) + 1))
      }
    }
  }
  return counts
}

/** The titles of the tests in a file, each after the titles of its groups. */
export function titlesOf(path: string, text: string): string[] {
  const titles: string[] = []
  function visit(node: ts.Node, groups: string) {
    const call = ts.isCallExpression(node) ? titledCall(node) : undefined
    if (call?.kind === 'test') titles.push(groups + call.title)
    const inner = call?.kind === 'describe' ? `${groups}${call.title} › ` : groups
    ts.forEachChild(node, (child) => visit(child, inner))
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest), '')
  return titles
}

/** `test('…', …)`, `describe('…', …)` and their `.each([…])('…', …)`. */
function titledCall(
  call: ts.CallExpression,
): { kind: 'test' | 'describe'; title: string } | undefined {
  const [title] = call.arguments
  if (title === undefined || !ts.isStringLiteralLike(title)) return undefined
  let callee: ts.Expression = call.expression
  while (!ts.isIdentifier(callee)) {
    if (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
      callee = callee.expression
    } else if (ts.isTaggedTemplateExpression(callee)) {
      callee = callee.tag
    } else {
      return undefined
    }
  }
  const kind = callee.text === 'it' ? 'test' : callee.text
  return kind === 'test' || kind === 'describe' ? { kind, title: title.text } : undefined
}

/** Whether `file#function` or `file#Class.method` is declared. */
export function isDeclared(code: string): boolean {
  const [path, name] = split(code)
  if (!existsSync(root + path)) return false
  const file = ts.createSourceFile(path, readFileSync(root + path, 'utf8'), ts.ScriptTarget.Latest)
  return file.statements.some((statement) => {
    if (ts.isFunctionDeclaration(statement)) return statement.name?.text === name
    if (!ts.isClassDeclaration(statement)) return false
    const [owner, method] = name.split('.')
    const members = statement.members.filter((member) => ts.isMethodDeclaration(member))
    return statement.name?.text === owner && members.some(({ name }) => nameOf(name) === method)
  })
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? name.text : ''
}

function codeLink(code: string): string {
  const [path, name] = split(code)
  return `[\`${name}\`](../${path})`
}

/** At the first `#`: the name of a private method contains one. */
function split(code: string): [path: string, name: string] {
  const at = code.indexOf('#')
  return [code.slice(0, at), code.slice(at + 1)]
}

/** Below each file, the titles; a group about the step alone is left out. */
function listed(step: string, tests: readonly { path: string; title: string }[]): string[] {
  return [...new Set(tests.map(({ path }) => path))].flatMap((path) => [
    `- Tests in [${path.slice('test/'.length)}](../${path}):`,
    ...tests
      .filter((one) => one.path === path)
      .map(({ title }) => (title.startsWith(`${step}: `) ? title.slice(step.length + 2) : title))
      .map((title) => `  - ${escaped(title)}`),
  ])
}

/** So that a title is shown as it is. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&').replaceAll('\n', ' ')
}

function parse(text: string): unknown {
  return JSON.parse(text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tests = titlesByStep()
  writeFileSync(root + target, specMap(tests, vectorsByStep()))
  for (const fault of faults(tests)) console.error(fault)
}
