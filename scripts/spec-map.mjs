/**
 * Writes docs/spec-map.md: each step of section 5, the functions that do it, and the tests whose
 * titles name it. The steps are in spec-steps.json; `test/spec-map.test.ts` holds the three together.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { requirementLines } from './spec-requirements.mjs'

/**
 * A heading (`title`), or a step: a sentence (`says`), and the `code` that does it, as
 * `file#function` or `file#Class.method`.
 * @typedef {{ step: string, title: string } | { step: string, says: string, code: string[] }} Row
 */
/** @typedef {Map<string, { path: string, title: string }[]>} Titles Step → the tests that name it. */
/** @typedef {Map<string, Map<string, number>>} Counts Step → family of vectors → how many. */

const root = fileURLToPath(new URL('../', import.meta.url))
const target = 'docs/spec-map.md'

/** @returns {readonly Row[]} */
export function steps() {
  return /** @type {Row[]} */ (parse(readFileSync(`${root}scripts/spec-steps.json`, 'utf8')))
}

/**
 * The document.
 * @param {Titles} tests
 * @param {Counts} vectors
 * @returns {string}
 */
export function specMap(tests, vectors) {
  const lines = [
    '# The specification, step by step',
    '',
    'Each step of section 5 of [TUF 1.0.34](https://theupdateframework.github.io/specification/v1.0.34/)',
    'in one sentence, the code that does it, the vectors that bear on it, and the tests whose title names',
    'it. Differences on purpose are in [compatibility.md](compatibility.md). This page is generated:',
    '`node scripts/spec-map.mjs`.',
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
 * @param {Titles} tests
 * @returns {string[]}
 */
export function faults(tests) {
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

/**
 * The steps in the titles of all tests.
 * @returns {Titles}
 */
export function titlesByStep() {
  /** @type {Titles} */
  const found = new Map()
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

/**
 * How many vectors of each family bear on a step: their requirements begin with it.
 * @returns {Counts}
 */
export function vectorsByStep() {
  /** @type {Counts} */
  const counts = new Map()
  const folder = `${root}spec-vectors`
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  for (const name of names.filter((file) => file.endsWith('.json'))) {
    const { family, vectors = [] } =
      /** @type {{ family?: string, vectors?: { requirements: string[] }[] }} */ (
        parse(readFileSync(`${folder}/${name}`, 'utf8'))
      )
    if (family === undefined) continue
    for (const { requirements } of vectors) {
      const named = requirements.map((id) => /^5(?:\.\d+)+/.exec(id)?.[0])
      for (const step of new Set(named.filter((one) => one !== undefined))) {
        /** @type {Map<string, number>} */
        const families = counts.get(step) ?? new Map()
        counts.set(step, families.set(family, (families.get(family) ?? 0) + 1))
      }
    }
  }
  return counts
}

/**
 * The titles of the tests in a file, each after the titles of its groups.
 * @param {string} path
 * @param {string} text
 * @returns {string[]}
 */
export function titlesOf(path, text) {
  /** @type {string[]} */
  const titles = []
  /**
   * @param {ts.Node} node
   * @param {string} groups
   */
  function visit(node, groups) {
    const call = ts.isCallExpression(node) ? titledCall(node) : undefined
    if (call?.kind === 'test') titles.push(groups + call.title)
    const inner = call?.kind === 'describe' ? `${groups}${call.title} › ` : groups
    ts.forEachChild(node, (child) => visit(child, inner))
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest), '')
  return titles
}

/**
 * `test('…', …)`, `describe('…', …)` and their `.each([…])('…', …)`.
 * @param {ts.CallExpression} call
 * @returns {{ kind: 'test' | 'describe', title: string } | undefined}
 */
function titledCall(call) {
  const [title] = call.arguments
  if (title === undefined || !ts.isStringLiteralLike(title)) return undefined
  /** @type {ts.Expression} */
  let callee = call.expression
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

/**
 * Whether `file#function` or `file#Class.method` is declared.
 * @param {string} code
 * @returns {boolean}
 */
export function isDeclared(code) {
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

/**
 * @param {ts.PropertyName} name
 * @returns {string}
 */
function nameOf(name) {
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? name.text : ''
}

/**
 * @param {string} code
 * @returns {string}
 */
function codeLink(code) {
  const [path, name] = split(code)
  return `[\`${name}\`](../${path})`
}

/**
 * At the first `#`: the name of a private method contains one.
 * @param {string} code
 * @returns {[path: string, name: string]}
 */
function split(code) {
  const at = code.indexOf('#')
  return [code.slice(0, at), code.slice(at + 1)]
}

/**
 * Below each file, the titles; a group about the step alone is left out.
 * @param {string} step
 * @param {readonly { path: string, title: string }[]} tests
 * @returns {string[]}
 */
function listed(step, tests) {
  return [...new Set(tests.map(({ path }) => path))].flatMap((path) => [
    `- Tests in [${path.slice('test/'.length)}](../${path}):`,
    ...tests
      .filter((one) => one.path === path)
      .map(({ title }) => (title.startsWith(`${step}: `) ? title.slice(step.length + 2) : title))
      .map((title) => `  - ${escaped(title)}`),
  ])
}

/**
 * So that a title is shown as it is.
 * @param {string} text
 * @returns {string}
 */
function escaped(text) {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&').replaceAll('\n', ' ')
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  return JSON.parse(text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tests = titlesByStep()
  writeFileSync(root + target, specMap(tests, vectorsByStep()))
  for (const fault of faults(tests)) console.error(fault)
}
