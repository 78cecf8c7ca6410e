/** Changes of the sources that no test can notice, each with the reason. A list for people: survivors.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place in a source, and the changes there. */
export interface KnownSurvivors {
  /** Below the project. */
  readonly file: string
  /** The line, without its indentation, in which each change begins. */
  readonly at: string
  /** As {@link changeOf} names them. */
  readonly changes: readonly string[]
  /** A sentence. */
  readonly reason: string
}

/** One change of one file. */
interface Change {
  readonly file: string
  readonly at: string
  readonly mutator: string
  readonly original: string
  readonly replacement: string
}

const project = fileURLToPath(new URL('../../../', import.meta.url))
const path = join(project, 'test/proof/mutation/survivors.json')

export function knownSurvivors(): readonly KnownSurvivors[] {
  const parse: (text: string) => readonly KnownSurvivors[] = JSON.parse
  return parse(readFileSync(path, 'utf8'))
}

/** `ConditionalExpression: a === b => true`, both sides in one line and not longer than a screen. */
export function changeOf({ mutator, original, replacement }: Omit<Change, 'file' | 'at'>): string {
  return `${mutator}: ${inOneLine(original).slice(0, 120)} => ${inOneLine(replacement).slice(0, 80)}`
}

export function reasonOf(change: Change, known: readonly KnownSurvivors[]): string | undefined {
  const text = changeOf(change)
  return known.find(
    ({ file, at, changes }) => file === change.file && at === change.at && changes.includes(text),
  )?.reason
}

/** The entries that fit the sources no more, and those without a sentence for a reason. */
export function staleSurvivors(
  known: readonly KnownSurvivors[],
  read: (file: string) => string = (file) => readFileSync(join(project, file), 'utf8'),
): string[] {
  return known.flatMap(({ file, at, changes, reason }) => {
    const lines = read(file).split('\n')
    const places = lines.flatMap((line, index) =>
      line.trim() === at ? [inOneLine(lines.slice(index).join('\n'))] : [],
    )
    const stale = changes.filter(
      (change) => !places.some((text) => beginsIn(at, text, originalOf(change))),
    )
    const wrong =
      /^[A-Z].{20,}\.$/.test(reason) && changes.length > 0 ? [] : [`${file}: ${at}: ${reason}`]
    return [...stale.map((change) => `${file}: ${at}: ${change}`), ...wrong]
  })
}

/** Whether the original stands in the text from a place in its first line on. */
function beginsIn(line: string, text: string, original: string): boolean {
  const place = original === '' ? -1 : text.indexOf(original)
  return place >= 0 && place < line.length
}

function originalOf(change: string): string {
  // A replaced function: the arrow in it is none between the two sides.
  const found =
    /^\w+: (.*) => \(\) => undefined$/.exec(change) ?? /^\w+: (.*) => [^]*$/.exec(change)
  return found?.[1] ?? ''
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** The section of docs/testing.md. */
export function survivorsSection(known: readonly KnownSurvivors[]): string {
  const rows = known.map(
    ({ file, at, changes, reason }) =>
      `| ${[`\`${file}\``, codeOf(at), String(changes.length), reason].join(' | ')} |`,
  )
  return ['| file | line | changes | reason |', '| --- | --- | ---: | --- |', ...rows].join('\n')
}

/** Markdown takes a bar for the end of a cell even in code. */
function codeOf(text: string): string {
  const escaped = text.replaceAll('|', '\\|')
  return text.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``
}
